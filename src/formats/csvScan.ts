// Finds the fields of one CSV record among units (RFC 4180 under a dialect), and what is wrong with it.
import { caps } from '../core/dialect.ts'
import { isTrail, kinds, matches, type CsvRules } from './csvRules.ts'
import type { Units } from './window.ts'

/** Marks of a field. `high`: some unit does not stand for itself. */
export const marks = { high: 1, quoted: 2, escaped: 4, nul: 8 } as const

export type Fault = 'quote_stray' | 'quote_text' | 'quote_open'
/** done: the record ends before `next`. more: the units end too early to know. */
export type ScanResult = 'done' | 'more'

/**
 * Scans one record at a time; the result is in its own fields, which the next scan overwrites.
 * What it finds depends on nothing but the units from the record's start on: that makes reading restartable.
 */
export class CsvScan {
  count = 0
  readonly starts = new Int32Array(caps.columns + 1)
  readonly ends = new Int32Array(caps.columns + 1)
  readonly marks = new Uint8Array(caps.columns + 1)
  /** Marks of all fields together. */
  all = 0
  /** After the last field, before the row delimiter. */
  bodyEnd = 0
  next = 0
  /** Line ends passed, that of the record included. */
  lines = 0
  fault: Fault | null = null
  faultField = 0
  /** Where a field went wrong; -1 without a fault. */
  faultAt = -1
  /** Where the second physical line begins, if a line ended inside quotes; else -1. */
  secondLine = -1
  /** The quoted field in which it ended. */
  openField = 0

  private readonly rules: CsvRules
  private readonly gb: boolean
  private units: Units = new Uint8Array(0)
  private end = 0
  private final = false
  private mark = 0
  private closedAt = 0

  constructor(rules: CsvRules) {
    this.rules = rules
    this.gb = rules.codec.name.startsWith('gb')
  }

  /** `final`: nothing follows `end`. */
  scan(units: Units, start: number, end: number, final: boolean): ScanResult {
    this.units = units
    this.end = end
    this.final = final
    this.count = 0
    this.all = 0
    this.lines = 0
    this.fault = null
    this.faultAt = -1
    this.secondLine = -1
    for (let at = start; ;) {
      at = this.field(at)
      if (at < 0) return 'more'
      const width = at < end ? this.delimiterAt(at) : 0
      if (width < 0) return 'more'
      if (width === 0) return this.finish(at)
      at += width
    }
  }

  /** Length of a row delimiter at `at` (0: none; -1: cannot be known yet). */
  rowAt(units: Units, at: number, end: number, final: boolean): number {
    const { row } = this.rules
    if (row !== null) {
      const match = matches(units, at, end, row)
      return match === 1 ? row.length : match === 0 || final ? 0 : -1
    }
    if (units[at] === 10) return 1
    if (units[at] !== 13) return 0
    if (at + 1 >= end) return final ? 1 : -1
    return units[at + 1] === 10 ? 2 : 1
  }

  private finish(at: number): ScanResult {
    this.bodyEnd = at
    const width = at >= this.end ? 0 : this.rowAt(this.units, at, this.end, this.final)
    if (width < 0) return 'more'
    if (width > 0) this.lines++
    this.next = at + width
    return 'done'
  }

  /** The end of the field that begins at `from`, where a delimiter, a row's end or the end stands; -1: more. */
  private field(from: number): number {
    if (from >= this.end) return this.final ? this.keep(from, from, from) : -1
    if (this.units[from] !== this.rules.quote) {
      const stop = this.plain(from)
      return stop < 0 ? -1 : this.keep(from, stop, stop)
    }
    const after = this.quoted(from)
    if (after < 0) return -1
    if (after >= this.end) return this.final ? this.keep(from + 1, this.closedAt, after) : -1
    const ends = this.endsField(after)
    if (ends < 0) return -1
    if (ends === 1) return this.keep(from + 1, this.closedAt, after)
    this.blame('quote_text', after)
    const quotedMark = this.mark
    const stop = this.plain(after)
    this.mark |= quotedMark
    return stop < 0 ? -1 : this.keep(from, stop, stop)
  }

  private keep(start: number, end: number, at: number): number {
    const k = this.count
    if (k <= caps.columns) {
      this.starts[k] = start
      this.ends[k] = end
      this.marks[k] = this.mark
    }
    this.all |= this.mark
    this.mark = 0
    this.count = k + 1
    return at
  }

  private blame(fault: Fault, at: number): void {
    if (this.fault !== null) return
    this.fault = fault
    this.faultField = this.count
    this.faultAt = at
  }

