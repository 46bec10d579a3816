// Reads the error file of a run: the customer's cells, which record each row is, and why it failed.
import { dialectSchema } from '../core/dialect.ts'
import { errorColumns, ownColumns } from '../core/errorColumns.ts'
import type { CauseKey, Mend } from '../core/fixes.ts'
import { readRecords } from './reader.ts'
import { csvLine } from './writeCsv.ts'

/** A row of an error file. */
export interface RejectRow {
  readonly ordinal: number
  /** The line of the imported file where it begins. */
  readonly line: number
  readonly cause: CauseKey
  readonly message: string
  /** In the order of `columns`. */
  readonly cells: readonly (string | null)[]
  /** Its bytes as text where it could not be read into cells. */
  readonly raw: string | null
  /** Every cell of the file, ours too. */
  readonly whole: readonly (string | null)[]
  /** Where the next row begins, in bytes. */
  readonly end: number
}

/** How error files are written (formats/errorRow.ts). */
const dialect = dialectSchema.parse({ format: 'csv', encoding: 'utf-8', rowDelimiter: '\n' })

export interface ErrorFile {
  readonly header: readonly string[]
  /** The customer's own columns. */
  readonly columns: readonly string[]
  /** Where the first row begins. */
  readonly start: number
}

/** The header of an error file, from its beginning. */
export async function errorFileHeader(content: AsyncIterable<Uint8Array>): Promise<ErrorFile> {
  for await (const [first] of readRecords(
    content,
    { ...dialect, headerLines: 0 },
    { columns: [], limit: 1 },
  )) {
    const header = (first?.cells ?? []).map((cell) => cell ?? '')
    return { header, columns: ownColumns(header), start: first?.length ?? 0 }
  }
  return { header: [], columns: [], start: 0 }
}

/** The rows from a byte of the file on. `content` begins there. */
export async function* readRejects(
  { header, columns }: ErrorFile,
  content: AsyncIterable<Uint8Array>,
  from: number,
): AsyncGenerator<RejectRow> {
  const place = new Map(header.map((name, k) => [name, k]))
  const own = columns.map((name) => place.get(name)!)
  const [line, , record, column, code, message, raw] = errorColumns.map((name) => place.get(name)!)
  const options = { columns: [...header], start: { offset: from, ordinal: 1, line: 1 } }
  for await (const block of readRecords(content, { ...dialect, headerLines: 0 }, options))
    for (const { cells, offset, length } of block) {
      if (cells === null) continue
      yield {
        ordinal: Number(cells[record!]),
        line: Number(cells[line!]),
        cause: { code: cells[code!] ?? '', column: blankToNull(cells[column!]) },
        message: cells[message!] ?? '',
        cells: own.map((k) => cells[k] ?? null),
        raw: cells[code!]?.startsWith('read.') === true ? (cells[raw!] ?? null) : null,
        whole: cells,
        end: offset + length,
      }
    }
}

function blankToNull(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : text
}

/** A corrected error file of the rows that fixes mend: what a person would have saved. Counts them as it goes. */
export async function* mendedFile(
  file: ErrorFile,
  rows: AsyncIterable<RejectRow>,
  mend: Mend,
  counted: { rows: number },
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvLine(file.header))
  const own = file.columns.map((name) => file.header.indexOf(name))
  for await (const row of rows) {
    const mended = mend(row)
    if (mended === null) continue
    const whole = [...row.whole]
    own.forEach((k, i) => (whole[k] = mended[i] ?? null))
    counted.rows++
    yield Buffer.from(csvLine(whole))
  }
}
