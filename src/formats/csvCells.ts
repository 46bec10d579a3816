// From the fields a scan found to the cells of a record; says what keeps it from being one.
import { caps } from '../core/dialect.ts'
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import { extraName, extrasOf } from './columns.ts'
import type { CsvRules } from './csvRules.ts'
import { marks, type CsvScan } from './csvScan.ts'
import type { Window } from './window.ts'

const odd = marks.high | marks.escaped | marks.nul

export interface Cells {
  readonly cells: (string | null)[] | null
  readonly bad: Problem | null
}

/** Reads the record that `scan` found last in `window`. */
export class CellReader {
  /** Number of columns a record must have; 0: any. */
  readonly width: number
  private readonly rules: CsvRules
  private readonly window: Window
  private readonly scan: CsvScan
  private readonly columns: string[]
  private readonly pad: boolean
  private readonly unescape: (value: string) => string
  /** The window as text; null until a cell of it is wanted. */
  private text: string | null = null

  constructor(rules: CsvRules, window: Window, scan: CsvScan, columns: string[], pad: boolean) {
    this.rules = rules
    this.window = window
    this.scan = scan
    this.columns = columns
    this.pad = pad
    this.width = columns.length - (pad ? extrasOf(columns) : 0)
    this.unescape = unescaper(rules)
  }

  /** To be called when the window moved. */
  refresh(): void {
    this.text = null
  }

  nameOf(field: number): string | undefined {
    return field < this.width ? this.columns[field] : undefined
  }

  /** The field count only: all there is to check where no field is long and no quote broken. */
  fit(): Problem | null {
    const { count } = this.scan
    const { width } = this
    if (count > caps.columns) return problem('read.too_many_columns', { limit: caps.columns })
    if (count === width || width === 0 || this.pad) return null
    return problem('read.field_count', { found: count, expected: width }, this.nameOf(count))
  }

  /** Everything about the shape. */
  judge(fieldUnits: number): Problem | null {
    const { scan } = this
    if (scan.fault !== null) return problem(`read.${scan.fault}`, undefined, this.nameOf(scan.faultField))
    const shape = this.fit()
    if (shape !== null) return shape
    for (let k = 0; k < scan.count; k++)
      if (scan.ends[k]! - scan.starts[k]! > fieldUnits)
        return problem('read.field_too_large', { limit: caps.fieldBytes }, this.nameOf(k))
    return null
  }

  read(): Cells {
    const text = (this.text ??= this.window.text())
    const { pad, width } = this
    const { count, starts, ends, marks: fieldMarks } = this.scan
    // oxlint-disable-next-line unicorn/no-new-array -- made at its full size: growing costs a fifth of the reading
    const cells: (string | null)[] = new Array(Math.max(count, pad ? width : 0))
    for (let k = 0; k < count; k++) {
      const mark = fieldMarks[k]! & odd
      if (mark === 0) {
        cells[k] = text.slice(starts[k], ends[k])
        continue
      }
      if ((mark & marks.nul) !== 0)
        return { cells: null, bad: problem('read.nul', undefined, this.nameOf(k)) }
      const value = this.marked(text, k, mark)
      if (value === null) return { cells: null, bad: this.undecodable(k) }
      cells[k] = value
    }
    if (pad) padTo(cells, count, width, this.columns)
    return { cells, bad: null }
  }

  /** Null: not valid in the encoding. */
  private marked(text: string, k: number, mark: number): string | null {
    const start = this.scan.starts[k]!
    const end = this.scan.ends[k]!
    const value = (mark & marks.high) === 0 ? text.slice(start, end) : this.window.decode(start, end)
    return value === null || (mark & marks.escaped) === 0 ? value : this.unescape(value)
  }

  private undecodable(field: number): Problem {
    return problem('read.encoding', { encoding: this.rules.codec.name }, this.nameOf(field))
  }
}

/** Fills a short record with empty values, and names the columns a long one has more than the header. */
function padTo(cells: (string | null)[], count: number, width: number, columns: string[]): void {
  for (let k = count; k < width; k++) cells[k] = ''
  while (columns.length < count) columns.push(extraName(columns, columns.length - width + 1))
}

function unescaper(rules: CsvRules): (value: string) => string {
  const { quoteText, escapeText } = rules
  if (quoteText === escapeText) return (value) => value.replaceAll(quoteText + quoteText, quoteText)
  return (value) => {
    let text = ''
    let from = 0
    for (let at = value.indexOf(escapeText); at >= 0; at = value.indexOf(escapeText, from)) {
      const next = value[at + 1]
      const escaped = next === quoteText || next === escapeText
      text += value.slice(from, escaped ? at : at + 1)
      if (escaped) text += next
      from = escaped ? at + 2 : at + 1
    }
    return text + value.slice(from)
  }
}
