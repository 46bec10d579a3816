// What the sample leaves open and only a person knows: one button for each answer.
import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import type { ColumnMapping } from '../../../core/mapping.ts'
import type { MappingState, Question } from './mappingState.ts'

export function Questions({ state }: { readonly state: MappingState }) {
  return state.questions.map((question) => (
    <Alert
      key={`${question.about} ${question.column}`}
      color="orange"
      icon={<IconHelpCircle aria-hidden />}
      title={question.question}
    >
      <Stack gap="sm">
        {question.examples.length > 0 && (
          <Text size="sm" className="code">
            {question.examples.slice(0, 4).join(' · ')}
          </Text>
        )}
        <Answers question={question} state={state} />
      </Stack>
    </Alert>
  ))
}

const orders = {
  dmy: 'Day first: 31/12/2025',
  mdy: 'Month first: 12/31/2025',
  ymd: 'Year first: 2025/12/31',
} as const
const decimals = { '.': 'A point: 1,234.50', ',': 'A comma: 1.234,50' } as const

interface AnswersProps {
  readonly question: Question
  readonly state: MappingState
}

function Answers({ question, state }: AnswersProps) {
  const { mapping, change, say } = state
  if (question.about === 'identifier')
    return (
      <Select
        aria-label="The column that says who somebody is"
        placeholder="Choose a column"
        maw={320}
        searchable
        data={state.columns}
        onChange={(column) => column !== null && say({ map: [`${column}=@customer_id`] })}
      />
    )
  const column = mapping.columns.find((one) => one.column === question.column)
  if (column === undefined) return null
  return (
    <Group gap="xs">
      {answersTo(question).map(([label, format]) => (
        <Button
          key={label}
          size="xs"
          variant="default"
          onClick={() => change(column.column, { ...column, format: { ...column.format, ...format } })}
        >
          {label}
        </Button>
      ))}
    </Group>
  )
}

function answersTo({ about, flags }: Question): [string, ColumnMapping['format']][] {
  if (about === 'decimal') return (['.', ','] as const).map((decimal) => [decimals[decimal], { decimal }])
  const said = flags.map((flag) => /=([a-z]+)'?$/.exec(flag)?.[1] ?? '')
  return (['dmy', 'mdy', 'ymd'] as const)
    .filter((order) => said.includes(order))
    .map((dateOrder) => [orders[dateOrder], { dateOrder }])
}
