// Single records of a run, read from its landing: from the nearest entry of the record index on, never the whole file.
import { readLandingNear, type LandingManifest } from '../blobs/landing.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { RawRecord } from '../core/dialect.ts'
import type { Run } from '../db/runs.ts'
import { beforeRecords, findLine, lastLine, take, type LineContent } from '../formats/lines.ts'
import { readRecords } from '../formats/reader.ts'
import type { BatchPlace, RecordIndex } from './recordIndex.ts'
import type { SourceContext } from './landingRecords.ts'
import { sourceOf } from './recordSource.ts'

/**
 * The records with these ordinals, by ordinal. Each batch of the index is read once, and only as far as needed.
 * `columns` is live: keys of JSON records that the definition does not know are appended.
 */
export async function recordsAt(
  context: SourceContext,
  run: Run,
  index: RecordIndex,
  ordinals: readonly number[],
  columns: string[] = [...run.definition.columns],
): Promise<ReadonlyMap<number, RawRecord>> {
  const wanted = new Map<BatchPlace, Set<number>>()
  for (const ordinal of ordinals) {
    const batch = batchOf(index, ordinal)
    if (batch === undefined) continue
    const of = wanted.get(batch) ?? new Set()
    wanted.set(batch, of.add(ordinal))
  }
  const found = new Map<number, RawRecord>()
  for (const [batch, of] of wanted) await readFrom(context, run, batch, of, columns, found)
  return found
}

function batchOf({ batches }: RecordIndex, ordinal: number): BatchPlace | undefined {
  let low = 0
  let high = batches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (batches[middle]!.firstOrdinal <= ordinal) low = middle + 1
    else high = middle
  }
  const batch = batches[low - 1]
  return batch !== undefined && ordinal < batch.firstOrdinal + batch.records ? batch : undefined
}

async function readFrom(
  context: SourceContext,
  run: Run,
  batch: BatchPlace,
  ordinals: ReadonlySet<number>,
  columns: string[],
  found: Map<number, RawRecord>,
): Promise<void> {
  const last = Math.max(...ordinals)
  // Only as far as needed: what comes after it in the batch is not even read.
  const place = { ...batch, records: last - batch.firstOrdinal + 1 }
  for await (const block of sourceOf(context, run).records({ place, columns, few: true }))
    for (const record of block) if (ordinals.has(record.ordinal)) found.set(record.ordinal, record)
}

/** Which record covers a physical line, counted from 1; a record with line breaks in it covers all of its lines. */
export async function recordAtLine(
  store: BlobStore,
  run: Run,
  index: RecordIndex,
  line: number,
): Promise<LineContent> {
  const { dialect, columns } = run.definition
  const [first] = index.batches
  if (first === undefined || line < first.line) return beforeRecords(dialect, line)
  const batch = index.batches.findLast((one) => one.line < line) ?? first
  const start = { offset: batch.offset, ordinal: batch.firstOrdinal, line: batch.line }
  const content = readLandingNear(store, run.manifest as LandingManifest, batch.offset)
  // What comes after the records that were counted are trailer lines.
  const limit = index.total - batch.firstOrdinal + 1
  return findLine(
    readRecords(content, dialect, { columns: [...columns], start, limit }),
    line,
    async (record) => lastLine(record, await bytesOf(store, run, record), dialect),
  )
}

/** The physical line in which a record ends. */
export async function endOf(store: BlobStore, run: Run, record: RawRecord): Promise<number> {
  return lastLine(record, await bytesOf(store, run, record), run.definition.dialect)
}

/** Of a very long record only the beginning is kept at hand. */
const shownBytes = 64 << 10

/** The bytes of a record, at most the first 64 KiB of them. */
export function shownBytesOf(store: BlobStore, run: Run, record: RawRecord): Promise<Uint8Array> {
  return bytesOf(store, run, { ...record, length: Math.min(record.length, shownBytes) })
}

function bytesOf(store: BlobStore, run: Run, { offset, length }: RawRecord): Promise<Uint8Array> {
  return take(readLandingNear(store, run.manifest as LandingManifest, offset), 0, length)
}
