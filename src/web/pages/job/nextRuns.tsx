// The schedule in words and its next ten runs, with skipped days and changes of clocks.
import { Badge, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { postSchedulesPreview, type JobDetail, type SchedulePreview } from '../../../client/index.ts'
import { duration } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { viewersZone, When } from '../../parts/when.tsx'

export function NextRuns({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const preview = useQuery({
    queryKey: ['next runs', namespace, job.id, job.version, job.nextRun],
    queryFn: async () => {
      const path = { namespace }
      return (await postSchedulesPreview({ path, body: { job: job.id, zone: viewersZone() } })).data
    },
  })
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="next-runs">
      <Stack gap="md">
        <Title order={2} id="next-runs">
          Schedule
        </Title>
        <Loaded query={preview}>{(data) => <Times preview={data} job={job} />}</Loaded>
      </Stack>
    </Paper>
  )
}

function Times({ preview, job }: { readonly preview: SchedulePreview; readonly job: JobDetail }) {
  const { sentence, usualSeconds, next, zone } = preview
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600}>{sentence}</Text>
        {usualSeconds !== null && (
          <Text size="sm" c="dimmed">
            A run usually takes {duration(usualSeconds)}.
          </Text>
        )}
        {job.state !== 'active' && (
          <Text size="sm" c="dimmed">
            It is not active: these are the times it would run.
          </Text>
        )}
      </div>
      {next.length === 0 && <Text c="dimmed">Its end is reached: it runs no more.</Text>}
      <Stack gap={6} component="ol" m={0} p={0} style={{ listStyle: 'none' }} aria-label="The next runs">
        {next.map(({ at, runs, note }) => (
          <li key={at}>
            <Text component="span" td={runs ? undefined : 'line-through'} c={runs ? undefined : 'dimmed'}>
              <When at={at} zone={zone} />
            </Text>
            {!runs && (
              <Badge ml={8} size="sm" color="orange" variant="light" tt="none">
                skipped
              </Badge>
            )}
            {note !== null && (
              <Text size="sm" c="dimmed">
                {note.message}
              </Text>
            )}
          </li>
        ))}
      </Stack>
    </Stack>
  )
}
