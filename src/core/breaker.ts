// The circuit breaker: what a validated run would do, against the limits of its job (design section 7, P20, P21). Pure.
import type { BreakerLimits } from './job.ts'
import type { Problem } from './problem.ts'
import { problem } from './problems.ts'

/** Completed runs whose median says what is usual, and how many there must be at least. */
export const usualRuns = 5
export const usualRunsMin = 3

/** What is known of a run before its first write. */
export interface Prospect {
  /** Its name, for the advice. */
  readonly run: string
  readonly total: number
  readonly rejected: number
  /** Profiles it would delete; null: it deletes nobody. */
  readonly deletes: number | null
  /** All profiles there are. */
  readonly profiles: number
  /** Records of the last completed ordinary runs of the job, any order; empty where it runs once. */
  readonly usual: readonly number[]
  /** Mapped columns that the file does not have, or has elsewhere: in words. */
  readonly misplaced: readonly string[]
  /** Mapped columns most of whose values do not fit, with the percentage. */
  readonly retyped: readonly { readonly column: string; readonly percent: number }[]
}

/** Every limit the run passes, the gravest first; empty: it may write. */
export function tripsOf(limits: BreakerLimits, found: Prospect): Problem[] {
  const { run, total } = found
  // Nothing can be said about the rows of a file that has none.
  if (total === 0) return limits.empty ? [problem('breaker.empty', { run })] : []
  return [
    ...columnTrips(limits, found),
    ...deleteTrips(limits, found),
    ...rejectTrips(limits, found),
    ...typeTrips(limits, found),
    ...rowTrips(limits, found),
  ]
}

function columnTrips({ columns }: BreakerLimits, { run, misplaced }: Prospect): Problem[] {
  return !columns || misplaced.length === 0
    ? []
    : [problem('breaker.columns', { columns: misplaced.join(', '), run })]
}

function typeTrips({ columns }: BreakerLimits, { run, retyped }: Prospect): Problem[] {
  if (!columns) return []
  return retyped.map(({ column, percent }) => problem('breaker.retyped', { column, percent, run }))
}

function deleteTrips({ deletesMax, deletesPercent }: BreakerLimits, found: Prospect): Problem[] {
  const { run, deletes, profiles } = found
  if (deletes === null || deletes === 0) return []
  const share = profiles === 0 ? 100 : (deletes / profiles) * 100
  const tooMany = deletesMax !== null && deletes > deletesMax
  const tooMuch = deletesPercent !== null && share > deletesPercent
  if (!tooMany && !tooMuch) return []
  const limit = tooMany ? deletesMax : `${deletesPercent} %`
  return [problem('breaker.deletes', { deletes, profiles, percent: oneDecimal(share), limit, run })]
}

function rejectTrips({ rejectsPercent, rejectsMin }: BreakerLimits, found: Prospect): Problem[] {
  const { run, total, rejected } = found
  const percent = (rejected / total) * 100
  if (rejectsPercent === null || rejected <= rejectsMin || percent <= rejectsPercent) return []
  return [
    problem('breaker.rejects', { rejected, total, percent: oneDecimal(percent), limit: rejectsPercent, run }),
  ]
}

function rowTrips({ rowsMinPercent, rowsMaxPercent }: BreakerLimits, found: Prospect): Problem[] {
  const { run, total, usual } = found
  if (usual.length < usualRunsMin) return []
  const median = medianOf(usual)
  if (median === 0) return []
  const percent = (total / median) * 100
  const few = rowsMinPercent !== null && percent < rowsMinPercent
  const many = rowsMaxPercent !== null && percent > rowsMaxPercent
  if (!few && !many) return []
  const limit = few ? rowsMinPercent : rowsMaxPercent!
  return [
    problem('breaker.rows', {
      total,
      usual: median,
      percent: oneDecimal(percent),
      how: few ? 'less' : 'more',
      limit,
      run,
    }),
  ]
}

/** The middle one; of an even number the mean of the two. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]!
  return Math.round(((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2)
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10
}

/** Flat counters, as a run keeps them. */
type Counts = Readonly<Record<string, number>>

/** By so much a count may move while a held run waits: percent of it, and at least so many. */
const driftPercent = 1
const driftMin = 10

/**
 * The counts that moved, between what a person released and what would happen now, by more than 1 % of what they were
 * and more than 10; empty: it is what was released. Warnings and notes are no counts of people.
 */
export function drifted(before: Counts, now: Counts): { key: string; before: number; now: number }[] {
  const moved: { key: string; before: number; now: number }[] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (/^(?:warned|noted)\./.test(key)) continue
    const [was, is] = [before[key] ?? 0, now[key] ?? 0]
    if (Math.abs(is - was) > Math.max(driftMin, (was * driftPercent) / 100))
      moved.push({ key, before: was, now: is })
  }
  return moved
}
