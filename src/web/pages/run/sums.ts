// The numbers of a run as lines that add up to its total (the law, design section 6). Pure.
import type { RunView } from '../../../client/index.ts'
import { recordMachine } from '../../../core/record.ts'
import { plain, titleOf } from './stored.ts'

export interface SumLine {
  readonly key: string
  readonly label: string
  readonly count: number
  /** 0: a state, part of the total; 1: a part of the state above it. */
  readonly level: 0 | 1
  /** What exactly left records out, and how many. */
  readonly notes: readonly (readonly [name: string, count: number])[]
  /** Which records these are; null: they have no line in the ledger. */
  readonly filter: Readonly<Record<string, string>> | null
  /** Of the finest lines: how their part of the bar is painted. */
  readonly colour: string | null
}

const colours: Readonly<Record<string, string>> = {
  created: 'green.8',
  updated: 'green.5',
  unchanged: 'green.3',
  merged: 'teal.6',
  deleted: 'grape.6',
  restored: 'teal.4',
  removed: 'grape.4',
  delivered: 'lime.6',
  skipped: 'gray.5',
  failed: 'red.7',
  retry: 'yellow.6',
  waiting: 'yellow.4',
  new: 'blue.4',
}

/** The states with their parts, in the order of the receipt; states without records only where everybody asks for them. */
export function sumLines({ run, counters }: RunView): SumLine[] {
  const { finished, skipped, failed, left } = counters
  const open = (['retry', 'waiting', 'new'] as const).filter((state) => counters[state] > 0)
  return [
    state('finished', finished.total),
    ...parts(finished, (key) => ({
      label: plain(key),
      filter: { state: 'finished', outcome: key },
      colour: colours[key] ?? 'green.6',
    })),
    state('skipped', skipped.total, colours['skipped']),
    ...parts(skipped, (key) => ({
      label: plain(key),
      filter: { state: 'skipped', reason: key },
      notes: Object.entries(run.notes[key] ?? {}),
    })),
    state('failed', failed.total, colours['failed']),
    ...parts(failed, (key) => ({ label: titleOf(key), filter: { state: 'failed', code: key } })),
    ...open.map((name) => state(name, counters[name], colours[name])),
    ...(left === null || left === 0
      ? []
      : [{ ...state('left', left), label: run.settled ? 'Not read' : 'Left to read', filter: null }]),
  ]
}

function state(
  name: keyof typeof recordMachine.states | 'left',
  count: number,
  colour: string | null = null,
): SumLine {
  const label = name === 'left' ? name : recordMachine.states[name].label
  return { key: name, label, count, level: 0, notes: [], filter: { state: name }, colour }
}

type Part = Pick<SumLine, 'label' | 'filter'> & Partial<Pick<SumLine, 'colour' | 'notes'>>

function parts(of: Readonly<Record<string, number>>, part: (key: string) => Part): SumLine[] {
  return Object.entries(of)
    .filter(([key, count]) => key !== 'total' && count > 0)
    .map(([key, count]) => ({ key, count, level: 1, notes: [], colour: null, ...part(key) }))
}

/** Whether the states add up to what was counted, as anybody can check by reading them. */
export function addsUp(lines: readonly SumLine[], { counters }: RunView): boolean {
  const whole = counters.total ?? counters.read
  let parts = 0
  let state = 0
  let sum = 0
  const settle = (): boolean => parts === 0 || parts === state
  for (const { level, count } of lines) {
    if (level === 1) {
      parts += count
      continue
    }
    if (!settle()) return false
    sum += count
    state = count
    parts = 0
  }
  return settle() && sum === whole
}
