// An instant to come, on the clocks of a job and on those of whoever looks.
import { localText, weekdayText } from '../core/schedule/words.ts'

/** Where this terminal is; the server and the job may be elsewhere. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/**
 * `Mon 2026-11-23 06:30 Europe/Vienna (05:30 in UTC)`: the job's clock first, because its schedule is meant there; beside
 * it that of the viewer where it shows another time, with the day where that is another one. `iso`: ISO 8601.
 */
export function zonedTime(iso: string, zone: string, viewer = viewerZone()): string {
  const at = Date.parse(iso)
  const [there, here] = [localText(at, zone), localText(at, viewer)]
  const told = `${withDay(there)} ${zone}`
  if (here === there) return told
  const sameDay = here.slice(0, 10) === there.slice(0, 10)
  return `${told} (${sameDay ? here.slice(11) : withDay(here)} in ${viewer})`
}

/** 2026-11-23 06:30 → Mon 2026-11-23 06:30 */
function withDay(local: string): string {
  return `${weekdayText(Date.parse(`${local.replace(' ', 'T')}:00Z`))} ${local}`
}
