// Reads one row of cells, a JSON list (RFC 8259): texts as they mean, everything else as it is written.
import { caps } from '../core/caps.ts'
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import type { JsonCells } from './jsonText.ts'

/** What stands for a formula that no program has calculated yet. */
export const uncalculated = 'uncalculated'

/** How a cell whose formula has no value lands: `{"#error": "#N/A"}`. */
export const cellError = '#error'

/** Reads rows under one growing list of columns: a cell beyond its end extends it (`column_7`). */
export class RowText {
  private readonly columns: string[]
  private readonly blankErrors: boolean

  /** `blankErrors`: a cell with an error counts as empty instead of failing the record. */
  constructor(columns: string[], blankErrors: boolean) {
    this.columns = columns
    this.blankErrors = blankErrors
  }

  /** The cells of the row that `text` is; null where there is none. */
  read(text: string): JsonCells {
    const row = parse(text)
    if (!Array.isArray(row)) return { cells: null, bad: row }
    if (row.length > caps.columns) return failed(problem('read.too_many_columns', { limit: caps.columns }))
    const cells: (string | null)[] = []
    for (let k = 0; k < row.length; k++) {
      const value: unknown = row[k]
      const cell = typeof value === 'string' || value === null ? value : this.other(value, k)
      if (cell !== null && typeof cell === 'object') return failed(cell)
      const bad = cell === null ? null : unfit(cell, this.nameOf(k))
      if (bad !== null) return failed(bad)
      cells.push(cell)
    }
    this.fit(cells)
    return { cells, bad: null }
  }

  private other(value: unknown, position: number): string | null | Problem {
    if (typeof value === 'boolean') return String(value)
    const error = (value as Readonly<Record<string, unknown>>)[cellError]
    if (typeof error !== 'string') return JSON.stringify(value)
    if (this.blankErrors) return null
    const column = this.nameOf(position)
    return error === uncalculated
      ? problem('read.cell_uncalculated', undefined, column)
      : problem('read.cell_error', { value: error }, column)
  }

  private nameOf(position: number): string {
    return this.columns[position] ?? `column_${position + 1}`
  }

  private fit(cells: (string | null)[]): void {
    while (cells.length < this.columns.length) cells.push(null)
    for (let k = this.columns.length; k < cells.length; k++) {
      const name = `column_${k + 1}`
      this.columns.push(this.columns.includes(name) ? `${name}_` : name)
    }
  }
}

function failed(bad: Problem): JsonCells {
  return { cells: null, bad }
}

function unfit(cell: string, column: string): Problem | null {
  if (cell.includes('\0')) return problem('read.nul', undefined, column)
  if (cell.length > caps.fieldBytes / 4 && Buffer.byteLength(cell) > caps.fieldBytes)
    return problem('read.field_too_large', { limit: caps.fieldBytes }, column)
  return cell.isWellFormed()
    ? null
    : problem('read.json_invalid', { detail: 'it has half a character.' }, column)
}

/** Numbers keep the text they are written in: an id of twenty digits must not be rounded. */
function parse(text: string): unknown[] | Problem {
  let value: unknown
  try {
    value = JSON.parse(text) as unknown
    if (Array.isArray(value) && value.some((cell) => typeof cell === 'number')) value = parseExactly(text)
  } catch (error) {
    return problem('read.json_invalid', { detail: `${(error as Error).message}.` })
  }
  if (Array.isArray(value)) return value as unknown[]
  return problem('read.row_not_list')
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown

function parseExactly(text: string): unknown {
  const reviver: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? source : value
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown)
}
