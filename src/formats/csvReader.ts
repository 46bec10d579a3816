// Blocks of bytes in, records of a CSV file out: header and preamble skipped, bad records told apart, nothing lost.
import { caps, type Dialect, type RawRecord, type ReadStart } from '../core/dialect.ts'
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import { CellReader, type Cells } from './csvCells.ts'
import { csvRules, type CsvRules } from './csvRules.ts'
import { CsvScan } from './csvScan.ts'
import { CsvSkip } from './csvSkip.ts'
import { confine, countRows, type Confined, type TrialArea } from './csvRecover.ts'
import type { Codec } from './encoding.ts'
import type { LineFilter } from './lineFilter.ts'
import { Window } from './window.ts'

export interface RecordReader {
  /** Takes a block and gives the records it completes. */
  push(block: Uint8Array): RawRecord[]
  /** Nothing follows: gives the rest. */
  finish(): RawRecord[]
}

interface Oversize {
  readonly offset: number
  readonly line: number
  readonly raw: Uint8Array
  readonly bad: Problem
  readonly skip: CsvSkip
}

export class CsvReader implements RecordReader {
  private readonly rules: CsvRules
  private readonly window: Window
  private readonly scan: CsvScan
  /** A second scan for trials; few files need one. */
  private probe: CsvScan | null = null
  private readonly cells: CellReader
  private readonly recordUnits: number
  private readonly fieldUnits: number
  private ordinal: number
  private line: number
  private wanted = 0
  private oversize: Oversize | null = null
  private readonly filter: LineFilter | null
  /** Whether a line feed always ends a row outside quotes, so that a known record can be told before it is scanned. */
  private readonly plainRows: boolean
  /** What is still to be passed before the first record. */
  private before: { bom: boolean; lines: number; header: number }

  constructor(
    dialect: Dialect,
    codec: Codec,
    columns: string[],
    start: ReadStart | undefined,
    filter: LineFilter | null,
  ) {
    this.rules = csvRules(dialect, codec)
    this.filter = filter
    this.plainRows = codec.width === 1 && this.rules.row === null
    this.window = new Window(codec, start?.offset ?? 0)
    this.scan = new CsvScan(this.rules)
    this.cells = new CellReader(this.rules, this.window, this.scan, columns, dialect.onBad === 'pad')
    this.recordUnits = caps.recordBytes / codec.width
    this.fieldUnits = caps.fieldBytes / codec.width
    this.ordinal = start?.ordinal ?? 1
    this.line = start?.line ?? 1
    this.before =
      start === undefined
        ? { bom: true, lines: dialect.skipLines, header: dialect.headerLines }
        : { bom: false, lines: 0, header: 0 }
  }

  push(block: Uint8Array): RawRecord[] {
    this.window.append(block)
    return this.window.pending < this.wanted ? [] : this.drain(false)
  }

  finish(): RawRecord[] {
    const records = this.drain(true)
    const half = this.window.leftover()
    if (half.length > 0) records.push(this.halfUnit(half))
    return records
  }

  private drain(final: boolean): RawRecord[] {
    const records: RawRecord[] = []
    const { window } = this
    this.wanted = 0
    if (!this.pastStart(final)) return records
    this.cells.refresh()
    while (window.start < window.end) {
      const blank = this.scan.rowAt(window.units, window.start, window.end, final)
      if (this.oversize !== null) {
        if (!this.passOversize(records, final)) break
      } else if (blank > 0) this.advance(window.start + blank, 1)
      else if (this.filter !== null && this.passKnown(records, this.filter)) continue
      else if (blank < 0 || !this.record(records, final)) break
    }
    // A record much longer than a block is looked at again only when there is twice as much of it.
    if (this.oversize === null && window.pending > 1 << 16)
      this.wanted = Math.min(window.pending * 2, caps.recordBytes + 2)
    return records
  }

  private advance(to: number, lines: number): void {
    this.window.start = to
    this.line += lines
  }

  /** False: more bytes are needed. */
  private record(records: RawRecord[], final: boolean): boolean {
    const { window, scan } = this
    const { start, end } = window
    const hard = start + this.recordUnits
    const limited = hard < end
    if (scan.scan(window.units, start, limited ? hard : end, final && !limited) === 'more')
      return limited ? this.withoutEnd(records, hard) : false
    const long = scan.bodyEnd - start > this.fieldUnits
    const bad = scan.fault === null && !long ? this.cells.fit() : this.cells.judge(this.fieldUnits)
    if (bad !== null) return this.damaged(records, bad, final)
    const read = this.passes(start, scan.bodyEnd) ? unread : this.cells.read()
    records.push(this.made(start, scan.next, read.cells, read.bad))
    this.advance(scan.next, scan.lines)
    return true
  }

  /**
   * Passes a record whose bytes are known, by its line end alone: the same bytes before a row delimiter were one whole
   * record before, and what a scan finds depends on nothing else.
   */
  private passKnown(records: RawRecord[], filter: LineFilter): boolean {
    if (!this.plainRows) return false
    const { window } = this
    const { bytes, start } = window
    const lf = bytes.indexOf(10, start)
    if (lf < 0 || lf >= window.end) return false
    const bodyEnd = bytes[lf - 1] === 13 ? lf - 1 : lf
    if (!filter.knows(bytes, start, bodyEnd, this.ordinal)) return false
    records.push(this.made(start, lf + 1, null, null))
    this.advance(lf + 1, 1)
    return true
  }

  private passes(start: number, end: number): boolean {
    const { filter, window, ordinal } = this
    const { width } = this.rules.codec
    return filter !== null && filter.passes(window.bytes, start * width, end * width, ordinal)
  }

