// What a job is owed: which of its occurrences up to now become a run, and which are only told (design section 8).
import { problem } from '../problems.ts'
import type { Problem } from '../problem.ts'
import { lastOccurrence, occurrences, type Occurrence, type Timing } from './occurrences.ts'
import { noteOf } from './preview.ts'
import { localText } from './words.ts'

/** So much later than due still counts as on time, in milliseconds: nobody missed it. */
const graceMs = 60_000
/** Beyond, missed occurrences are not counted one by one. */
const countMax = 20_000

/** One thing the scheduler does; instants in milliseconds since 1970. */
export interface Owed {
  readonly dueAt: number
  /** How many occurrences it stands for. */
  readonly count: number
  /** Null: a run; else nothing runs, and this is why. */
  readonly skipped: Problem | null
}

/** An open run of a job: retries and undos are none. */
export interface OpenRun {
  readonly name: string
  /** It has not begun yet. */
  readonly waiting: boolean
}

/**
 * What becomes of the occurrences within [since, now]. Those nobody was there for become one run or one line, by the
 * policy `missed`; months without the day a line each; what is due while the run before is open, by the policy `overlap`.
 */
export function owed(timing: Timing, since: number, now: number, open: readonly OpenRun[]): Owed[] {
  const { days, count, first } = look(timing, since, now)
  const newest = lastOccurrence(timing, since, now)
  if (newest === undefined || first === undefined) return days
  const { missed, overlap } = timing.schedule
  const onTime = now - newest.at <= graceMs
  if (missed === 'run_once')
    return [...days, overlapping({ dueAt: newest.at, count, skipped: null }, overlap, open, timing)]
  if (!onTime) return [...days, missing(timing, first, newest.at, count)]
  const before = count > 1 ? lastOccurrence(timing, since, newest.at - 1) : undefined
  return [
    ...days,
    ...(before === undefined
      ? []
      : [missing(timing, first, before.at, count === countMax ? count : count - 1)]),
    overlapping({ dueAt: newest.at, count: 1, skipped: null }, overlap, open, timing),
  ]
}

function look(timing: Timing, since: number, now: number) {
  const days: Owed[] = []
  let [count, first] = [0, undefined as number | undefined]
  for (const one of occurrences(timing, since)) {
    if (one.at > now || count >= countMax) break
    if (one.mark === 'skipped') days.push(dayMissing(one, timing.zone))
    else {
      first ??= one.at
      count++
    }
  }
  return { days, count, first }
}

function dayMissing(one: Occurrence, zone: string): Owed {
  return { dueAt: one.at, count: 1, skipped: noteOf(one, zone) }
}

function missing(timing: Timing, first: number, last: number, count: number): Owed {
  const { zone, activation } = timing
  const code = first < activation ? 'schedule.missed_while_off' : 'schedule.missed'
  const [from, to] = [localText(first, zone), localText(last, zone)]
  const details = {
    count: occurrencesText(count),
    when: first === last ? `at ${to}` : `from ${from} to ${to}`,
  }
  return { dueAt: last, count, skipped: problem(code, details) }
}

function occurrencesText(count: number): string {
  if (count >= countMax) return '20,000 runs and more'
  return count === 1 ? '1 run' : `${count} runs`
}

function overlapping(one: Owed, policy: 'queue' | 'skip', open: readonly OpenRun[], { zone }: Timing): Owed {
  return { ...one, skipped: overlapProblem(policy, open, one.count, localText(one.dueAt, zone)) }
}

/**
 * Why nothing may begin beside the job's open runs, oldest first; null: it may. With the policy `queue` one may wait
 * behind the open one. `to`: when it was due, in words.
 */
export function overlapProblem(
  policy: 'queue' | 'skip',
  open: readonly OpenRun[],
  count: number,
  to: string,
): Problem | null {
  const refused =
    policy === 'skip' ? open[0] : open.length > 1 ? open[0] : open.find(({ waiting }) => waiting)
  if (refused === undefined) return null
  const why = policy === 'skip' ? 'overlap: skip' : 'one waits already'
  return problem('schedule.overlap', { count: occurrencesText(count), run: refused.name, policy: why, to })
}
