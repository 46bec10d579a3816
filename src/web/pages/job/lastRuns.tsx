// The last five runs with why one did not end well, and the way to all of them.
import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { JobDetail } from '../../../client/index.ts'
import { count } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { jobPage } from './useJob.ts'

export function LastRuns({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="last-runs">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} id="last-runs">
            Last runs
          </Title>
          {job.runs > 0 && (
            <Go size="sm" to={`${jobPage(namespace, job.job)}?tab=runs`}>
              All {count(job.runs)}
            </Go>
          )}
        </Group>
        {job.lastRuns.length === 0 ? (
          <Text c="dimmed">It has not run yet.</Text>
        ) : (
          <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {job.lastRuns.map(({ run, state, reason, at }) => (
              <li key={run}>
                <Group gap="sm" align="baseline">
                  <Go to={`/n/${namespace}/runs/${run}`} fw={600} className="numbers">
                    {run}
                  </Go>
                  <StateBadge of="run" state={state} />
                  <Text span size="sm" c="dimmed">
                    <When at={at} zone={job.zone} ago />
                  </Text>
                </Group>
                {reason !== null && (
                  <Text size="sm" c="dimmed" mt={2} style={{ overflowWrap: 'anywhere' }}>
                    {reason}
                  </Text>
                )}
              </li>
            ))}
          </Stack>
        )}
      </Stack>
    </Paper>
  )
}
