// Quiet hours of a job: until when they last, and what is said to a run that waits for their end (LY-D05). Pure.
import type { Problem } from '../problem.ts'
import { problem } from '../problems.ts'
import type { Quiet } from '../setup/policies.ts'
import type { Trigger } from '../triggers.ts'
import { minutesOf } from './days.ts'
import { localText } from './words.ts'
import { zoneClock } from './zone.ts'

const minute = 60_000
const day = 86_400_000

/** Runs nobody is waiting for; what a person starts or goes on with takes place at any hour. */
const waiting: readonly string[] = ['schedule', 'file', 'after', 'process'] satisfies Trigger[]

/** When the quiet hours that an instant lies in are over; null: it lies in none. Milliseconds since 1970. */
export function quietUntil(quiet: Quiet, zone: string, now: number): number | null {
  const clock = zoneClock(zone)
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  const today = Math.floor(clock.wall(now) / day)
  // Hours over midnight began yesterday.
  for (const first of [today - 1, today]) {
    const last = to > from ? first : first + 1
    const start = clock.instant(first * day + from * minute).at
    const end = clock.instant(last * day + to * minute).at
    if (start <= now && now < end) return end
  }
  return null
}

/** What keeps a run back now: `schedule.quiet`, with the seconds it waits; null: it may begin. */
export function quietProblem(
  run: { readonly trigger: string; readonly quiet: Quiet | null; readonly zone: string },
  now: number,
): Problem | null {
  const { quiet, trigger } = run
  if (quiet === null || !waiting.includes(trigger)) return null
  const zone = quiet.zone ?? run.zone
  const until = quietUntil(quiet, zone, now)
  if (until === null) return null
  const hours = `${quiet.from} to ${quiet.to}`
  const retryAfter = Math.ceil((until - now) / 1000)
  return problem('schedule.quiet', { hours, until: localText(until, zone), retryAfter })
}
