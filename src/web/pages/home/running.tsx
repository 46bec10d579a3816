// What runs now, with how far it is and when it will be done.
import { Group, Progress, Stack, Text } from '@mantine/core'
import type { RunningRun } from '../../../client/index.ts'
import { count, noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { Section } from './section.tsx'

interface RunningProps {
  readonly running: readonly RunningRun[]
  readonly waiting: number
}

export function Running({ running, waiting }: RunningProps) {
  const namespace = useNamespace()
  const more = (
    <Go to={`/n/${namespace}/queue`} size="sm">
      {waiting === 0 ? 'Queue' : `${noun(waiting, 'run')} waiting`}
    </Go>
  )
  return (
    <Section title="Running now" more={more}>
      <Stack gap="md" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {running.map((run) => (
          <li key={run.run}>
            <Line run={run} />
          </li>
        ))}
      </Stack>
    </Section>
  )
}

function Line({ run }: { readonly run: RunningRun }) {
  const namespace = useNamespace()
  const { percent, read, total, recordsPerSecond, expectedEnd } = run
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Group gap={8} wrap="nowrap" miw={0}>
          <div title={run.job} style={{ minWidth: 0 }}>
            <Go to={`/n/${namespace}/runs/${run.run}`} fw={600} truncate display="block">
              {run.file ?? run.job}
            </Go>
          </div>
          <Text span size="sm" c="dimmed" className="numbers">
            {run.run}
          </Text>
        </Group>
        <StateBadge of="run" state={run.state} />
      </Group>
      <Progress
        value={percent ?? 100}
        animated
        striped={percent === null}
        aria-label={`Progress of ${run.run}`}
      />
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" className="numbers">
          {percent !== null && `${percent} % · `}
          {total === null ? `${count(read)} records` : `${count(read)} of ${count(total)} records`}
          {recordsPerSecond !== null && ` · ${count(recordsPerSecond)} a second`}
        </Text>
        {expectedEnd !== null && (
          <Text size="sm" c="dimmed">
            done <When at={expectedEnd} ago />
          </Text>
        )}
      </Group>
    </Stack>
  )
}
