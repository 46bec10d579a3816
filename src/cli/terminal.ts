// Everything that is written to the terminal goes through here: plain when it is no terminal, when NO_COLOR is set, with --json.
import pc from 'picocolors'
import type { Tone } from '../core/machine.ts'
import { cut, pad, visible, widthOf, wrap } from './width.ts'

export const color = pc

/** Columns of the terminal; 100 where there is none. */
export function columns(): number {
  return Math.min(process.stdout.columns ?? 100, 140)
}

/** Whether a question can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY
}

/** Results. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** What goes on meanwhile, and failures. */
export function note(text = ''): void {
  process.stderr.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined))
}

const tones: Record<Tone, (text: string) => string> = {
  waiting: pc.blue,
  active: pc.cyan,
  good: pc.green,
  warn: pc.yellow,
  bad: pc.red,
  stopped: pc.magenta,
}

export function inTone(tone: Tone, text: string): string {
  return tones[tone](text)
}

export interface Column {
  readonly title: string
  readonly right?: boolean
  /** Gives way first when the table is too wide. */
  readonly flexible?: boolean
  /** Left out on terminals narrower than this. */
  readonly from?: number
}

/** A table that fits the terminal: flexible columns are cut. Without a terminal nothing is cut. */
export function table(all: readonly Column[], allRows: readonly (readonly string[])[], indent = 0): string {
  const room = process.stdout.isTTY ? columns() : Number.POSITIVE_INFINITY
  const kept = all.map(({ from = 0 }) => from <= room)
  const heads = all.filter((_, i) => kept[i])
  const rows = allRows.map((row) => row.filter((_, i) => kept[i]))
  const widths = heads.map((head, i) =>
    Math.max(widthOf(head.title), ...rows.map((row) => widthOf(visible(row[i] ?? '')))),
  )
  shrink(widths, heads, room - indent - 2 * (heads.length - 1))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cut(cell, widths[i]!), widths[i]!, heads[i]!.right))
      .join('  ')
      .trimEnd()
  const margin = ' '.repeat(indent)
  const titled = heads.some(({ title }) => title !== '')
  const head = titled ? [margin + pc.dim(line(heads.map(({ title }) => title)))] : []
  return [...head, ...rows.map((row) => margin + line(row))].join('\n')
}

function shrink(widths: number[], heads: readonly Column[], room: number): void {
  const total = (): number => widths.reduce((a, b) => a + b, 0)
  const candidates = heads
    .map((head, i) => ({ i, flexible: head.flexible === true }))
    .filter((c) => c.flexible)
  const shrinkable = candidates.length > 0 ? candidates.map((c) => c.i) : heads.map((_, i) => i)
  while (total() > room) {
    const widest = shrinkable.reduce((a, b) => (widths[b]! > widths[a]! ? b : a))
    if (widths[widest]! <= 8) return
    widths[widest]!--
  }
}

/** Label and value lines, aligned. */
export function facts(pairs: readonly (readonly [string, string])[], indent = 2): string {
  const label = Math.max(...pairs.map(([name]) => widthOf(name)))
  const margin = ' '.repeat(indent)
  return pairs.map(([name, value]) => `${margin}${pc.dim(pad(name, label))}  ${value}`).join('\n')
}

/** A paragraph that fits the terminal. */
export function paragraph(text: string, indent = 2): string {
  return wrap(text, columns() - indent)
    .map((line) => ' '.repeat(indent) + line)
    .join('\n')
}
