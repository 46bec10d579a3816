// What a run does at this moment: its phases, how far it is, how fast, and when it will be done.
import { Group, Paper, Progress, Stack, Text } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { isOrdinary } from '../../../core/triggers.ts'
import { bytes, count, duration, noun, percent } from '../../lib/numbers.ts'
import { When } from '../../parts/when.tsx'
import { PhaseStrip } from './phaseStrip.tsx'
import { shareOf, type Share } from './phases.ts'

export function NowPanel({ view }: { readonly view: RunView }) {
  const share = shareOf(view)
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-label="Progress">
      <Stack gap="md">
        <PhaseStrip view={view} />
        {share !== null && <HowFar view={view} share={share} />}
        <Waiting view={view} />
      </Stack>
    </Paper>
  )
}

function HowFar({ view, share }: { readonly view: RunView; readonly share: Share }) {
  const { run, rates } = view
  const value = share.share === null ? 100 : share.share * 100
  const stopping = run.state === 'stopping'
  const rate = run.state === 'importing' ? rates.recordsPerSecond : null
  return (
    <Stack gap={6}>
      <Group justify="space-between" align="baseline" gap="xs">
        <Text fw={700} fz={28} lh={1.1} className="numbers">
          {share.share === null ? run.label : percent(Math.floor(share.share * 1_000) / 1_000)}
        </Text>
        {!stopping && <Ending view={view} />}
      </Group>
      <Progress.Root size="lg" radius="xl">
        <Progress.Section
          value={value}
          color={stopping ? 'gray' : undefined}
          animated={share.share === null}
          aria-label={run.label}
          aria-valuetext={`${run.label}: ${share.share === null ? doneText(share) : percent(share.share)}`}
        />
      </Progress.Root>
      <Group justify="space-between" gap="xs" className="numbers">
        <Text c="dimmed" size="sm">
          {doneText(share)}
        </Text>
        {rate !== null && (
          <Text c="dimmed" size="sm">
            {count(rate)} records/s
          </Text>
        )}
      </Group>
    </Stack>
  )
}

function doneText({ done, of, unit }: Share): string {
  const text = unit === 'bytes' ? bytes : count
  if (of !== null) return `${text(done)} of ${text(of)}${unit === 'records' ? ' records' : ''}`
  return done === 0 ? '' : unit === 'records' ? noun(done, 'record') : bytes(done)
}

function Ending({ view: { run } }: { readonly view: RunView }) {
  if (run.expected === null) return null
  const { seconds, at, by } = run.expected
  // Earlier imports say nothing about how long it takes to undo one.
  if (by === 'history' && !isOrdinary(run.trigger)) return null
  return (
    <Text className="numbers">
      done in about {duration(Math.ceil(seconds))}
      {at !== null && (
        <>
          , at <time dateTime={at}>{clock.format(new Date(at))}</time>
        </>
      )}
      {by === 'history' && ' (as earlier runs)'}
    </Text>
  )
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** Why nothing goes on just now, and when it will. */
function Waiting({ view: { run } }: { readonly view: RunView }) {
  const takes = run.state === 'queued' ? run.expected : null
  if (run.waits === null && run.nextAttemptAt === null && run.stalledSince === null && takes === null)
    return null
  return (
    <Stack gap={2}>
      {run.waits !== null && <Text>Waits {run.waits}.</Text>}
      {takes !== null && (
        <Text c="dimmed">Takes about {duration(Math.ceil(takes.seconds))}, as earlier runs did.</Text>
      )}
      {run.nextAttemptAt !== null && (
        <Text>
          Goes on by itself <When at={run.nextAttemptAt} ago />, at{' '}
          <When at={run.nextAttemptAt} zone={run.zone} />.
        </Text>
      )}
      {run.stalledSince !== null && (
        <Text c="red" role="status">
          Nothing has moved since <When at={run.stalledSince} zone={run.zone} />, though it should.
        </Text>
      )}
    </Stack>
  )
}
