// Physical lines of a file: which record covers one, and what a line is that belongs to no record.
import type { Dialect, RawRecord } from '../core/dialect.ts'
import { codecFor } from './encoding.ts'

/** What a physical line of a file is. */
export type LineContent =
  /** In order; several where a JSON list has more than one in a line, the first of them then. */
  | { readonly what: 'record'; readonly records: readonly RawRecord[] }
  /** Before the first record: the header, or what stands before it. */
  | { readonly what: 'preamble' | 'header' }
  /** Between two records: no record at all. */
  | { readonly what: 'blank' }
  /** After the last record: a total, or nothing any more. `last`: the line in which the last record begins; 0: none. */
  | { readonly what: 'after'; readonly last: number }

/** More records in one line are not looked at: a JSON list may stand in a single line. */
const perLineMax = 20

/** What a line before the first record is. */
export function beforeRecords(dialect: Dialect, line: number): LineContent {
  if (dialect.format === 'jsonl' || dialect.format === 'json') return { what: 'blank' }
  return { what: line <= dialect.skipLines || dialect.headerLines === 0 ? 'preamble' : 'header' }
}

/** Looks for a line among records that come in order. `endOf`: in which line a record ends. */
export async function findLine(
  blocks: AsyncIterable<readonly RawRecord[]>,
  line: number,
  endOf: (record: RawRecord) => Promise<number>,
): Promise<LineContent> {
  const here: RawRecord[] = []
  let before: RawRecord | null = null
  let later = false
  for await (const block of blocks) {
    for (const record of block) {
      if (record.line < line) before = record
      else if (record.line === line && here.length < perLineMax) here.push(record)
      else if (record.line > line) later = true
      if (later) break
    }
    if (later) break
  }
  if (before !== null && (await endOf(before)) >= line) return { what: 'record', records: [before, ...here] }
  if (here.length > 0) return { what: 'record', records: here }
  return later ? { what: 'blank' } : { what: 'after', last: before?.line ?? 0 }
}

/** The physical line in which a record ends. `bytes`: all of it. */
export function lastLine(record: RawRecord, bytes: Uint8Array, dialect: Dialect): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = codecFor(dialect.encoding).decode(buffer) ?? buffer.toString('latin1')
  if (dialect.format !== 'csv') return record.line + lineEnds(text.replace(/[\s,\]]+$/, ''))
  const { rowDelimiter } = dialect
  if (rowDelimiter === 'auto') return record.line + lineEnds(text.replace(/(?:\r\n|\r|\n)$/, ''))
  const body = text.endsWith(rowDelimiter) ? text.slice(0, -rowDelimiter.length) : text
  const rows = body.split(rowDelimiter)
  // The reader counts a line feed that ends no row where rows end with a longer sign that has one.
  const loose = rowDelimiter.length > 1 && rowDelimiter.includes('\n')
  const feeds = loose ? rows.reduce((sum, row) => sum + row.split('\n').length - 1, 0) : 0
  return record.line + rows.length - 1 + feeds
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}

/** Some bytes of a stream, counted from its beginning; fewer where it ends before. */
export async function take(
  content: AsyncIterable<Uint8Array>,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let at = 0
  for await (const block of content) {
    const part = block.subarray(Math.max(0, offset - at), Math.max(0, offset + length - at))
    if (part.length > 0) parts.push(part)
    at += block.length
    if (at >= offset + length) break
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}
