// What comes of a schedule: its next occurrences with what is special about them, what is wrong with it, and whether it is too dense.
import { dayFrom1970, monthName } from '../clean/calendar.ts'
import { nearest } from '../nearest.ts'
import type { Problem } from '../problem.ts'
import { problem } from '../problems.ts'
import type { Quiet } from '../setup/policies.ts'
import type { Schedule } from '../setup/schedule.ts'
import { calendarRule } from './days.ts'
import { CronError } from './cron.ts'
import { occurrences, type Occurrence, type Timing } from './occurrences.ts'
import { quietProblem } from './quiet.ts'
import { localText, offsetText, spanText, wallText } from './words.ts'
import { zoneClock } from './zone.ts'

export interface NextRun {
  /** ISO 8601, in UTC. */
  readonly at: string
  /** The same instant on the clocks of the job's zone, with their offset. */
  readonly local: string
  /** Why it is special: nothing runs (`schedule.no_such_day`), it waits (`schedule.quiet`), or the clocks change; null: nothing is. */
  readonly note: Problem | null
  readonly runs: boolean
}

/**
 * The next occurrences after an instant (milliseconds since 1970), skipped ones among them: `runs` of those do not run.
 * Those within quiet hours say until when they wait.
 */
export function nextRuns(
  timing: Timing,
  after: number,
  count: number,
  quiet: Quiet | null = null,
): NextRun[] {
  const found: NextRun[] = []
  for (const one of occurrences(timing, after + 1)) {
    if (found.length === count) break
    found.push(nextRunOf(one, timing.zone, quiet))
  }
  return found
}

function nextRunOf(one: Occurrence, zone: string, quiet: Quiet | null): NextRun {
  return {
    at: new Date(one.at).toISOString(),
    local: offsetText(one.at, zone),
    note: noteOf(one, zone) ?? quietProblem({ trigger: 'schedule', quiet, zone }, one.at),
    runs: one.mark !== 'skipped',
  }
}

/** What is special about an occurrence, as a problem of the catalogue; null: nothing. */
export function noteOf(one: Occurrence, zone: string): Problem | null {
  if (one.mark === null) return null
  if (one.mark === 'skipped') {
    const { year, month } = dayFrom1970(Math.floor(one.wall / 86_400_000))
    return problem('schedule.no_such_day', { day: one.missing!, month: `${monthName(month)} ${year}` })
  }
  const time = wallText(one.wall)
  return one.mark === 'shifted'
    ? problem('schedule.clock_forward', { time, instead: localText(one.at, zone) })
    : problem('schedule.clock_back', { time })
}

/** What is wrong with a schedule; null: it can be used. `now` in milliseconds since 1970. */
export function scheduleProblem(schedule: Schedule, zone: string, now: number): Problem | null {
  return (
    zoneProblem(zone) ?? cronProblem(schedule) ?? boundsProblem(schedule) ?? neverProblem(schedule, zone, now)
  )
}

/** `schedule.zone_unknown`, or null. */
export function zoneProblem(zone: string): Problem | null {
  try {
    zoneClock(zone)
    return null
  } catch {
    const near = similarZone(zone)
    return problem('schedule.zone_unknown', {
      zone,
      near: near === undefined ? '' : ` Did you mean ${near}?`,
    })
  }
}

/** `vienna` and `Europe/Vien` mean Europe/Vienna before they are misspellings of anything. */
function similarZone(text: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone')
  const plain = text.trim().toLowerCase().replaceAll(' ', '_')
  const begun = zones.find((zone) => zone.toLowerCase().startsWith(plain) && plain !== '')
  const city = zones.find((zone) => zone.toLowerCase().endsWith(`/${plain}`))
  return city ?? begun ?? nearest(text, zones)
}

function cronProblem({ rule }: Schedule): Problem | null {
  if (rule.kind !== 'cron') return null
  try {
    calendarRule(rule)
    return null
  } catch (error) {
    if (!(error instanceof CronError)) throw error
    const { position, message: detail } = error
    return problem('schedule.cron', { expression: rule.expression, position, detail })
  }
}

function boundsProblem({ start, end }: Schedule): Problem | null {
  if (start === null || end === null || Date.parse(start) < Date.parse(end)) return null
  return problem('schedule.end_before_start', { start, end })
}

function neverProblem(schedule: Schedule, zone: string, now: number): Problem | null {
  for (const { mark } of occurrences({ schedule, zone, activation: now }, now + 1))
    if (mark !== 'skipped') return null
  const until = schedule.end === null ? '' : ` until its end at ${localText(Date.parse(schedule.end), zone)}`
  return problem('schedule.never', { until })
}

/** Occurrences looked at to find the shortest distance between two. */
const lookedAt = 60

/** A warning where runs usually take longer than the shortest time between two occurrences (BL-10); seconds. */
export function densityProblem(timing: Timing, now: number, usualSeconds: number | null): Problem | null {
  if (usualSeconds === null) return null
  let [shortest, before, looked] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const { at, mark } of occurrences(timing, now + 1)) {
    if (mark === 'skipped') continue
    shortest = Math.min(shortest, at - before)
    before = at
    if (++looked === lookedAt) break
  }
  const interval = shortest / 1000
  if (usualSeconds <= interval) return null
  return problem('schedule.too_often', { usual: spanText(usualSeconds), interval: spanText(interval) })
}
