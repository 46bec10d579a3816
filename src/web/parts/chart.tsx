// Numbers over time as stacked bars: a legend with totals, what is under the pointer, and the same as a table.
import { ActionIcon, Group, Skeleton, Stack, Table, Text, Tooltip } from '@mantine/core'
import { IconChartBar, IconTable } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { count } from '../lib/numbers.ts'

export interface ChartSeries {
  readonly label: string
  /** A colour of Mantine: green, red… */
  readonly colour: string
  /** One number a span. */
  readonly values: readonly number[]
}

export interface ChartProps {
  /** What it shows, for those who do not see it: `What the job did in the last 30 days`. */
  readonly label: string
  /** The spans along the axis, oldest first: `12 Mar`. */
  readonly spans: readonly string[]
  /** From the bottom to the top of each bar. */
  readonly series: readonly ChartSeries[]
  /** Pixels. */
  readonly height?: number
}

// Drawing is loaded when the first chart is shown.
const Canvas = lazy(async () => ({ default: (await import('./chartCanvas.tsx')).ChartCanvas }))

/** Series without any number are left out of the drawing and stand in the legend with 0. */
export function Chart(props: ChartProps) {
  const [asTable, setAsTable] = useState(false)
  const { series, height = 240 } = props
  const change = asTable ? 'Show as a chart' : 'Show as a table'
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Legend series={series} />
        <Tooltip label={change}>
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => setAsTable(!asTable)}
            aria-label={change}
            aria-pressed={asTable}
          >
            {asTable ? <IconChartBar size={18} /> : <IconTable size={18} />}
          </ActionIcon>
        </Tooltip>
      </Group>
      {asTable ? (
        <NumbersTable {...props} />
      ) : (
        <Suspense fallback={<Skeleton height={height} />}>
          <Canvas {...props} height={height} />
        </Suspense>
      )}
    </Stack>
  )
}

function Legend({ series }: Pick<ChartProps, 'series'>) {
  return (
    <Group component="ul" m={0} p={0} style={{ listStyle: 'none', columnGap: 20, rowGap: 4 }}>
      {series.map(({ label, colour, values }) => {
        const total = values.reduce((all, one) => all + one, 0)
        return (
          <Group key={label} component="li" gap={6} wrap="nowrap">
            <Swatch colour={colour} faded={total === 0} />
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" fw={600} className="numbers">
              {count(total)}
            </Text>
          </Group>
        )
      })}
    </Group>
  )
}

/** The colour of a series, as in the drawing. */
export function Swatch({ colour, faded = false }: { readonly colour: string; readonly faded?: boolean }) {
  return (
    <span
      aria-hidden
      style={{
        width: 10,
        height: 10,
        borderRadius: 3,
        flexShrink: 0,
        opacity: faded ? 0.35 : 1,
        background: `light-dark(var(--mantine-color-${colour}-6), var(--mantine-color-${colour}-5))`,
      }}
    />
  )
}

/** Newest first: that is what people look for in a list. */
function NumbersTable({ label, spans, series, height = 240 }: ChartProps) {
  const order = spans.map((_, at) => spans.length - 1 - at)
  return (
    <Table.ScrollContainer
      minWidth={420}
      maxHeight={height + 80}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label, role: 'region' } }}
    >
      <Table stickyHeader verticalSpacing={4} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">When</Table.Th>
            {series.map((one) => (
              <Table.Th key={one.label} scope="col" ta="right">
                {one.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {order.map((at) => (
            <Table.Tr key={at}>
              <Table.Th scope="row" fw={400} className="numbers">
                {spans[at]}
              </Table.Th>
              {series.map((one) => (
                <Table.Td key={one.label} ta="right" className="numbers">
                  {count(one.values[at] ?? 0)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
