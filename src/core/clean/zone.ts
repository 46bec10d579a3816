// Local times of a zone: how far ahead of UTC a wall clock was.
import { Temporal } from 'temporal-polyfill'

const daySeconds = 86_400
const daysKept = 40_000

/** True for a zone `localOffset` can read. */
export function isTimeZone(timeZone: string): boolean {
  try {
    void Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone)
    return true
  } catch {
    return false
  }
}

/**
 * Seconds that a wall clock in the zone is ahead of UTC, given its reading in seconds as if it were UTC.
 * A reading that does not exist moves ahead by the gap; of two the first counts (RFC 5545, Temporal's `compatible`).
 * Days without a change of clocks are remembered: the exact answer takes several microseconds.
 */
export function localOffset(timeZone = 'UTC'): (localSeconds: number) => number {
  if (timeZone === 'UTC' || timeZone === 'Etc/UTC' || timeZone === 'Z') return () => 0
  const days = new Map<number, number | null>()
  const exact = (local: number): number => {
    const wall = Temporal.Instant.fromEpochMilliseconds(local * 1000)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime()
    return local - wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds / 1000
  }
  const steady = (day: number): number | null => {
    const offset = exact(day * daySeconds)
    return offset === exact((day + 1) * daySeconds) ? offset : null
  }
  return (local) => {
    const day = Math.floor(local / daySeconds)
    let offset = days.get(day)
    if (offset === undefined) {
      if (days.size >= daysKept) days.clear()
      days.set(day, (offset = steady(day)))
    }
    return offset ?? exact(local)
  }
}
