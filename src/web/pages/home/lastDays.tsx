// The last 14 days as a chart: what became of records, by the day on which runs ended.
import { Text } from '@mantine/core'
import { useMemo } from 'react'
import type { HomeView } from '../../../client/index.ts'
import { Chart, type ChartSeries } from '../../parts/chart.tsx'
import { viewersZone } from '../../parts/when.tsx'
import { Section } from './section.tsx'

/** From the bottom of a bar to its top; as on the page of a job. */
const parts = [
  { name: 'unchanged', label: 'Unchanged', colour: 'gray' },
  { name: 'updated', label: 'Updated', colour: 'blue' },
  { name: 'added', label: 'Added', colour: 'teal' },
  { name: 'removed', label: 'Removed', colour: 'grape' },
  { name: 'omitted', label: 'Skipped', colour: 'yellow' },
  { name: 'failed', label: 'Failed', colour: 'red' },
] as const satisfies readonly { name: keyof HomeView['days'][number]; label: string; colour: string }[]

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

type LastDaysProps = Pick<HomeView, 'days' | 'zone'>

export function LastDays({ days, zone }: LastDaysProps) {
  // The same numbers are the same chart: it is not drawn anew while something runs.
  const key = JSON.stringify(days)
  const [spans, series] = useMemo((): [string[], ChartSeries[]] => {
    const told = JSON.parse(key) as LastDaysProps['days']
    return [
      told.map(({ at }) => dayFormat.format(new Date(`${at}T00:00:00Z`))),
      parts.map(({ name, label, colour }) => ({ label, colour, values: told.map((day) => day[name]) })),
    ]
  }, [key])
  const quiet = days.every(({ runs }) => runs === 0)
  return (
    <Section title="Last 14 days">
      {quiet ? (
        <Text c="dimmed">No run ended in the last 14 days.</Text>
      ) : (
        <Chart label="Records by day, last 14 days" spans={spans} series={series} height={200} />
      )}
      {zone !== viewersZone() && (
        <Text size="sm" c="dimmed">
          Days begin at midnight in {zone.replaceAll('_', ' ')}.
        </Text>
      )}
    </Section>
  )
}
