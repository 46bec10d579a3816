// When a quote is broken: was the damage one line, or does the record really run over several lines?
import type { CsvScan } from './csvScan.ts'
import type { Units } from './window.ts'

export interface TrialArea {
  readonly units: Units
  /** Where the trial may look; beyond it lies more of the file (not `final`) or the record cap (`limited`). */
  readonly end: number
  readonly final: boolean
  readonly limited: boolean
  /** Where the damaged record would end if it were taken whole. */
  readonly spanEnd: number
  /** How the record is damaged; `large`: it is not, but does not end within the record cap. */
  readonly damage: 'quote' | 'open' | 'large' | 'count'
}

/** Where the damaged record ends, before `spanEnd`. whole: it ends there. more: it takes more bytes to tell. */
export type Confined = number | 'whole' | 'more'

const trialRecords = 16
const trialStarts = 1000

/**
 * A record that does not fit and has line ends inside quotes is read again from its second line. Where what
 * is found there looks like records of the file, a quote in the first line was damaged: only that line is set
 * aside. Where it does not, the lines belong together, and the whole is set aside: a line of somebody's note
 * must never be loaded as a person. Of a quote that is open to the end of the file, the later lines are tried
 * too, because the whole would be the rest of the file. A well-formed record never comes here, and the verdict
 * depends on nothing before the record: reading that begins at it finds the same.
 *
 * `found` holds the damaged record's scan; `width` is the number of columns (0: unknown).
 */
export function confine(found: CsvScan, probe: CsvScan, area: TrialArea, width: number): Confined {
  if (width === 0) return area.damage === 'count' ? 'whole' : found.secondLine
  let at = found.secondLine
  for (let tried = 0; tried < trialStarts && at >= 0 && at < area.spanEnd; tried++) {
    const trial = tryFrom(at, probe, area, width)
    if (trial === 'more') return 'more'
    if (convinces(trial, area, width, tried === 0)) return at
    if (area.damage !== 'open') break
    at = nextLine(at, probe, area)
  }
  return 'whole'
}

interface Trial {
  good: number
  bad: number
  /** The very first record fits. */
  first: boolean
}

function convinces(
  { good, bad, first }: Trial,
  area: TrialArea,
  width: number,
  secondLine: boolean,
): boolean {
  // Balanced quotes with a wrong field count are weaker evidence than a broken quote: ask for more lines that fit.
  if (area.damage === 'count') return (width - 1) * (good - bad) >= 4
  if (secondLine) return good > bad
  return first && (width - 1) * (good - bad) >= 2
}

function tryFrom(start: number, probe: CsvScan, area: TrialArea, width: number): Trial | 'more' {
  const trial: Trial = { good: 0, bad: 0, first: false }
  let at = start
  for (let tried = 0; tried < trialRecords && at < area.spanEnd;) {
    const blank = probe.rowAt(area.units, at, area.end, area.final)
    if (blank > 0) {
      at += blank
      continue
    }
    if (blank < 0 || probe.scan(area.units, at, area.end, area.final) === 'more') {
      if (!area.limited) return 'more'
      break
    }
    const fits = probe.fault === null && probe.count === width
    if (tried === 0) trial.first = fits
    if (fits) trial.good++
    // The last line is expected to be broken too: it holds the quote that closed the field.
    else if (probe.next < area.spanEnd) trial.bad++
    at = probe.next
    tried++
  }
  return trial
}

function nextLine(from: number, probe: CsvScan, area: TrialArea): number {
  for (let at = from; at < area.spanEnd; at++) {
    const row = probe.rowAt(area.units, at, area.end, true)
    if (row > 0) return at + row
  }
  return -1
}

/** Line ends between two places. */
export function countRows(probe: CsvScan, units: Units, from: number, to: number): number {
  let rows = 0
  for (let at = from; at < to;) {
    const row = probe.rowAt(units, at, to, true)
    if (row > 0) rows++
    at += Math.max(row, 1)
  }
  return rows
}
