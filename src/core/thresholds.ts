// Numbers of a job that are watched: which periods are judged, when somebody is told, and what of it (LY-D09). Pure.
import { twoDigits } from './clean/calendar.ts'
import { groupedNumber } from './countText.ts'
import type { Problem } from './problem.ts'
import { problem } from './problems.ts'
import { wallText } from './schedule/words.ts'
import { zoneClock } from './schedule/zone.ts'
import type { Threshold } from './setup/policies.ts'
import { limitsText, rowText } from './thresholdText.ts'

const hour = 3_600_000
const day = 24 * hour
const lengths: Readonly<Record<Threshold['per'], number>> = { hour, day, week: 7 * day }
/** Weeks begin on Mondays; 1970-01-01 was a Thursday. */
const aMonday = -3 * day

/** An hour, day or week on the clocks of a zone; instants in milliseconds since 1970, `end` excluded. */
export interface Period {
  /** The reading of the clock at its beginning, `YYYY-MM-DDTHH:MM:SS`, as activity has it. */
  readonly at: string
  readonly start: number
  readonly end: number
}

/** A run that ended in the last moment of a period may be committed a little later. */
const settlingMs = 5 * 60_000

/** The periods that begin at `from` or later and were over by `now`, the oldest first, so many at most. */
export function completePeriods(
  per: Threshold['per'],
  zone: string,
  { from, now }: { readonly from: number; readonly now: number },
  limit: number,
): Period[] {
  const clock = zoneClock(zone)
  const length = lengths[per]
  const first = per === 'week' ? aMonday : 0
  const found: Period[] = []
  let wall = first + Math.floor((clock.wall(from) - first) / length) * length
  for (; found.length < limit; wall += length) {
    const [start, end] = [clock.instant(wall).at, clock.instant(wall + length).at]
    if (end + settlingMs > now) break
    // Where clocks are put forward, an hour of the clock is none.
    if (start >= from && start < end)
      found.push({ at: new Date(wall).toISOString().slice(0, 19), start, end })
  }
  return found
}

/** How a number stands. */
export interface Spell {
  /** Periods in a row that were outside the limits. */
  readonly outside: number
  /** Somebody was told, and not yet that it is over. */
  readonly told: boolean
}

export interface Judged {
  readonly spell: Spell
  /** The line that is written; null: none. */
  readonly tells: 'threshold' | 'threshold_ok' | null
}

/** What the number of one more period means: once per spell, with as many as are tolerated before. */
export function judgeNumber(threshold: Threshold, { outside, told }: Spell, number: number): Judged {
  if (limitPassed(threshold, number) === null)
    return { spell: { outside: 0, told: false }, tells: told ? 'threshold_ok' : null }
  const more = outside + 1
  const tells = !told && more > threshold.tolerated
  return { spell: { outside: more, told: told || tells }, tells: tells ? 'threshold' : null }
}

/** `fewer than 100`, `more than 5,000`; null: it is within the limits. */
function limitPassed({ min, max }: Threshold, number: number): string | null {
  if (min !== null && number < min) return `fewer than ${groupedNumber(min)}`
  return max !== null && number > max ? `more than ${groupedNumber(max)}` : null
}

interface Found {
  /** The name of the job. */
  readonly job: string
  readonly period: Period
  readonly zone: string
  readonly number: number
}

/** What is said of a number outside its limits; `outside`: periods in a row, with this one. */
export function thresholdProblem(threshold: Threshold, found: Found, outside: number): Problem {
  const row = outside === 1 ? '' : ` (${rowText(threshold.per, outside)})`
  const limit = `${limitPassed(threshold, found.number) ?? limitsText(threshold)}${row}`
  return problem('threshold.outside', { ...factsOf(threshold, found), limit })
}

/** What fills the line that it is within its limits again. */
export function withinAgain(threshold: Threshold, found: Found): Record<string, string | number> {
  return { ...factsOf(threshold, found), limits: limitsText(threshold) }
}

function factsOf(
  { counter, per }: Threshold,
  { job, period, zone, number }: Found,
): Record<string, string | number> {
  const { start, end, at } = period
  return {
    job,
    counter,
    per,
    number,
    found: groupedNumber(number),
    when: periodText(per, at, zone),
    from: new Date(start).toISOString(),
    to: new Date(end).toISOString(),
  }
}

/** `on 2026-03-01`, `from 06:00 to 07:00 on 2026-03-01 (Europe/Vienna)`, `in the week from 2026-02-23 to 2026-03-01` */
function periodText(per: Threshold['per'], at: string, zone: string): string {
  const date = at.slice(0, 10)
  if (per === 'day') return `on ${date}`
  if (per === 'week')
    return `in the week from ${date} to ${wallText(Date.parse(`${at}Z`) + 6 * day).slice(0, 10)}`
  const clock = Number(at.slice(11, 13))
  return `from ${twoDigits(clock)}:00 to ${twoDigits(clock + 1)}:00 on ${date} (${zone})`
}
