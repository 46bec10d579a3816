// What the job did in a chosen time (LY-19): added, updated, unchanged, removed, omitted, failed.
import { Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { getJobActivityOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { ActivityView, JobDetail } from '../../../client/index.ts'
import { systemClock } from '../../../core/clock.ts'
import { useAddressPart } from '../../lib/address.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Chart, type ChartSeries } from '../../parts/chart.tsx'
import { Loaded } from '../../parts/loaded.tsx'

/** From the bottom of a bar to its top; the words of a vendor stand in the table of its runs. */
const parts = [
  { name: 'unchanged', label: 'Unchanged', colour: 'gray' },
  { name: 'updated', label: 'Updated', colour: 'blue' },
  { name: 'added', label: 'Added', colour: 'teal' },
  { name: 'removed', label: 'Removed', colour: 'grape' },
  { name: 'omitted', label: 'Omitted', colour: 'yellow' },
  { name: 'failed', label: 'Failed', colour: 'red' },
] as const satisfies readonly { name: keyof ActivityView['total']; label: string; colour: string }[]

const choices = ['7', '30', '90'] as const
const usual = '30'

export function Activity({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const [asked, setAsked] = useAddressPart('days')
  const days = choices.find((one) => one === asked) ?? usual
  // A day as a measure: the same answer all day long, and one line of the cache for it.
  const from = useMemo(() => daysAgo(Number(days)), [days])
  const activity = useQuery({
    ...getJobActivityOptions({ path: { namespace, job: job.id }, query: { from, by: 'day' } }),
    placeholderData: keepPreviousData,
  })
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="activity">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} id="activity">
            Activity
          </Title>
          <SegmentedControl
            size="xs"
            aria-label="Over which time"
            value={days}
            onChange={(next) => setAsked(next === usual ? undefined : next)}
            data={choices.map((value) => ({ value, label: `${value} days` }))}
          />
        </Group>
        <Loaded query={activity}>{(data) => <Drawn activity={data} days={days} />}</Loaded>
      </Stack>
    </Paper>
  )
}

function Drawn({
  activity: { spans, total },
  days,
}: {
  readonly activity: ActivityView
  readonly days: string
}) {
  const [labels, series] = useMemo((): [string[], ChartSeries[]] => {
    const all = parts.map(({ name, label, colour }) => ({
      label,
      colour,
      values: spans.map((span) => span[name]),
    }))
    return [spans.map(({ at }) => dayText(at)), all]
  }, [spans])
  if (total.runs === 0)
    return (
      <Text c="dimmed" py="lg">
        No run ended in the last {days} days.
      </Text>
    )
  return (
    <>
      <Chart label={`Records by day, last ${days} days`} spans={labels} series={series} height={220} />
      <Text size="sm" c="dimmed">
        {noun(total.runs, 'run')} ended in this time. Runs that were undone, and dry runs, are not counted.
      </Text>
    </>
  )
}

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Spans begin at midnight of the namespace's zone, told without one: the date is what they say. */
function dayText(at: string): string {
  return dayFormat.format(new Date(`${at.slice(0, 10)}T00:00:00Z`))
}

/** The date so many days ago, so that today is one of them. */
function daysAgo(days: number): string {
  const day = 86_400_000
  return new Date(systemClock.now() - (days - 1) * day).toISOString().slice(0, 10)
}