  private damaged(records: RawRecord[], bad: Problem, final: boolean): boolean {
    const { scan, window } = this
    const { fault } = scan
    const damage = fault === 'quote_text' ? 'quote' : fault === 'quote_open' ? 'open' : 'count'
    const to = this.confined(damage, scan.next, final)
    if (to === 'more') return false
    if (to !== 'whole') this.setAside(records, to)
    else {
      records.push(this.made(window.start, scan.next, null, bad))
      this.advance(scan.next, scan.lines)
    }
    return true
  }

  /** The record does not end within the cap: a quote that was never closed, or really too large. */
  private withoutEnd(records: RawRecord[], hard: number): boolean {
    const to = this.confined('large', hard, false)
    if (typeof to === 'number') this.setAside(records, to)
    else this.tooLarge(hard)
    return true
  }

  private confined(damage: TrialArea['damage'], spanEnd: number, final: boolean): Confined {
    const { scan, window } = this
    if (scan.secondLine < 0) return 'whole'
    const hard = window.start + this.recordUnits
    const limited = hard < window.end
    const end = limited ? hard : window.end
    const area = { units: window.units, end, final: final && !limited, limited, spanEnd, damage }
    this.probe ??= new CsvScan(this.rules)
    return confine(scan, this.probe, area, this.cells.width)
  }

  /** The damage is a quote that opens: the lines up to `to` are set aside, and reading goes on there. */
  private setAside(records: RawRecord[], to: number): void {
    const { scan, window } = this
    const lines = countRows(scan, window.units, window.start, to)
    const bad = problem('read.quote_open', undefined, this.cells.nameOf(scan.openField))
    records.push(this.made(window.start, to, null, bad))
    this.advance(to, lines)
  }

  private made(
    start: number,
    next: number,
    cells: readonly (string | null)[] | null,
    bad: Problem | null,
  ): RawRecord {
    const { window } = this
    return {
      ordinal: this.ordinal++,
      line: this.line,
      offset: window.offsetOf(start),
      length: (next - start) * this.rules.codec.width,
      cells,
      bad,
      raw: bad === null ? null : window.raw(start, this.bodyEnd(start, next)),
    }
  }

  /** Without the row delimiter. */
  private bodyEnd(start: number, next: number): number {
    const { units } = this.window
    const { row } = this.rules
    for (let width = Math.min(row?.length ?? 2, next - start); width > 0; width--)
      if (this.scan.rowAt(units, next - width, next, true) === width) return next - width
    return next
  }

  private tooLarge(hard: number): void {
    const { window, scan } = this
    const field = scan.count
    const fieldFrom = field === 0 ? window.start : scan.ends[Math.min(field, caps.columns) - 1]!
    const bad =
      hard - fieldFrom > this.fieldUnits
        ? problem('read.field_too_large', { limit: caps.fieldBytes }, this.cells.nameOf(field))
        : problem('read.record_too_large', { limit: caps.recordBytes })
    this.oversize = {
      offset: window.offsetOf(window.start),
      line: this.line,
      raw: window.raw(window.start, hard),
      bad,
      skip: new CsvSkip(this.rules, scan),
    }
  }

  private passOversize(records: RawRecord[], final: boolean): boolean {
    const { window } = this
    const { skip, offset, line, raw, bad } = this.oversize!
    window.start = skip.pass(window.units, window.start, window.end, final)
    if (!skip.ended) return false
    const length = window.offsetOf(window.start) - offset
    records.push({ ordinal: this.ordinal++, line, offset, length, cells: null, bad, raw })
    this.line += skip.lines
    this.oversize = null
    return true
  }

  /** Passes byte order mark, preamble and header. False: more bytes are needed. */
  private pastStart(final: boolean): boolean {
    const { window, before, scan } = this
    if (before.bom) {
      if (window.end - window.start < 3 && !final) return false
      window.start += bomUnits(
        this.rules.codec,
        window.raw(window.start, Math.min(window.end, window.start + 3)),
      )
      before.bom = false
    }
    while (before.lines > 0 && window.start < window.end) {
      const at = this.nextLine(final)
      if (at < 0) return false
      this.advance(at, 1)
      before.lines--
    }
    while (before.header > 0 && window.start < window.end) {
      const { start, end } = window
      const blank = scan.rowAt(window.units, start, end, final)
      if (blank < 0 || (blank === 0 && scan.scan(window.units, start, end, final) === 'more')) return false
      const broken = blank === 0 && scan.fault !== null && scan.secondLine >= 0
      this.advance(
        blank > 0 ? start + blank : broken ? scan.secondLine : scan.next,
        blank > 0 || broken ? 1 : scan.lines,
      )
      if (blank === 0) before.header--
    }
    return true
  }

  private nextLine(final: boolean): number {
    const { units, start, end } = this.window
    for (let i = start; i < end; i++) {
      const row = this.scan.rowAt(units, i, end, final)
      if (row !== 0) return row < 0 ? -1 : i + row
    }
    return final ? end : -1
  }

  private halfUnit(raw: Uint8Array): RawRecord {
    const offset = this.window.offsetOf(this.window.end)
    const bad = problem('read.encoding', { encoding: this.rules.codec.name })
    return { ordinal: this.ordinal++, line: this.line, offset, length: raw.length, cells: null, bad, raw }
  }
}

const unread: Cells = { cells: null, bad: null }

function bomUnits(codec: Codec, head: Uint8Array): number {
  const { bom, width } = codec
  const has = bom.length > 0 && bom.every((byte, i) => head[i] === byte)
  return has ? bom.length / width : 0
}
