// A file in any shape to a clean UTF-8 comma CSV and the records that did not fit: the reader without a database.
import type { Dialect, RawRecord } from '../core/dialect.ts'
import { inflate, type Compression } from './compression.ts'
import { detectDialect } from './detect.ts'
import type { DetectNote } from './detectNote.ts'
import { errorHeader, errorRow } from './errorRow.ts'
import { peek } from './peek.ts'
import { cellsAround, readRecords } from './reader.ts'
import { csvLine } from './writeCsv.ts'

export interface ConvertOutput {
  /** Takes text to append; awaited, so that nothing piles up. */
  readonly clean: (text: string) => Promise<void> | void
  /** Called only if some record did not fit, with the header first. */
  readonly errors: (text: string) => Promise<void> | void
}

export interface ConvertOptions {
  readonly hints?: Partial<Dialect>
  readonly signal?: AbortSignal
}

export interface Converted {
  readonly compression: Compression
  readonly dialect: Dialect
  readonly columns: readonly string[]
  readonly notes: readonly DetectNote[]
  readonly counters: {
    readonly total: number
    readonly clean: number
    readonly failed: { readonly total: number; readonly codes: Readonly<Record<string, number>> }
  }
}

/**
 * Converts one file. `open` gives its bytes from the start; it is called twice where columns may turn up late
 * (JSON, `onBad: 'pad'`), since the header comes first. Without a header line in, there is none out.
 */
export async function convert(
  open: () => AsyncIterable<Uint8Array>,
  output: ConvertOutput,
  options: ConvertOptions = {},
): Promise<Converted> {
  const { signal } = options
  const found = await detected(open, options)
  const { dialect, columns, notes } = found
  if (columnsMayComeLate(dialect)) await collectColumns(open, found, signal)
  const { compression, content } = await inflate(open())
  const tally = { total: 0, failed: 0, codes: {} as Record<string, number> }
  if (!hasHeader(dialect) || dialect.headerLines > 0) await output.clean(csvLine(columns))
  const reading = { columns, ...(signal === undefined ? {} : { signal }) }
  for await (const records of readRecords(content, dialect, reading)) {
    const { clean, errors } = split(records, columns, dialect, tally)
    if (clean !== '') await output.clean(clean)
    if (errors !== '') await output.errors(errors)
  }
  const { total, failed, codes } = tally
  return {
    compression,
    dialect,
    columns,
    notes,
    counters: { total, clean: total - failed, failed: { total: failed, codes } },
  }
}

/** Formats whose header is a line of the file. */
function hasHeader({ format }: Dialect): boolean {
  return format === 'csv' || format === 'rows'
}

function columnsMayComeLate({ format, onBad }: Dialect): boolean {
  return format !== 'csv' || onBad === 'pad'
}

interface Found {
  readonly dialect: Dialect
  readonly columns: string[]
  readonly notes: readonly DetectNote[]
}

async function detected(open: () => AsyncIterable<Uint8Array>, options: ConvertOptions): Promise<Found> {
  const { content } = await inflate(open())
  const { sample, whole, close } = await peek(content)
  await close()
  return detectDialect(sample, options.hints, { whole })
}

async function collectColumns(
  open: () => AsyncIterable<Uint8Array>,
  { dialect, columns }: Found,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { content } = await inflate(open())
  // Reading extends the columns; the records themselves are read again.
  for await (const _ of readRecords(content, dialect, {
    columns,
    ...(signal === undefined ? {} : { signal }),
  }));
}

function split(
  records: readonly RawRecord[],
  columns: readonly string[],
  dialect: Dialect,
  tally: { total: number; failed: number; codes: Record<string, number> },
): { clean: string; errors: string } {
  let clean = ''
  let errors = ''
  for (const record of records) {
    tally.total++
    if (record.bad === null) {
      clean += csvLine(filled(record.cells!, columns.length))
      continue
    }
    if (tally.failed === 0) errors += errorHeader(columns, false)
    tally.failed++
    tally.codes[record.bad.code] = (tally.codes[record.bad.code] ?? 0) + 1
    const cells = cellsAround(record.bad, record.raw!, dialect, columns)
    errors += errorRow({ ...record, cells, columns, problem: record.bad, raw: record.raw!, dialect })
  }
  return { clean, errors }
}

function filled(cells: readonly (string | null)[], width: number): readonly (string | null)[] {
  if (cells.length >= width) return cells
  return [...cells, ...Array.from({ length: width - cells.length }, () => null)]
}
