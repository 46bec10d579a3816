// Reading records that were picked from all over a file: one reader for many of them instead of one for each.
import type { Dialect } from '../core/dialect.ts'
import { codecFor } from './encoding.ts'
import { readAll } from './reader.ts'

type RowCells = readonly (string | null)[]

/**
 * The cells of CSV records that could be read where they stand, each given with its bytes. Null where together they do not
 * come out as they went in: then each must be read alone.
 */
export function cellsTogether(
  rows: readonly Uint8Array[],
  dialect: Dialect,
  columns: readonly string[],
): RowCells[] | null {
  if (dialect.format !== 'csv') return null
  const ends = rowEnds(dialect)
  const parts: Uint8Array[] = []
  const offsets: number[] = []
  let at = 0
  for (const row of rows) {
    offsets.push(at)
    const closed = ends.some(
      (end) => row.length >= end.length && end.equals(row.subarray(row.length - end.length)),
    )
    parts.push(row)
    if (!closed) parts.push(ends[0]!)
    at += row.length + (closed ? 0 : ends[0]!.length)
  }
  const start = { offset: 0, ordinal: 1, line: 1 }
  const found = readAll(Buffer.concat(parts), dialect, { columns: [...columns], start, limit: rows.length })
  if (found.length !== rows.length) return null
  const cells: RowCells[] = []
  for (const [i, record] of found.entries()) {
    if (record.bad !== null || record.cells === null || record.offset !== offsets[i]) return null
    cells.push(record.cells)
  }
  return cells
}

function rowEnds({ encoding, rowDelimiter }: Dialect): Buffer[] {
  const codec = codecFor(encoding)
  return (rowDelimiter === 'auto' ? ['\n', '\r'] : [rowDelimiter]).map((end) => codec.encode(end))
}
