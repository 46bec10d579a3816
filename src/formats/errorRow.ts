// The line of an error file: the original columns, where the record stands, why it failed, and its bytes.
import type { Dialect } from '../core/dialect.ts'
import { digestColumn, errorColumns, runColumn } from '../core/errorColumns.ts'
import { runName } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { codecFor } from './encoding.ts'
import { rowDigest } from './rowDigest.ts'
import { csvLine } from './writeCsv.ts'

export interface ErrorRow {
  /** The run's id; left out in files that belong to no run. */
  readonly run?: number
  readonly columns: readonly string[]
  /** Null where the record could not be read. */
  readonly cells: readonly (string | null)[] | null
  readonly line: number
  readonly offset: number
  readonly ordinal: number
  readonly problem: Problem
  /** Its bytes, with or without the row delimiter. */
  readonly raw: Uint8Array
  readonly dialect: Dialect
}

/** The header line; with `_run` first and `_digest` last for a run's error file. */
export function errorHeader(columns: readonly string[], withRun: boolean): string {
  return csvLine(
    withRun ? [runColumn, ...columns, ...errorColumns, digestColumn] : [...columns, ...errorColumns],
  )
}

export function errorRow(row: ErrorRow): string {
  const { run, columns, cells, line, offset, ordinal, problem, raw, dialect } = row
  const own = columns.map((_, k) => cells?.[k] ?? null)
  return csvLine([
    ...(run === undefined ? [] : [runName(run)]),
    ...own,
    String(line),
    String(offset),
    String(ordinal),
    problem.column ?? null,
    problem.code,
    problem.message,
    rawText(withoutRowEnd(raw, dialect), dialect.encoding),
    ...(run === undefined ? [] : [rowDigest(run, ordinal, own)]),
  ])
}

/** Text where decoding and encoding gives the same bytes back, else `base64:…`. */
export function rawText(raw: Uint8Array, encoding: string): string {
  const codec = codecFor(encoding)
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const text = codec.decode(bytes)
  // A text that begins like the other form would be read as that.
  const exact =
    text !== null && !text.startsWith('base64:') && !text.includes('\0') && codec.encode(text).equals(bytes)
  return exact ? text : `base64:${bytes.toString('base64')}`
}

function withoutRowEnd(raw: Uint8Array, dialect: Dialect): Uint8Array {
  const codec = codecFor(dialect.encoding)
  const auto = dialect.rowDelimiter === 'auto' || dialect.format !== 'csv'
  for (const end of auto ? ['\r\n', '\n', '\r'] : [dialect.rowDelimiter]) {
    const bytes = codec.encode(end)
    if (raw.length >= bytes.length && bytes.equals(raw.subarray(raw.length - bytes.length)))
      return raw.subarray(0, raw.length - bytes.length)
  }
  return raw
}
