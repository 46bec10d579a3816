// What a file leaves open and only a person knows: one button for each answer.
import { Alert, Button, Group, Select, Stack } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import type { Inspection } from '../../../client/index.ts'
import type { ColumnMapping } from '../../../core/mapping.ts'
import type { MappingFlags } from '../../../core/mappingFlags.ts'
import { targetText } from '../../../core/mappingText.ts'
import { Examples } from './examples.tsx'

export type Question = Inspection['ambiguities'][number]

interface QuestionsProps {
  /** Those that are open. */
  readonly questions: readonly Question[]
  readonly columns: readonly ColumnMapping[]
  /** Another mapping of a column, in place of the one it has. */
  readonly change: (mapping: ColumnMapping) => void
  /** As flags of the command line say it. */
  readonly say: (flags: MappingFlags) => void
}

export function Questions({ questions, columns, change, say }: QuestionsProps) {
  return questions.map((question) => (
    <Alert
      key={`${question.about} ${question.column}`}
      color="orange"
      variant="light"
      icon={<IconHelpCircle aria-hidden />}
      title={question.question}
    >
      <Stack gap="sm">
        <Examples values={question.examples} />
        {question.about === 'identifier' ? (
          <WhichColumn columns={columns} say={say} />
        ) : (
          <Answers question={question} columns={columns} change={change} />
        )}
      </Stack>
    </Alert>
  ))
}

interface AnswersProps extends Pick<QuestionsProps, 'columns' | 'change'> {
  readonly question: Question
}

function Answers({ question, columns, change }: AnswersProps) {
  const column = columns.find((one) => one.column === question.column)
  if (column === undefined) return null
  return (
    <Group gap="xs">
      {answersTo(question, column).map(([label, mapping]) => (
        <Button key={label} size="xs" variant="default" onClick={() => change(mapping)}>
          {label}
        </Button>
      ))}
    </Group>
  )
}

const orders = {
  dmy: 'Day first: 31/12/2025',
  mdy: 'Month first: 12/31/2025',
  ymd: 'Year first: 2025/12/31',
} as const
const decimals = { '.': 'A point: 1,234.50', ',': 'A comma: 1.234,50' } as const

/** The text on each button, with what the column becomes by it. */
function answersTo(
  { about, flags, choices = [] }: Question,
  column: ColumnMapping,
): (readonly [string, ColumnMapping])[] {
  if (about === 'remembered')
    return (choices as ColumnMapping[]).map((mapping) => [targetText(mapping), mapping])
  const written = (format: ColumnMapping['format']): ColumnMapping => ({
    ...column,
    format: { ...column.format, ...format },
  })
  if (about === 'decimal')
    return (['.', ','] as const).map((decimal) => [decimals[decimal], written({ decimal })])
  const said = flags.map((flag) => /=([a-z]+)'?$/.exec(flag)?.[1] ?? '')
  return (['dmy', 'mdy', 'ymd'] as const)
    .filter((order) => said.includes(order))
    .map((dateOrder) => [orders[dateOrder], written({ dateOrder })])
}

function WhichColumn({ columns, say }: Pick<QuestionsProps, 'columns' | 'say'>) {
  return (
    <Select
      aria-label="The column that says who somebody is"
      placeholder="Choose a column"
      maw={320}
      searchable
      data={columns.map(({ column }) => column)}
      onChange={(column) => column !== null && say({ map: [`${column}=@customer_id`] })}
    />
  )
}
