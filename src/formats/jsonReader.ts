// Blocks of bytes in, records of JSON lines, of a JSON list or of rows of cells out.
import { caps, type Dialect, type RawRecord, type ReadStart } from '../core/dialect.ts'
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import type { RecordReader } from './csvReader.ts'
import type { Codec } from './encoding.ts'
import { JsonSpans, LineSpans, type Span, type Spans } from './jsonSpans.ts'
import { JsonText, type JsonCells } from './jsonText.ts'
import { RowText } from './rowText.ts'
import type { LineFilter } from './lineFilter.ts'
import { Window } from './window.ts'

const empty = { start: 0, end: 0, next: 0, lines: 0 }

export class JsonReader implements RecordReader {
  private readonly codec: Codec
  private readonly window: Window
  private readonly spans: Spans
  private readonly cells: { read(text: string): JsonCells }
  private readonly recordUnits: number
  private ordinal: number
  private line: number
  private atStart: boolean
  private wanted = 0
  private oversize: { offset: number; line: number; raw: Uint8Array } | null = null

  /** What rows of cells have before their records; counted down. */
  private before: { skip: number; header: number }

  private readonly filter: LineFilter | null

  constructor(
    dialect: Dialect,
    codec: Codec,
    columns: string[],
    start: ReadStart | undefined,
    filter: LineFilter | null,
  ) {
    this.filter = filter
    const { format, skipLines, headerLines } = dialect
    this.codec = codec
    this.window = new Window(codec, start?.offset ?? 0)
    this.recordUnits = caps.recordBytes / codec.width
    this.spans = format === 'json' ? new JsonSpans(start !== undefined, this.recordUnits) : new LineSpans()
    this.cells = format === 'rows' ? new RowText(columns, dialect.onBad === 'pad') : new JsonText(columns)
    this.before =
      format === 'rows' && start === undefined
        ? { skip: skipLines, header: headerLines }
        : { skip: 0, header: 0 }
    this.ordinal = start?.ordinal ?? 1
    this.line = start?.line ?? 1
    this.atStart = start === undefined
  }

  push(block: Uint8Array): RawRecord[] {
    this.window.append(block)
    return this.window.pending < this.wanted ? [] : this.drain(false)
  }

  finish(): RawRecord[] {
    const records = this.drain(true)
    const half = this.window.leftover()
    const end = this.window.offsetOf(this.window.end)
    const cut = this.spans.cut()
    if (this.oversize !== null) this.take({ ...empty, next: this.window.end }, records)
    if (half.length > 0) records.push(this.bad(end, half, this.undecodable(), half.length))
    if (cut !== null) records.push(this.bad(end + half.length, new Uint8Array(0), cut, 0))
    return records
  }

  private drain(final: boolean): RawRecord[] {
    const records: RawRecord[] = []
    const { window } = this
    this.wanted = 0
    if (this.atStart && !this.pastMark(final)) return records
    while (window.start < window.end) {
      const span = this.spans.next(window.units, window.start, window.end, final)
      if (span === null) {
        if (!this.starved()) break
        continue
      }
      this.take(span, records)
    }
    if (window.pending > 1 << 16 && this.oversize === null)
      this.wanted = Math.min(window.pending * 2, caps.recordBytes + 2)
    return records
  }

  private pastMark(final: boolean): boolean {
    const { window } = this
    const { bom, width } = this.codec
    if (window.end - window.start < 3 && !final) return false
    const head = window.raw(window.start, Math.min(window.end, window.start + 3))
    if (bom.length > 0 && bom.every((byte, i) => head[i] === byte)) window.start += bom.length / width
    this.atStart = false
    return true
  }

  /** A record goes on beyond what is held. True: some was let go, because it is too large to be kept. */
  private starved(): boolean {
    const { window } = this
    const held = (window.end - window.start) * this.codec.width
    if (this.oversize === null && held <= caps.recordBytes) return false
    this.oversize ??= {
      offset: window.offsetOf(window.start),
      line: this.line,
      raw: window.raw(window.start, window.start + this.recordUnits),
    }
    const { to, lines } = this.spans.letGo(window.units, window.start, window.end)
    const moved = to > window.start
    window.start = to
    this.line += lines
    return moved
  }

  private take(span: Span, records: RawRecord[]): void {
    const { window, oversize } = this
    if (this.isBefore(span)) this.oversize = null
    else if (oversize !== null) {
      const bad = problem('read.record_too_large', { limit: caps.recordBytes })
      const length = window.offsetOf(span.next) - oversize.offset
      records.push({ ordinal: this.ordinal++, ...oversize, length, cells: null, bad })
      this.oversize = null
    } else if (span.end > span.start) records.push(this.record(span))
    this.line += span.lines
    window.start = span.next
  }

  /** True for lines before the header and for the header itself, which are no records. */
  private isBefore(span: Span): boolean {
    const { before } = this
    if (this.line <= before.skip) return true
    if (before.header === 0 || (span.end === span.start && this.oversize === null)) return false
    before.header--
    return true
  }

  private record(span: Span): RawRecord {
    const { window, codec } = this
    const offset = window.offsetOf(span.start)
    const length = (span.next - span.start) * codec.width
    const raw = (): Uint8Array => window.raw(span.start, Math.min(span.end, span.start + this.recordUnits))
    if (span.end - span.start > this.recordUnits)
      return this.bad(offset, raw(), problem('read.record_too_large', { limit: caps.recordBytes }), length)
    const { width } = codec
    if (this.filter?.passes(window.bytes, span.start * width, span.end * width, this.ordinal) === true)
      return { ordinal: this.ordinal++, line: this.line, offset, length, cells: null, bad: null, raw: null }
    const text = window.decode(span.start, span.end)
    if (text === null) return this.bad(offset, raw(), this.undecodable(), length)
    const { cells, bad } = this.cells.read(text)
    if (bad !== null) return this.bad(offset, raw(), bad, length)
    return { ordinal: this.ordinal++, line: this.line, offset, length, cells, bad, raw: null }
  }

  private bad(offset: number, raw: Uint8Array, bad: Problem, length: number): RawRecord {
    return { ordinal: this.ordinal++, line: this.line, offset, length, cells: null, bad, raw }
  }

  private undecodable(): Problem {
    return problem('read.encoding', { encoding: this.codec.name })
  }
}
