// The next runs of jobs that run by themselves, and how many jobs there are in which state.
import { Group, Stack, Text } from '@mantine/core'
import type { HomeView } from '../../../client/index.ts'
import { jobMachine, type JobState } from '../../../core/jobState.ts'
import { count } from '../../lib/numbers.ts'
import { addressOf } from '../../lib/address.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'
import { jobPage } from '../job/useJob.ts'
import { Section } from './section.tsx'

export function Upcoming({ planned, jobs }: Pick<HomeView, 'planned' | 'jobs'>) {
  const namespace = useNamespace()
  return (
    <Section title="Next runs" more={<JobCounts jobs={jobs} />}>
      {planned.length === 0 && <Text c="dimmed">No job runs by a schedule.</Text>}
      <Stack gap={8} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {planned.map(({ job, dueAt, zone }) => (
          <li key={job}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <div title={job} style={{ minWidth: 0 }}>
                <Go to={jobPage(namespace, job)} truncate display="block">
                  {job}
                </Go>
              </div>
              <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>
                <When at={dueAt} ago />
              </Text>
            </Group>
            <Text size="sm" c="dimmed">
              <When at={dueAt} zone={zone} />
            </Text>
          </li>
        ))}
      </Stack>
    </Section>
  )
}

const order: readonly JobState[] = ['active', 'halted', 'paused', 'draft', 'sampling', 'sampling_failed']

function JobCounts({ jobs }: Pick<HomeView, 'jobs'>) {
  const namespace = useNamespace()
  const states = order.flatMap((state) => (jobs[state] === undefined ? [] : [[state, jobs[state]] as const]))
  return (
    <Group gap="sm">
      {states.map(([state, many]) => (
        <Go key={state} to={addressOf(`/n/${namespace}/jobs`, { state })} size="sm" className="numbers">
          {count(many)} {jobMachine.states[state].label.toLowerCase()}
        </Go>
      ))}
    </Group>
  )
}
