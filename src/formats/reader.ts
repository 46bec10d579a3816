// The reader: bytes of a landing in, raw records out, under a dialect.
import type { Dialect, RawRecord, ReadStart } from '../core/dialect.ts'
import type { Problem } from '../core/problem.ts'
import { CsvReader, type RecordReader } from './csvReader.ts'
import { codecFor } from './encoding.ts'
import { JsonReader } from './jsonReader.ts'
import type { LineFilter } from './lineFilter.ts'

export interface ReadOptions {
  /**
   * The columns records have (from `detectDialect` or the import definition); empty: any number of fields.
   * The list is live: keys of JSON records that are not in it, and with `onBad: 'pad'` the extra fields of long
   * CSV records (`_extra_1`…), are appended while reading. Records read before such an extension have fewer cells.
   */
  readonly columns: string[]
  /**
   * Begin here instead of at the start of the file. `content` must then begin at `start.offset` and go on to the
   * end of the landing: what a broken record is may depend on bytes after it. Stop with `limit`.
   */
  readonly start?: ReadStart
  /** Records at most. A reader with a limit does not hold back trailer lines: whoever counted has left them out. */
  readonly limit?: number
  /** Asked for every record; those it lets pass come without cells and without a problem. */
  readonly filter?: LineFilter | null
  readonly signal?: AbortSignal
}

/** Small enough to stay in the processor's cache and to keep what one block's records hold on to small. */
const pieceBytes = 1 << 16
/** Of few records no more is read than they are likely to need: so many bytes each. */
const recordBytes = 1 << 9
const smallestPiece = 1 << 12

/** Records as arrays, one per block read; never an empty one. */
export async function* readRecords(
  content: AsyncIterable<Uint8Array>,
  dialect: Dialect,
  options: ReadOptions,
): AsyncGenerator<RawRecord[]> {
  const { limit = Infinity, signal } = options
  let left = limit
  const trailer = trailerOf(dialect, options)
  for await (const records of withoutTrailer(pieces(content, dialect, options), trailer)) {
    signal?.throwIfAborted()
    const wanted = records.length > left ? records.slice(0, left) : records
    left -= wanted.length
    if (wanted.length > 0) yield wanted
    if (left <= 0) return
  }
}

/** The same for bytes that are all there (samples, one record). */
export function readAll(content: Uint8Array, dialect: Dialect, options: ReadOptions): RawRecord[] {
  const reader = readerFor(dialect, options)
  const records = [...reader.push(content), ...reader.finish()]
  return dropTrailer(records, trailerOf(dialect, options)).slice(0, options.limit)
}

/**
 * The cells of a record that failed only because a cell of it shows an error: as they are, that one empty. Null for
 * records that cannot be taken apart.
 */
export function cellsAround(bad: Problem, raw: Uint8Array, dialect: Dialect, columns: readonly string[]) {
  if (!bad.code.startsWith('read.cell_')) return null
  const start = { offset: 0, ordinal: 1, line: 1 }
  const reading = { columns: [...columns], start, limit: 1 }
  return readAll(raw, { ...dialect, onBad: 'pad' }, reading)[0]?.cells ?? null
}

function readerFor(dialect: Dialect, options: ReadOptions): RecordReader {
  const codec = codecFor(dialect.encoding)
  const { columns, start, filter = null } = options
  return dialect.format === 'csv'
    ? new CsvReader(dialect, codec, columns, start, filter)
    : new JsonReader(dialect, codec, columns, start, filter)
}

/** Only files that people lay out have lines at their end that are no records. */
function trailerOf({ format, trailerLines }: Dialect, { limit }: ReadOptions): number {
  return limit === undefined && (format === 'csv' || format === 'rows') ? trailerLines : 0
}

async function* pieces(
  content: AsyncIterable<Uint8Array>,
  dialect: Dialect,
  options: ReadOptions,
): AsyncGenerator<RawRecord[]> {
  const reader = readerFor(dialect, options)
  const size = Math.min(pieceBytes, Math.max(smallestPiece, (options.limit ?? Infinity) * recordBytes))
  for await (const block of content) {
    options.signal?.throwIfAborted()
    for (let from = 0; from < block.length; from += size) {
      const records = reader.push(block.subarray(from, from + size))
      if (records.length > 0) yield records
    }
  }
  const rest = reader.finish()
  if (rest.length > 0) yield rest
}

/** Trailer lines are known as such only at the end: the last records are held back until more come. */
async function* withoutTrailer(
  source: AsyncIterable<RawRecord[]>,
  lines: number,
): AsyncGenerator<RawRecord[]> {
  if (lines === 0) {
    yield* source
    return
  }
  let held: RawRecord[] = []
  for await (const records of source) {
    held = held.concat(records)
    if (held.length > lines) yield held.splice(0, held.length - lines)
  }
  yield dropTrailer(held, lines)
}

/** Counted back from the line in which the last record begins. */
function dropTrailer(records: RawRecord[], lines: number): RawRecord[] {
  const last = records.at(-1)
  if (last === undefined || lines === 0) return records
  return records.filter((record) => record.line <= last.line - lines)
}
