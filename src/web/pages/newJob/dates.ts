// Moments as a browser's field writes them: the viewer's wall clock, without a zone.
import { twoDigits } from '../../../core/clean/calendar.ts'

/** ISO 8601 → `2026-11-21T06:30` on the viewer's clock; '' for none. */
export function localInput(value: string | null): string {
  if (value === null) return ''
  const at = new Date(value)
  const day = [
    String(at.getFullYear()).padStart(4, '0'),
    twoDigits(at.getMonth() + 1),
    twoDigits(at.getDate()),
  ].join('-')
  return `${day}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`
}

/** The way back; null while it is not a whole moment. */
export function fromLocalInput(text: string): string | null {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? null : at.toISOString()
}
