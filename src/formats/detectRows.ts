// Tells header, title lines and totals of rows of cells from their records: how people lay out sheets.
import { dialectSchema, type Dialect, type RawRecord } from '../core/dialect.ts'
import { failure } from '../core/problems.ts'
import { nameColumns, numberedColumns } from './columns.ts'
import { guessHeader, trailerLines } from './detectHeader.ts'
import type { DetectNote } from './detectNote.ts'
import { readAll } from './reader.ts'
import { cellError } from './rowText.ts'

const sampleRecords = 500
/** A header further down than this is not looked for. */
const titleLines = 30
/** A row is the header or a record when it fills at least this share of what rows usually fill. */
const share = 0.6

/** True where the text begins like rows of cells: a JSON list of plain values alone in its line. */
export function looksLikeRows(text: string): boolean {
  const start = text.trimStart()
  if (!start.startsWith('[')) return false
  const line = start.slice(0, start.search(/[\r\n]|$/))
  try {
    const row: unknown = JSON.parse(line)
    return Array.isArray(row) && row.length > 0 && row.every(isCell)
  } catch {
    return false
  }
}

function isCell(value: unknown): boolean {
  return value === null || typeof value !== 'object' || cellError in value
}

/** The dialect and columns of rows of cells. Throws `file.empty`. */
export function detectRows(
  bytes: Uint8Array,
  hints: Partial<Dialect>,
  notes: DetectNote[],
  whole: boolean,
): { dialect: Dialect; columns: string[] } {
  const base = dialectSchema.parse({ ...hints, skipLines: hints.skipLines ?? 0, headerLines: 0 })
  const records = readAll(bytes, { ...base, trailerLines: 0, onBad: 'pad' }, { columns: [] })
  const rows = alike(records)
  const width = rows[0]?.cells?.length ?? 0
  if (width === 0) throw failure('file.empty')
  const skipLines = hints.skipLines ?? titleLinesOf(rows, notes)
  const body = rows.filter(({ line }) => line > skipLines)
  const headerLines = hints.headerLines ?? guessHeader(body, notes)
  const trailer = hints.trailerLines ?? (whole ? trailerLines(body, width, notes) : 0)
  const dialect = { ...base, skipLines, headerLines, trailerLines: trailer }
  const header = body[0]
  if (header === undefined) throw failure('file.empty')
  return { dialect, columns: headerLines === 0 ? numberedColumns(width) : nameColumns(header.cells!) }
}

/** The readable rows, all as wide as the widest. */
function alike(records: readonly RawRecord[]): RawRecord[] {
  const readable = records.filter(({ cells }) => cells !== null)
  let width = 0
  for (const { cells } of readable) width = Math.max(width, cells!.length)
  return readable.map((record) => ({
    ...record,
    cells: Array.from({ length: width }, (_, k) => record.cells![k] ?? null),
  }))
}

function titleLinesOf(rows: readonly RawRecord[], notes: DetectNote[]): number {
  const usual = rows
    .slice(0, sampleRecords)
    .map(filled)
    .sort((a, b) => a - b)
  const enough = share * (usual[usual.length >> 1] ?? 0)
  const header = rows.slice(0, titleLines).find((row) => filled(row) >= enough)
  const lines = (header ?? rows[0]!).line - 1
  if (lines > 0)
    notes.push({
      about: 'preamble',
      certainty: 'likely',
      text: `${lines} ${lines === 1 ? 'row' : 'rows'} before the header`,
    })
  return lines
}

function filled({ cells }: RawRecord): number {
  return cells!.filter((cell) => cell !== null && cell.trim() !== '').length
}
