// One lane: what holds it, with how far it is, and behind it what waits, in order.
import { Divider, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { useId } from 'react'
import type { QueuePage } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { Heading } from './heading.tsx'
import { Moves, RunLine, type QueuedRun } from './runLine.tsx'

type LaneView = QueuePage['lanes'][number]
type WaitingRun = QueuePage['waiting'][number]

interface LaneProps {
  readonly lane: LaneView
  /** Those of this lane that are shown so far. */
  readonly waiting: readonly WaitingRun[]
}

export function Lane({ lane: { lane, running, waiting: many }, waiting }: LaneProps) {
  const id = useId()
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Heading
          id={id}
          title={`Lane ${lane}`}
          about={many === 0 ? 'Nothing waits' : `${noun(many, 'run')} ${many === 1 ? 'waits' : 'wait'}`}
        />
        {running === null ? <Text c="dimmed">Nothing works in it just now.</Text> : <Working run={running} />}
        {waiting.length > 0 && (
          <Stack gap={0} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
            {waiting.map((run) => (
              <li key={run.run}>
                <Divider />
                <Waits run={run} />
              </li>
            ))}
          </Stack>
        )}
        {many > waiting.length && (
          <Text size="sm" c="dimmed">
            and {count(many - waiting.length)} more
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

function Working({ run }: { readonly run: QueuedRun }) {
  const { percent } = run
  return (
    <Stack gap={6}>
      <RunLine run={run} actions={<Moves run={run} />} />
      <Group gap="sm" wrap="nowrap">
        <Progress
          value={percent ?? 100}
          animated
          striped={percent === null}
          style={{ flexGrow: 1 }}
          aria-label={`Progress of ${run.run}`}
        />
        <Text size="sm" w={48} ta="right" className="numbers">
          {percent === null ? '–' : `${percent} %`}
        </Text>
      </Group>
    </Stack>
  )
}

function Waits({ run }: { readonly run: WaitingRun }) {
  const { position, text } = run.waitsFor
  return (
    <Group py="sm" gap="sm" wrap="nowrap" align="flex-start">
      <Text
        w={28}
        style={{ flexShrink: 0 }}
        ta="right"
        fw={600}
        c="dimmed"
        className="numbers"
        aria-label={`Place ${position}`}
      >
        {count(position)}
      </Text>
      <div style={{ flexGrow: 1, minWidth: 0 }}>
        <RunLine run={run} says={`waits ${text}`} actions={<Moves run={run} />} />
      </div>
    </Group>
  )
}
