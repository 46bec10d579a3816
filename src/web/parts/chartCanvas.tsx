// The drawing of a chart (uPlot). Loaded by chart.tsx when it is shown; colours follow light and dark.
import 'uplot/dist/uPlot.min.css'
import { Group, Paper, Text, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import { count, shortCount } from '../lib/numbers.ts'
import { Swatch, type ChartProps, type ChartSeries } from './chart.tsx'

interface Pointed {
  /** Which span. */
  readonly at: number
  /** Pixels from the left edge of the chart. */
  readonly left: number
}

export function ChartCanvas({ label, spans, series, height = 240 }: ChartProps) {
  const dark = useComputedColorScheme('light') === 'dark'
  const { ref: sized, width } = useElementSize()
  const place = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const shown = useMemo(() => series.filter(({ values }) => values.some((one) => one > 0)), [series])
  useEffect(() => {
    if (width === 0 || place.current === null) return
    const plot = new uPlot(
      { ...optionsOf(spans, shown, dark), width, height, hooks: { setCursor: [told(setPointed)] } },
      stacked(spans.length, shown),
      place.current,
    )
    return () => plot.destroy()
  }, [spans, shown, dark, width, height])
  return (
    <div ref={sized} style={{ position: 'relative', height }} role="img" aria-label={label}>
      <div ref={place} aria-hidden />
      {pointed !== null && <Hint spans={spans} series={series} pointed={pointed} width={width} />}
    </div>
  )
}

function told(tell: (pointed: Pointed | null) => void): (plot: uPlot) => void {
  return ({ cursor: { idx, left = -1 }, bbox }) =>
    tell(
      idx === null || idx === undefined || left < 0
        ? null
        : { at: idx, left: left + bbox.left / window.devicePixelRatio },
    )
}

/** Each series on top of those before it; drawn from the tallest to the lowest, so that each shows its own part. */
function stacked(spans: number, shown: readonly ChartSeries[]): uPlot.AlignedData {
  const heights: number[][] = []
  for (const { values } of shown) {
    const below = heights.at(-1)
    heights.push(Array.from({ length: spans }, (_, at) => (below?.[at] ?? 0) + (values[at] ?? 0)))
  }
  return [Array.from({ length: spans }, (_, at) => at), ...heights.reverse()]
}

const steps = [1, 2, 5, 7, 10, 15, 30, 60, 100]

function optionsOf(
  spans: readonly string[],
  shown: readonly ChartSeries[],
  dark: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  const colour = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(`--mantine-color-${name}`).trim()
  const line = { stroke: colour(dark ? 'dark-4' : 'gray-2'), width: 1 }
  const text = { stroke: colour('dimmed'), font: '12px system-ui, sans-serif', ticks: { show: false } }
  const paths = uPlot.paths.bars!({ size: [0.72, 44], radius: [0.12, 0] })
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    padding: [12, 8, 0, 0],
    scales: {
      x: { time: false, range: [-0.5, spans.length - 0.5] },
      y: { range: (_, __, most) => [0, Math.max(most * 1.05, 4)] },
    },
    axes: [
      {
        ...text,
        grid: { show: false },
        size: 30,
        incrs: steps,
        space: 64,
        values: (_, splits) => splits.map((at) => spans[at] ?? ''),
      },
      {
        ...text,
        grid: line,
        size: 52,
        space: 40,
        incrs: wholeSteps(),
        values: (_, splits) => splits.map(shortCount),
      },
    ],
    series: [
      {},
      ...shown
        .map((one) => ({
          fill: colour(`${one.colour}-${dark ? 5 : 6}`),
          width: 0,
          paths,
          points: { show: false },
        }))
        .reverse(),
    ],
  }
}

/** Half a record does not exist: 1, 2, 5, 10, 20… up to a thousand million. */
function wholeSteps(): number[] {
  return Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat()
}

interface HintProps extends Pick<ChartProps, 'spans' | 'series'> {
  readonly pointed: Pointed
  readonly width: number
}

const hintWidth = 190

/** The numbers of the span under the pointer; those that are there. */
function Hint({ spans, series, pointed: { at, left }, width }: HintProps) {
  const some = series.filter(({ values }) => (values[at] ?? 0) > 0)
  const x = left + hintWidth + 24 > width ? left - hintWidth - 12 : left + 12
  return (
    <Paper
      withBorder
      shadow="sm"
      p="xs"
      aria-hidden
      style={{
        position: 'absolute',
        top: 8,
        left: Math.max(0, x),
        width: hintWidth,
        pointerEvents: 'none',
        zIndex: 5,
      }}
    >
      <Text size="sm" fw={600} mb={4}>
        {spans[at]}
      </Text>
      {some.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing
        </Text>
      )}
      {some.map(({ label, colour, values }) => (
        <Group key={label} gap={6} wrap="nowrap">
          <Swatch colour={colour} />
          <Text size="sm" style={{ flexGrow: 1 }}>
            {label}
          </Text>
          <Text size="sm" className="numbers">
            {count(values[at] ?? 0)}
          </Text>
        </Group>
      ))}
    </Paper>
  )
}
