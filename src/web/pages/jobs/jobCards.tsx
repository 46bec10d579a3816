// The list of jobs where there is no room for a table.
import { Group, Paper, Stack, Text } from '@mantine/core'
import type { JobView } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { RunSigns } from '../../parts/runSigns.tsx'
import { When } from '../../parts/when.tsx'
import { JobName, JobStanding } from './jobParts.tsx'
import { RowMenu } from './rowMenu.tsx'

export function JobCards({ jobs }: { readonly jobs: readonly JobView[] }) {
  return (
    <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {jobs.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </Stack>
  )
}

function JobCard({ job }: { readonly job: JobView }) {
  const namespace = useNamespace()
  return (
    <Paper component="li" withBorder p="md" radius="lg">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <JobName job={job} />
          <RowMenu job={job} />
        </Group>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <JobStanding job={job} />
          <RunSigns namespace={namespace} runs={job.lastRuns} />
        </Group>
        {(job.nextRun !== null || job.lastRuns.length > 0) && (
          <Group gap="md">
            {job.lastRuns[0] !== undefined && (
              <Text size="sm" c="dimmed">
                Ran <When at={job.lastRuns[0].at} zone={job.zone} ago />
              </Text>
            )}
            {job.nextRun !== null && (
              <Text size="sm" c="dimmed">
                Next <When at={job.nextRun} zone={job.zone} ago />
              </Text>
            )}
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
