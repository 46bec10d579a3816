// By when a file should have arrived today, and whether that time has come.
import { minutesOf } from './schedule/days.ts'
import { occurrences } from './schedule/occurrences.ts'
import { zoneClock } from './schedule/zone.ts'
import type { Schedule } from './setup/schedule.ts'

const day = 86_400_000
const minute = 60_000

export interface Expecting {
  /** HH:MM by the clock of the zone. */
  readonly expectedBy: string
  readonly schedule: Schedule | null
  readonly zone: string
  /** When the job was switched on first, and since when it is on without a break; milliseconds since 1970. */
  readonly activation: number
  readonly activeSince: number
}

export interface Expected {
  /** The day, YYYY-MM-DD in the zone: it is told once a day. */
  readonly day: string
  /** From when on an arrival counts, and by when one was due; milliseconds since 1970. */
  readonly since: number
  readonly by: number
}

/**
 * What was expected by now, on the day it is. Null: not yet, or nothing is due on this day (a job with a schedule expects
 * files on the days it runs), or the job was switched on only after that time.
 */
export function expectedNow(
  { expectedBy, schedule, zone, activation, activeSince }: Expecting,
  now: number,
): Expected | null {
  const clock = zoneClock(zone)
  const today = Math.floor(clock.wall(now) / day) * day
  const [since, by, end] = [today, today + minutesOf(expectedBy) * minute, today + day].map(
    (wall) => clock.instant(wall).at,
  ) as [number, number, number]
  if (now < by || activeSince > by) return null
  if (schedule !== null && !isDue(schedule, { zone, activation }, since, end)) return null
  return { day: new Date(today).toISOString().slice(0, 10), since, by }
}

function isDue(
  schedule: Schedule,
  when: { readonly zone: string; readonly activation: number },
  from: number,
  end: number,
): boolean {
  for (const { at, mark } of occurrences({ schedule, ...when }, from)) {
    if (at >= end) return false
    if (mark !== 'skipped') return true
  }
  return false
}
