// `sluice job activity`: what a job did over time, as numbers with a small chart.
import type { Command } from 'commander'
import type { ActivityView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { number, plural } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, columns, print, printJson, table } from './terminal.ts'
import { widthOf } from './width.ts'

interface Options extends SharedOptions {
  readonly from?: string
  readonly to?: string
  readonly by: string
  readonly zone?: string
}

/** Added, updated, removed, omitted and failed in a chosen time. */
export async function showActivity(host: Host, command: Command, [job = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  const { from, to, by, zone } = options
  return withClient(host, options, async (client) => {
    const view = await client.get('/jobs/{job}/activity', { job, from, to, by, zone })
    if (options.json === true) printJson(view)
    else printActivity(view)
    return exits.ok
  })
}

type Span = ActivityView['spans'][number]
type Part = Exclude<keyof Span, 'at' | 'runs'>

/** What a bar is made of, in this order; told apart without colours too. */
const parts: readonly {
  readonly name: Part
  readonly sign: string
  readonly paint: (text: string) => string
}[] = [
  { name: 'added', sign: '█', paint: color.green },
  { name: 'updated', sign: '▓', paint: color.cyan },
  { name: 'unchanged', sign: '░', paint: color.dim },
  { name: 'removed', sign: '▒', paint: color.magenta },
  { name: 'omitted', sign: '·', paint: color.blue },
  { name: 'failed', sign: '×', paint: color.red },
]

/** Shorter bars say nothing. */
const barMin = 10

function printActivity(view: ActivityView): void {
  const { job, from, to, zone, total, by } = view
  print(`${color.bold(job)}  ${color.dim(`${dayOf(from)} to ${dayOf(to)}, ${zone}`)}\n`)
  if (total.runs === 0)
    return print(`No run ended in this time. Choose another one with --from, such as --from 2026-01-01.`)
  const lines = gathered(view.spans).map((span): [string[], Span | null] =>
    typeof span === 'number'
      ? [[color.dim(`… ${plural(span, by)}`), ...numbersOf(null)], null]
      : [[labelOf(span.at, by), ...numbersOf(span)], span],
  )
  lines.push([['total', ...numbersOf(total)].map((cell) => color.bold(cell)), null])
  const titles = [by, 'runs', 'added', 'updated', 'removed', 'omitted', 'failed']
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...lines.map(([cells]) => widthOf(cells[i] ?? ''))),
  )
  const width = Math.min(40, columns() - widths.reduce((sum, one) => sum + one + 2, 0))
  const most = Math.max(...view.spans.map(sizeOf))
  const heads = titles.map((title, i) => ({ title, right: i > 0 }))
  // Where there is no room for bars there are only numbers.
  const hasBars = width >= barMin
  const rows = lines.map(([cells, span]) =>
    hasBars && span !== null ? [...cells, barOf(span, most, width)] : cells,
  )
  print(table(hasBars ? [...heads, { title: '' }] : heads, rows))
  const legend = parts
    .filter(({ name }) => total[name] > 0)
    .map(({ name, sign, paint }) => `${paint(sign)} ${name} ${number(total[name])}`)
  print(`\n${legend.join('   ')}`)
}

function sizeOf(span: Omit<Span, 'at'>): number {
  return parts.reduce((sum, { name }) => sum + span[name], 0)
}

/** Null: nothing ran. */
function numbersOf(span: Omit<Span, 'at'> | null): string[] {
  if (span === null) return Array.from<string>({ length: 6 }).fill('')
  return [span.runs, span.added, span.updated, span.removed, span.omitted, span.failed].map(number)
}

/** Spans in a row in which nothing ran become their number. */
function gathered(spans: readonly Span[]): (Span | number)[] {
  const lines: (Span | number)[] = []
  for (const span of spans) {
    const last = lines.at(-1)
    if (span.runs > 0) lines.push(span)
    else if (typeof last === 'number') lines[lines.length - 1] = last + 1
    else lines.push(1)
  }
  return lines
}

/** Every part that is there is seen, however small: each has a cell of its own before the rest is shared out. */
function barOf(span: Span, most: number, width: number): string {
  const shared = width - parts.length
  return parts
    .map(({ name, sign, paint }) => {
      const cells = span[name] === 0 ? 0 : 1 + Math.floor((span[name] / most) * shared)
      return cells === 0 ? '' : paint(sign.repeat(cells))
    })
    .join('')
}

function dayOf(at: string): string {
  return at.slice(0, 10)
}

function labelOf(at: string, by: string): string {
  if (by === 'hour') return at.slice(0, 16).replace('T', ' ')
  return by === 'month' ? at.slice(0, 7) : dayOf(at)
}
