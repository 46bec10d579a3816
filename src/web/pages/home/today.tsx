// Today's numbers in a row, beside how many profiles there are.
import { Box, Paper, SimpleGrid, Text, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { HomeView } from '../../../client/index.ts'
import { count, noun, shortCount } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'

export function Today({ home: { days, profiles } }: { readonly home: HomeView }) {
  const namespace = useNamespace()
  const today = days.at(-1)
  const numbers = [
    ['Added', today?.added ?? 0, undefined],
    ['Updated', today?.updated ?? 0, undefined],
    ['Unchanged', today?.unchanged ?? 0, undefined],
    ['Skipped', today?.omitted ?? 0, undefined],
    ['Failed', today?.failed ?? 0, 'red'],
  ] as const
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-label="Today">
      <SimpleGrid cols={{ base: 2, xs: 3, md: 6 }} spacing="md" component="dl" m={0}>
        <Figure
          label={
            <Go to={`/n/${namespace}/profiles`} size="sm">
              Profiles
            </Go>
          }
          hint={
            profiles.exact
              ? noun(profiles.count, 'profile')
              : `About ${noun(roundly(profiles.count), 'profile')}, from statistics`
          }
          value={profiles.exact ? countOf(profiles.count) : `~ ${shortCount(roundly(profiles.count))}`}
        />
        {numbers.map(([label, value, colour]) => (
          <Figure
            key={label}
            label={`${label} today`}
            hint={`${noun(value, 'record')} in runs that ended today`}
            value={countOf(value)}
            colour={value > 0 ? colour : undefined}
            faded={value === 0}
          />
        ))}
      </SimpleGrid>
    </Paper>
  )
}

/** An estimate does not look exact. */
function roundly(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 3)
  return Math.round(value / step) * step
}

/** Exact as long as there is room. */
function countOf(value: number): string {
  return value < 10_000_000 ? count(value) : shortCount(value)
}

interface FigureProps {
  readonly label: ReactNode
  readonly hint: string
  readonly value: string
  readonly colour?: string | undefined
  readonly faded?: boolean
}

function Figure({ label, hint, value, colour, faded = false }: FigureProps) {
  return (
    <div>
      <Box component="dt" fz="sm" c="dimmed">
        {label}
      </Box>
      <Text
        component="dd"
        m={0}
        fz={24}
        fw={650}
        lh={1.3}
        className="numbers"
        c={colour ?? (faded ? 'dimmed' : undefined)}
      >
        <Tooltip label={hint}>
          <span>{value}</span>
        </Tooltip>
      </Text>
    </div>
  )
}
