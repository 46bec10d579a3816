// What the tests of the reader share: reading whole texts, and showing records as lines a person can compare.
import { dialectSchema, type Dialect, type RawRecord } from '../core/dialect.ts'
import { readAll, readRecords, type ReadOptions } from './reader.ts'

/** A dialect of defaults with the differences named. */
export function dialectOf(differences: Partial<Dialect> = {}): Dialect {
  return dialectSchema.parse({ format: 'csv', encoding: 'utf-8', ...differences })
}

/** A stream of the given blocks. */
export async function* streamOf(...blocks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* blocks
}

export async function readStream(
  content: AsyncIterable<Uint8Array>,
  dialect: Dialect,
  options: ReadOptions,
): Promise<RawRecord[]> {
  const records: RawRecord[] = []
  for await (const block of readRecords(content, dialect, options)) records.push(...block)
  return records
}

/** Records as `ordinal @line:offset+length cells` or `… code column raw`. */
export function shown(records: readonly RawRecord[]): string[] {
  return records.map(({ ordinal, line, offset, length, cells, bad, raw }) => {
    const place = `${ordinal} @${line}:${offset}+${length}`
    if (bad === null) return `${place} ${JSON.stringify(cells)}`
    return `${place} ${bad.code} ${bad.column ?? '-'} ${JSON.stringify(Buffer.from(raw!).toString('latin1'))}`
  })
}

/** The same without places. */
export function cellsOf(records: readonly RawRecord[]): string[] {
  return records.map(({ cells, bad }) =>
    bad === null ? cells!.map((cell) => cell ?? '∅').join('|') : `✗ ${bad.code}`,
  )
}

export function readText(
  text: string | Uint8Array,
  dialect: Partial<Dialect>,
  columns: string[],
): RawRecord[] {
  return readAll(typeof text === 'string' ? Buffer.from(text) : text, dialectOf(dialect), { columns })
}
