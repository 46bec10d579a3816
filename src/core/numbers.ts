// The numbers of a job in some time: how many people were added, updated and removed, how many records omitted (LY-19). Pure.
import { toCounters, type FlatCounters } from './law.ts'
import { sumOf } from './vendors/words.ts'

/** What was done and what was not, one word for each. */
export const countedNumbers = ['added', 'updated', 'unchanged', 'removed', 'omitted', 'failed'] as const
export type CountedNumber = (typeof countedNumbers)[number]

export type Numbers = Readonly<Record<CountedNumber, number>> & {
  /** Runs that ended in this time. */
  readonly runs: number
}

/** What the counters of so many runs say. */
export function numbersOf(runs: number, flat: FlatCounters): Numbers {
  const { finished, skipped, failed } = toCounters(flat, 0)
  return {
    runs,
    added: sumOf(finished, ['created', 'delivered']),
    updated: sumOf(finished, ['updated', 'merged']),
    unchanged: sumOf(finished, ['unchanged']),
    removed: sumOf(finished, ['deleted', 'removed']),
    omitted: skipped.total,
    failed: failed.total,
  }
}
