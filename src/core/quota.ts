// What counts against the quota of a namespace (E6, BC-24, BC-27), and when somebody is told (LY-D08). Pure.
import type { NewRow } from './changeSet.ts'

/** Percent of the quota at which a line is written into the log. */
export const quotaSteps = [50, 75, 90, 100] as const

/**
 * Whether a record counts: it was accepted for import, whatever that changed, or was refused only by the profile store.
 * What could not be read or mapped, or was left out, does not.
 */
export function counts(row: NewRow): boolean {
  return row.state === 'finished' || (row.state === 'failed' && row.problem.stage === 'write')
}

/** The last record of a batch that may be taken where there is room for so many that count: all before the first too many. */
export function lastWithin(
  rows: readonly NewRow[],
  room: number,
  isCounted: (row: NewRow) => boolean,
): number | null {
  let taken = 0
  let last: number | null = null
  for (const row of rows) {
    if (counts(row) && !isCounted(row) && ++taken > room) return last
    last = row.ordinal
  }
  return last
}

/** The highest step that was passed and that nobody was told of; null: none. */
export function stepToTell(used: number, quota: number, told: number): number | null {
  const passed = quotaSteps.filter((step) => used * 100 >= quota * step)
  const highest = passed.at(-1) ?? 0
  return highest > told ? highest : null
}

/** Before so much of a month is over, its use says nothing of the rest: about a day. */
const shareMin = 0.03

/** How many records the month will have taken at its end if it goes on like this; null: too early to tell. `gone`: how much of the month is over, 0 to 1. */
export function quotaForecast(used: number, gone: number): number | null {
  return gone < shareMin ? null : Math.max(used, Math.round(used / Math.min(1, gone)))
}
