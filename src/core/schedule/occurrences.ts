// When a schedule is due: its occurrences in order, around clock changes and months without the day (design section 8).
import type { Schedule, ScheduleRule } from '../setup/schedule.ts'
import { calendarRule, lastDay, type CalendarRule } from './days.ts'
import { zoneClock, type ZoneClock } from './zone.ts'

const minute = 60_000
const day = 86_400_000

export interface Occurrence {
  /** Milliseconds since 1970. */
  readonly at: number
  /**
   * skipped: its month has no such day, nothing runs (`at` is then on the month's last day); shifted: the clock jumped over
   * its time, so it runs by so much later; twice: its time occurs twice, and it runs the first time.
   */
  readonly mark: 'skipped' | 'shifted' | 'twice' | null
  /** What the wall clock should show, in milliseconds as if it were UTC. */
  readonly wall: number
  /** The day of the month there is not. */
  readonly missing?: number
}

/** A schedule with all it depends on: its zone, and the instant it counts from. */
export interface Timing {
  readonly schedule: Schedule
  /** IANA zone; the namespace's where the schedule names none. */
  readonly zone: string
  /** Since when the job is active, milliseconds since 1970: what every N minutes counts from without a start. */
  readonly activation: number
}

/**
 * The occurrences from an instant on (itself included), ascending, no instant twice, within the schedule's start and end.
 * Lazy: take as many as needed. Ends where nothing is due any more. Throws CronError and RangeError (zone).
 */
export function* occurrences(timing: Timing, from: number): Generator<Occurrence, void, undefined> {
  const { rule, start, end } = timing.schedule
  const first = start === null ? from : Math.max(from, Date.parse(start))
  const last = end === null ? Number.POSITIVE_INFINITY : Date.parse(end)
  for (const occurrence of unbounded(rule, timing, first)) {
    if (occurrence.at > last) return
    yield occurrence
  }
}

function unbounded(rule: ScheduleRule, timing: Timing, from: number): Generator<Occurrence, void, undefined> {
  if (rule.kind === 'every') return grid(rule.minutes * minute, anchorOf(timing), from)
  const clock = zoneClock(timing.zone)
  const calendar = calendarRule(rule)
  return calendar.realTime ? realTime(calendar, clock, from) : readings(calendar, clock, from)
}

function anchorOf({ schedule, activation }: Timing): number {
  return schedule.start === null ? Math.floor(activation / minute) * minute : Date.parse(schedule.start)
}

/** Real time: clocks that change change nothing. */
function* grid(step: number, anchor: number, from: number): Generator<Occurrence, void, undefined> {
  for (let at = anchor + Math.ceil((from - anchor) / step) * step; at < lastDay * day; at += step)
    yield { at, mark: null, wall: at }
}

/** One instant for each reading of the clock that the calendar names. */
function* readings(
  rule: CalendarRule,
  clock: ZoneClock,
  from: number,
): Generator<Occurrence, void, undefined> {
  // Days before may reach into this one where the clock jumped.
  let named = rule.next(Math.floor(clock.wall(from) / day) - 2)
  let waiting: Occurrence[] = []
  while (named !== null) {
    const { day: today, missing } = named
    for (const time of rule.times) waiting.push(occurrenceOf(clock, today * day + time * minute, missing))
    const next = rule.next(today + 1)
    const horizon = next === null ? Number.POSITIVE_INFINITY : clock.instant(next.day * day).at
    const ready = inOrder(waiting)
    waiting = ready.filter(({ at }) => at >= horizon)
    for (const one of ready) if (one.at >= from && one.at < horizon) yield one
    named = next
  }
}

function occurrenceOf(clock: ZoneClock, wall: number, missing: number | undefined): Occurrence {
  const { at, kind } = clock.instant(wall)
  if (missing !== undefined) return { at, mark: 'skipped', wall, missing }
  return { at, mark: kind === 'gap' ? 'shifted' : kind === 'twice' ? 'twice' : null, wall }
}

/** One that was shifted onto another is that other one. */
function inOrder(all: readonly Occurrence[]): Occurrence[] {
  const sorted = all.toSorted((a, b) => a.at - b.at || Number(a.mark !== null) - Number(b.mark !== null))
  return sorted.filter((one, i) => one.at !== sorted[i - 1]?.at)
}

/** Every instant at which the clock shows one of the readings: twice in an hour that is repeated, never in one that is not. */
function* realTime(
  rule: CalendarRule,
  clock: ZoneClock,
  from: number,
): Generator<Occurrence, void, undefined> {
  let stretch = clock.at(from)
  let wall = clock.wall(from)
  for (;;) {
    const named = rule.next(Math.floor(wall / day))
    if (named === null) return
    for (const time of rule.times) {
      const reading = named.day * day + time * minute
      const at = reading - stretch.offset
      if (at >= stretch.end) break
      if (reading >= wall) yield { at, mark: null, wall: reading }
    }
    // The next day in this stretch, or where the next stretch begins.
    const next = (named.day + 1) * day
    if (next - stretch.offset < stretch.end) wall = next
    else {
      stretch = clock.at(stretch.end)
      wall = stretch.start + stretch.offset
    }
  }
}

/** The last occurrence within [from, to] that is not skipped, or undefined. Looks back from `to`, further each time. */
export function lastOccurrence(timing: Timing, from: number, to: number): Occurrence | undefined {
  for (let width = 60 * minute; ; width *= 8) {
    const begin = Math.max(from, to - width)
    let last: Occurrence | undefined
    for (const one of occurrences(timing, begin)) {
      if (one.at > to) break
      if (one.mark !== 'skipped') last = one
    }
    if (last !== undefined || begin === from) return last
  }
}

/** Whether a schedule has not begun at an instant (milliseconds since 1970): its job then waits for the start. */
export function beginsLater(schedule: Schedule | null, now: number): boolean {
  return schedule?.start != null && Date.parse(schedule.start) > now
}
