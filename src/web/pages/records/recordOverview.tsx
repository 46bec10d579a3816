// The overview of a record (AL-16): what became of it in a sentence, what to do about it, and where it belongs.
import { Alert, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRunRecordExplanationOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { ProblemView, RecordView } from '../../../client/index.ts'
import { recordMachine, type RecordState } from '../../../core/record.ts'
import { adviceHere } from '../../lib/advice.ts'
import { addressOf } from '../../lib/address.ts'
import { count } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Facts } from '../../parts/facts.tsx'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'
import { spoken } from './filters.ts'
import { placeOf } from './places.ts'

interface OverviewProps {
  readonly overview: RecordView
  /** Where it stands in the file. */
  readonly line: number | null
}

export function RecordOverview({ overview, line }: OverviewProps) {
  const { problem, warnings } = overview
  return (
    <Stack>
      {problem === null ? <Answer record={overview} /> : <Said problem={problem} colour="red" />}
      {warnings.map((warning) => (
        <Said key={`${warning.code} ${warning.column}`} problem={warning} colour="orange" />
      ))}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Paper withBorder p="md">
          <Title order={2} mb="xs">
            What became of it
          </Title>
          <Became record={overview} />
        </Paper>
        <Paper withBorder p="md">
          <Title order={2} mb="xs">
            Where it came from
          </Title>
          <CameFrom overview={overview} line={line} />
        </Paper>
      </SimpleGrid>
    </Stack>
  )
}

/** The explanation's sentence; worked out while the rest is there already. */
function Answer({ record: { id, run } }: { readonly record: RecordView }) {
  const namespace = useNamespace()
  const explained = useQuery({
    ...getRunRecordExplanationOptions({
      path: { namespace, run, record: Number(id.split('/')[1]) },
    }),
    staleTime: 30_000,
  })
  if (explained.data === undefined) return null
  return (
    <Text size="lg" maw={860}>
      {explained.data.answer}
    </Text>
  )
}

function Said({ problem, colour }: { readonly problem: ProblemView; readonly colour: string }) {
  const { message, code, column } = problem
  return (
    <Alert
      color={colour}
      icon={colour === 'red' ? <IconAlertTriangle aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={message}
    >
      <Stack gap={4}>
        <Text>{adviceHere(problem)}</Text>
        <Text size="sm" c="dimmed">
          <span className="code">{code}</span>
          {column !== null && ` · column ${column}`}
        </Text>
      </Stack>
    </Alert>
  )
}

function Became({ record }: { readonly record: RecordView }) {
  const namespace = useNamespace()
  const { state, outcome, reason, profile, retriedIn, origin, settledBy, attempts, retry, at } = record
  const definition = recordMachine.states[state as RecordState]
  const row = (id: string) => <Go to={placeOf(namespace, id)}>{id}</Go>
  return (
    <Facts
      facts={[
        { label: definition?.label ?? state, value: definition?.doc ?? '–' },
        { label: 'Outcome', value: outcome === null ? null : spoken(outcome) },
        { label: 'Reason', value: reason === null ? null : spoken(reason) },
        {
          label: 'Profile',
          value: profile === null ? null : <Go to={`/n/${namespace}/profiles/${profile}`}>{profile}</Go>,
        },
        { label: 'Retried since in', value: retriedIn === null ? null : row(retriedIn) },
        { label: 'Retry of', value: origin === null ? null : row(origin) },
        {
          label: 'Processed by',
          value: settledBy === null ? null : <Go to={`/n/${namespace}/runs/${settledBy}`}>{settledBy}</Go>,
        },
        { label: 'Attempts', value: attempts === 0 ? null : count(attempts) },
        {
          label: 'Next attempt',
          value:
            retry === null ? null : (
              <>
                {retry.attempt} of {retry.of}, <When at={retry.nextAt} />
              </>
            ),
        },
        { label: 'Updated', value: <When at={at} /> },
      ]}
    />
  )
}

function CameFrom({ overview, line }: OverviewProps) {
  const namespace = useNamespace()
  const { job, run, type, identifier, createdAt } = overview
  return (
    <Facts
      facts={[
        {
          label: 'Identifier',
          value: identifier === null ? '–' : <span className="code">{identifier}</span>,
        },
        { label: 'Type', value: type },
        { label: 'Line', value: line === null ? null : count(line) },
        { label: 'Job', value: <Go to={`/n/${namespace}/jobs/${encodeURIComponent(job)}`}>{job}</Go> },
        { label: 'Run', value: <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go> },
        { label: 'Created', value: <When at={createdAt} /> },
        {
          label: 'Same person',
          value:
            identifier === null ? null : (
              <Go to={addressOf(`/n/${namespace}/records`, { identifier })}>
                All records with this identifier
              </Go>
            ),
        },
      ]}
    />
  )
}
