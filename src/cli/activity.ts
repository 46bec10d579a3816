// `sluice job activity`: what a job did over time, as numbers with a small chart.
import type { Command } from 'commander'
import type { ActivityView } from '../api/activity.ts'
import { exits } from './exit.ts'
import { number, plural } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, columns, print, printJson, table } from './terminal.ts'

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
    const path = `/jobs/${encodeURIComponent(job)}/activity`
    const view = await client.get<ActivityView>(path, { from, to, by, zone })
    if (options.json === true) printJson(view)
    else printActivity(view)
    return exits.ok
  })
}

type Span = ActivityView['spans'][number]
type Part = Exclude<keyof Span, 'at' | 'runs'>

/** What a bar is made of, in this order; told apart without colours too. */
const parts: readonly { readonly name: Part; readonly sign: string; paint(text: string): string }[] = [
  { name: 'added', sign: '█', paint: color.green },
  { name: 'updated', sign: '▓', paint: color.cyan },
  { name: 'unchanged', sign: '░', paint: color.dim },
  { name: 'removed', sign: '▒', paint: color.magenta },
  { name: 'omitted', sign: '·', paint: color.blue },
  { name: 'failed', sign: '×', paint: color.red },
]

function printActivity(view: ActivityView): void {
  const { job, from, to, zone, total, by } = view
  print(`${color.bold(job)}  ${color.dim(`${dayOf(from)} to ${dayOf(to)}, ${zone}`)}\n`)
  if (total.runs === 0)
    return print(`No run ended in this time. Choose another one with --from, such as --from 2026-01-01.`)
  const most = Math.max(...view.spans.map(sizeOf))
  const width = Math.max(10, Math.min(40, columns() - 62))
  const rows = gathered(view.spans).map((span) =>
    typeof span === 'number'
      ? [color.dim(`${plural(span, by)} without a run`), '', '', '', '', '', '', '']
      : [labelOf(span.at, by), ...numbersOf(span), barOf(span, most, width)],
  )
  const right = ['runs', 'added', 'updated', 'removed', 'omitted', 'failed'].map((title) => ({
    title,
    right: true,
  }))
  rows.push(['total', ...numbersOf(total), ''].map((cell) => color.bold(cell)))
  print(table([{ title: by }, ...right, { title: '', from: 80 }], rows))
  const legend = parts
    .filter(({ name }) => total[name] > 0)
    .map(({ name, sign, paint }) => `${paint(sign)} ${name} ${number(total[name])}`)
  print(`\n${legend.join('   ')}`)
}

function sizeOf(span: Omit<Span, 'at'>): number {
  return parts.reduce((sum, { name }) => sum + span[name], 0)
}

function numbersOf(span: Omit<Span, 'at'>): string[] {
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

/** Every part that is there is seen, however small. */
function barOf(span: Span, most: number, width: number): string {
  return parts
    .map(({ name, sign, paint }) => {
      const cells = span[name] === 0 ? 0 : Math.max(1, Math.round((span[name] / most) * width))
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
