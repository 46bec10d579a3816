// What settings say about time: readings of a clock and zones.
import { z } from 'zod'

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 06:30')

/** An IANA time zone that this machine knows, such as Europe/Vienna. */
export const zoneName = z.string().refine(isZone, 'a time zone such as Europe/Vienna')

export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}