  /** 1: a delimiter or row's end stands at `at`; 0: neither; -1: more. */
  private endsField(at: number): number {
    const kind = this.rules.table[this.units[at]!]!
    if (kind === kinds.delimiter || kind === kinds.lf || kind === kinds.cr) return 1
    return kind === kinds.several ? this.severalAt(at) : 0
  }

  /** The same where a delimiter or row delimiter of several units may begin. */
  private severalAt(at: number): number {
    const row = this.rowAt(this.units, at, this.end, this.final)
    if (row !== 0) return row < 0 ? -1 : 1
    const width = this.delimiterAt(at)
    return width < 0 ? -1 : width > 0 ? 1 : 0
  }

  /** Length of the delimiter at `at` (0: none, perhaps a row's end; -1: more). A row's end wins. */
  private delimiterAt(at: number): number {
    const { table, delimiter } = this.rules
    const kind = table[this.units[at]!]
    if (kind === kinds.delimiter) return 1
    if (kind !== kinds.several) return 0
    const row = this.rowAt(this.units, at, this.end, this.final)
    if (row !== 0) return row < 0 ? -1 : 0
    const match = matches(this.units, at, this.end, delimiter)
    return match === 1 ? delimiter.length : match === 0 || this.final ? 0 : -1
  }

  private plain(from: number): number {
    const { units, end } = this
    const { table } = this.rules
    let mark = 0
    let i = from
    for (; i < end; i++) {
      // Nearly all units are ordinary: passing them in a loop of their own makes the whole a quarter faster.
      while (i < end && table[units[i]!] === kinds.ordinary) i++
      if (i >= end) break
      const kind = table[units[i]!]!
      if (kind === kinds.escape) continue
      if (kind === kinds.high) mark |= marks.high
      else if (kind === kinds.lead) {
        mark |= marks.high
        if (i + 1 < end && isTrail(units[i + 1], this.gb)) i++
      } else if (kind === kinds.nul) mark |= marks.nul
      else if (kind === kinds.quote) this.blame('quote_stray', i)
      else if (kind !== kinds.several) break
      else {
        const several = this.severalAt(i)
        if (several < 0) return -1
        if (several === 1) break
        if (units[i]! >= 0x80) mark |= marks.high
        if (units[i] === 10) this.lines++
      }
    }
    this.mark = mark
    return i < end || this.final ? i : -1
  }

  /** Past the closing quote (which is at `closedAt`); at the end when it is never closed; -1: more. */
  private quoted(from: number): number {
    const { units, end } = this
    const { table } = this.rules
    this.mark = marks.quoted
    for (let i = from + 1; i < end; i++) {
      const kind = table[units[i]!]!
      if (kind === kinds.ordinary || kind === kinds.delimiter) continue
      if (kind === kinds.high) this.mark |= marks.high
      else if (kind === kinds.nul) this.mark |= marks.nul
      else if (kind === kinds.lead) {
        this.mark |= marks.high
        if (i + 1 < end && isTrail(units[i + 1], this.gb)) i++
      } else if (kind === kinds.quote || kind === kinds.escape) {
        const width = this.escapedAt(i)
        if (width < 0) return -1
        if (width === 0 && kind === kinds.quote) {
          this.closedAt = i
          return i + 1
        }
        if (width === 2) this.mark |= marks.escaped
        i += width === 2 ? 1 : 0
      } else {
        const width = this.lineInQuotes(i)
        if (width < 0) return -1
        i += width - 1
      }
    }
    if (!this.final) return -1
    this.blame('quote_open', from)
    this.closedAt = end
    return end
  }

  /** 2: an escaped quote or escape begins at `at`; 0: not; -1: more. */
  private escapedAt(at: number): number {
    const { quote, escape } = this.rules
    if (this.units[at] !== escape) return 0
    if (at + 1 >= this.end) return this.final ? 0 : -1
    const next = this.units[at + 1]
    return next === quote || next === escape ? 2 : 0
  }

  /** Counts a line that ends at `at` inside quotes; how many units to pass; -1: more. */
  private lineInQuotes(at: number): number {
    if (this.units[at]! >= 0x80) this.mark |= marks.high
    const row = this.rowAt(this.units, at, this.end, this.final)
    if (row < 0) return -1
    if (row === 0) {
      if (this.rules.countsLf && this.units[at] === 10) this.lines++
      return 1
    }
    this.lines++
    if (this.secondLine < 0) {
      this.secondLine = at + row
      this.openField = this.count
    }
    return row
  }
}
