// What was said about a record while it came in (AL-18), worked out again from what landed, and while it was delivered (AL-19).
import { Badge, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRunRecordExplanationOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { DecisionView, RecordDetailView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useNamespace } from '../../lib/place.ts'
import { valueText } from '../../lib/values.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge, toneColours } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { spoken } from './filters.ts'

interface MessagesProps {
  readonly detail: RecordDetailView
}

type Message = RecordDetailView['importMessages'][number]

const stages = [
  { stage: 'read', label: 'Read', quiet: 'It was read without a problem.' },
  { stage: 'map', label: 'Map', quiet: 'Every cell was taken as it stands.' },
  { stage: 'check', label: 'Check', quiet: 'It passed every check.' },
  { stage: 'plan', label: 'Match and write', quiet: 'Nothing was remarkable.' },
] as const

/** Which stages it got to: what failed at one never came to the next. */
function reached(messages: readonly Message[]): number {
  const failed = stages.findIndex(({ stage }) =>
    messages.some((one) => one.stage === stage && one.level === 'error'),
  )
  return failed === -1 ? stages.length : failed + 1
}

export function ImportMessages({ detail: { overview, importMessages, data } }: MessagesProps) {
  if (data === null)
    return <Text c="dimmed">What was landed is not kept any more, so this cannot be worked out again.</Text>
  return (
    <Stack>
      <Text c="dimmed" maw={760}>
        Worked out again from what landed, with the version of the job its run had.
      </Text>
      {stages.slice(0, reached(importMessages)).map(({ stage, label, quiet }) => (
        <Paper key={stage} withBorder p="md">
          <Title order={2} mb={6}>
            {label}
          </Title>
          {stage === 'plan' ? (
            <Decided id={overview.id} messages={importMessages} />
          ) : (
            <Said messages={importMessages.filter((one) => one.stage === stage)} quiet={quiet} />
          )}
        </Paper>
      ))}
    </Stack>
  )
}

const levels = { info: 'gray', warn: 'orange', error: 'red' } as const
const levelWords = { info: 'note', warn: 'warning', error: 'error' } as const

function Said({ messages, quiet }: { readonly messages: readonly Message[]; readonly quiet: string }) {
  if (messages.length === 0) return <Text c="dimmed">{quiet}</Text>
  return (
    <Stack gap={6} component="ul" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {messages.map(({ level, column, code, message, advice }) => (
        <Group key={`${column} ${message}`} component="li" gap="xs" wrap="nowrap" align="flex-start">
          <Badge color={levels[level]} variant="light" tt="none" miw={72} style={{ flex: 'none' }}>
            {levelWords[level]}
          </Badge>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {column !== null && <b>{column}: </b>}
              {message}
            </Text>
            {advice !== null && (
              <Text size="sm" c="dimmed">
                {code === null ? advice : adviceHere({ code, advice })}{' '}
                {code !== null && <span className="code">{code}</span>}
              </Text>
            )}
          </div>
        </Group>
      ))}
    </Stack>
  )
}

const verdicts: Readonly<Record<DecisionView['values'][number]['verdict'], string>> = {
  written: 'written',
  same: 'was there already',
  lost: 'a later value stays',
  kept: 'only fills empty values',
  blank: 'says nothing',
}

interface DecidedProps {
  readonly id: string
  readonly messages: readonly Message[]
}

/** Why this profile, and what each value did. */
function Decided({ id, messages }: DecidedProps) {
  const namespace = useNamespace()
  const [run = '', record = ''] = id.split('/')
  const explained = useQuery({
    ...getRunRecordExplanationOptions({ path: { namespace, run, record: Number(record) } }),
    staleTime: 30_000,
  })
  const said = messages.filter(({ stage }) => stage === 'plan')
  if (explained.isPending) return <Skeleton height={120} aria-label="Loading" />
  const decided = explained.data?.decided ?? null
  if (decided === null) return <Said messages={said} quiet="Nothing was remarkable." />
  const values = decided.values.filter(({ verdict }) => verdict !== 'blank')
  return (
    <Stack gap="xs">
      {said.length > 0 && <Said messages={said} quiet="" />}
      <Text>{decided.why}</Text>
      {values.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={5} fz="sm" aria-label="What each value did">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Attribute</Table.Th>
                <Table.Th>Before</Table.Th>
                <Table.Th>Of this record</Table.Th>
                <Table.Th>Verdict</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {values.map(({ attribute, before, after, verdict }) => (
                <Table.Tr key={attribute}>
                  <Table.Td>{attribute}</Table.Td>
                  <Table.Td className="code">{valueText(before)}</Table.Td>
                  <Table.Td className="code">{valueText(after)}</Table.Td>
                  <Table.Td c={verdict === 'written' ? undefined : 'dimmed'}>{verdicts[verdict]}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  )
}

export function ExportMessages({ detail: { exportMessages, overview } }: MessagesProps) {
  const namespace = useNamespace()
  if (exportMessages.length === 0)
    return (
      <Text c="dimmed" maw={640}>
        Nothing else delivered it: its own run,{' '}
        <Go to={`/n/${namespace}/runs/${overview.run}`}>{overview.run}</Go>, decided what became of it.
        Records of jobs that process later have a line here for every try.
      </Text>
    )
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Deliveries" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Run</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>What was said</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {exportMessages.map(({ run, at, state, outcome, reason, code, message }) => (
            <Table.Tr key={`${run} ${at}`}>
              <Table.Td>
                <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go>
              </Table.Td>
              <Table.Td>
                <When at={at} />
              </Table.Td>
              <Table.Td>
                <StateBadge of="record" state={state} />
              </Table.Td>
              <Table.Td c={message === null ? undefined : toneColours.bad}>
                {message ?? spoken(outcome ?? reason ?? '')}{' '}
                {code !== null && <span className="code">{code}</span>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
