// What comes of a schedule: its next ten runs, skipped days and changes of clocks among them.
import { Alert, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { postSchedulesPreview, type SchedulePreview } from '../../../client/index.ts'
import type { JobSetup } from '../../../core/jobSetup.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { viewersZone } from '../../parts/when.tsx'
import { wayOf } from './schedules.ts'

interface NextRunsProps {
  readonly job: string | undefined
  readonly setup: JobSetup
}

interface Asked {
  readonly schedule: NonNullable<JobSetup['schedule']>
  readonly quiet: JobSetup['quiet']
}

export function NextRuns({ job, setup }: NextRunsProps) {
  const { schedule } = setup
  if (schedule === null) return <WithoutSchedule setup={setup} />
  return <Preview job={job} schedule={schedule} quiet={setup.quiet} />
}

/** The next runs of a schedule, asked for once it has rested. `job`: its runs so far say how long they usually take. */
export function usePreview(
  job: string | undefined,
  { schedule, quiet }: Pick<JobSetup, 'schedule' | 'quiet'>,
) {
  const namespace = useNamespace()
  const [rested] = useDebouncedValue(schedule, 250)
  const [hours] = useDebouncedValue(quiet, 250)
  return useQuery({
    queryKey: ['schedulePreview', namespace, job ?? '', rested, hours],
    queryFn: async () => {
      const body = {
        schedule: rested!,
        quiet: hours,
        zone: viewersZone(),
        count: 10,
        ...(job === undefined ? {} : { job }),
      }
      return (await postSchedulesPreview({ path: { namespace }, body })).data
    },
    enabled: rested !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

function Preview({ job, schedule, quiet }: Asked & Pick<NextRunsProps, 'job'>) {
  const { data, error } = usePreview(job, { schedule, quiet })
  return (
    <Paper withBorder p="md" component="section" aria-label="Next runs" aria-live="polite">
      <Stack gap="sm">
        <Title order={3} size="h5">
          Next runs
        </Title>
        {error !== null && <ProblemAlert error={error} />}
        {error === null && data !== undefined && <Runs preview={data} />}
      </Stack>
    </Paper>
  )
}

function Runs({ preview: { sentence, next, warnings, zone } }: { readonly preview: SchedulePreview }) {
  const elsewhere = zone !== viewersZone()
  return (
    <>
      <Text fw={600}>{sentence}</Text>
      {warnings.map((warning) => (
        <Alert key={warning.code} color="orange" title={warning.message}>
          {adviceHere(warning)}
        </Alert>
      ))}
      <Table verticalSpacing={4} horizontalSpacing="xs" withRowBorders={false} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{zone.replaceAll('_', ' ')}</Table.Th>
            {elsewhere && <Table.Th>Your time</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {next.map(({ at, local, viewer, runs, note }) => (
            <Table.Tr key={at}>
              <Table.Td>
                <Text span size="sm" className="numbers" td={runs ? undefined : 'line-through'}>
                  {wall(local)}
                </Text>
                {note !== null && (
                  <Text size="xs" c={runs ? 'dimmed' : 'var(--mantine-color-error)'}>
                    {note.message}
                  </Text>
                )}
              </Table.Td>
              {elsewhere && (
                <Table.Td className="numbers" c="dimmed">
                  {viewer === null ? '' : shortWall(viewer)}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}

const dayText = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

/** `2026-03-29T03:30:00+02:00` as a wall clock shows it. */
export function wall(text: string): string {
  return dayText.format(new Date(`${text.slice(0, 16)}Z`))
}

const shortText = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

function shortWall(text: string): string {
  return shortText.format(new Date(`${text.slice(0, 16)}Z`))
}

function WithoutSchedule({ setup }: { readonly setup: JobSetup }) {
  const way = wayOf(setup)
  const said =
    way === 'after'
      ? setup.after === ''
        ? 'Choose the job it follows.'
        : `It begins whenever a run of ${setup.after} has ended well.`
      : way === 'arrival'
        ? 'It begins whenever a file has arrived in its folder; there is no timetable.'
        : 'It runs once, when it is switched on. Later runs are started by hand.'
  return (
    <Paper withBorder p="md">
      <Text>{said}</Text>
    </Paper>
  )
}
