// What the file leaves open and only a person knows: one choice each.
import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { targetText } from '../../../core/mappingText.ts'
import type { PreviewState, Question } from './usePreview.ts'

export function Questions({ state }: { readonly state: PreviewState }) {
  const { questions } = state
  return questions.map((question) => (
    <Alert
      key={`${question.about} ${question.column}`}
      color="orange"
      variant="light"
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

interface AnswersProps {
  readonly question: Question
  readonly state: PreviewState
}

function Answers({ question, state }: AnswersProps) {
  if (question.about === 'identifier') return <WhichColumn state={state} />
  const column = state.columns.find((one) => one.column === question.column)
  if (column === undefined) return null
  return (
    <Group gap="xs">
      {answersTo(question, column).map(({ label, mapping }) => (
        <Button key={label} size="xs" variant="default" onClick={() => state.change(mapping)}>
          {label}
        </Button>
      ))}
    </Group>
  )
}

interface Answer {
  readonly label: string
  readonly mapping: ColumnMapping
}

const orders = {
  dmy: 'Day first: 31/12/2025',
  mdy: 'Month first: 12/31/2025',
  ymd: 'Year first: 2025/12/31',
} as const
const decimals = { '.': 'A point: 1,234.50', ',': 'A comma: 1.234,50' } as const

function answersTo({ about, flags, choices = [] }: Question, column: ColumnMapping): Answer[] {
  if (about === 'remembered')
    return (choices as ColumnMapping[]).map((mapping) => ({ label: targetText(mapping), mapping }))
  const said = flags.map((flag) => /=([a-z]+|[.,])'?$/.exec(flag)?.[1] ?? '')
  if (about === 'decimal')
    return (['.', ','] as const).map((decimal) => ({
      label: decimals[decimal],
      mapping: { ...column, format: { ...column.format, decimal } },
    }))
  return (['dmy', 'mdy', 'ymd'] as const)
    .filter((order) => said.includes(order))
    .map((dateOrder) => ({
      label: orders[dateOrder],
      mapping: { ...column, format: { ...column.format, dateOrder } },
    }))
}

function WhichColumn({ state }: { readonly state: PreviewState }) {
  return (
    <Select
      aria-label="The column that says who somebody is"
      placeholder="Choose a column"
      maw={320}
      data={state.columns.map(({ column }) => column)}
      onChange={(column) => column !== null && state.retarget(column, '@customer_id')}
    />
  )
}
