// Passes over the rest of a record that is too large to hold, without holding it.
import { matches, type CsvRules } from './csvRules.ts'
import type { CsvScan } from './csvScan.ts'
import type { Units } from './window.ts'

/** More units than any delimiter has: what must lie ahead so that a delimiter is never cut in two. */
const lookahead = 40

export class CsvSkip {
  lines = 0
  /** The row's end was passed. */
  ended = false
  private quoted = false
  private fieldStart = true
  private readonly rules: CsvRules
  private readonly scan: CsvScan

  constructor(rules: CsvRules, scan: CsvScan) {
    this.rules = rules
    this.scan = scan
  }

  /** Goes on from `at`; returns where it stopped: past the row's end, or where more units are needed. */
  pass(units: Units, at: number, end: number, final: boolean): number {
    const limit = final ? end : end - lookahead
    let i = at
    while (i < limit && !this.ended) i += this.step(units, i, end)
    if (final && i >= end) this.ended = true
    return i
  }

  private step(units: Units, at: number, end: number): number {
    const { quote, escape, delimiter } = this.rules
    const unit = units[at]!
    const row = this.scan.rowAt(units, at, end, true)
    if (row > 0) {
      this.lines++
      this.ended = !this.quoted
      return row
    }
    if (this.quoted) {
      const next = units[at + 1]
      if (unit === escape && at + 1 < end && (next === quote || next === escape)) return 2
      if (unit === quote) this.quoted = false
      return 1
    }
    if (matches(units, at, end, delimiter) === 1) {
      this.fieldStart = true
      return delimiter.length
    }
    this.quoted = this.fieldStart && unit === quote
    this.fieldStart = false
    return 1
  }
}
