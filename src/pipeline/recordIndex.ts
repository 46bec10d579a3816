// The record index of a run: where its batches begin. Cut once, in validation, and never again.
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { BlobStore } from '../blobs/store.ts'
import { bitRanges, hasBit } from '../core/bits.ts'
import { decodePrepared, type PreparedRecord } from '../core/prepared.ts'
import type { ChunkPlan } from '../db/chunks.ts'
import type { OrdinalRange } from '../db/seen.ts'

const decompress = promisify(zstdDecompress)

export interface BatchPlace {
  readonly firstOrdinal: number
  readonly records: number
  /** Byte offset and physical line of its first record in the landing. */
  readonly offset: number
  readonly line: number
  /** Where its prepared records stand in the prepared blob, compressed. */
  readonly preparedAt: number
  readonly preparedBytes: number
  /** Its records that were delivered before, as bits in base64; they are not among the prepared ones. */
  readonly seen?: string
}

export interface RecordIndex {
  readonly total: number
  readonly batches: readonly BatchPlace[]
}

export const indexKey = (namespaceId: number, run: number): string => `runs/${namespaceId}/${run}/index`
export const preparedKey = (namespaceId: number, run: number): string => `runs/${namespaceId}/${run}/prepared`

export async function writeIndex(store: BlobStore, key: string, index: RecordIndex): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(index))
  await store.write(key, once(bytes))
}

export async function readIndex(store: BlobStore, key: string): Promise<RecordIndex> {
  const size = (await store.size(key)) ?? 0
  const bytes = await store.read(key, 0, size)
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as RecordIndex
}

// oxlint-disable-next-line require-await -- the store takes a stream
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Deals the batches to chunks: what workers lease. */
export function cutChunks(index: RecordIndex, batchesPerChunk: number): ChunkPlan[] {
  const chunks: ChunkPlan[] = []
  for (let first = 0; first < index.batches.length; first += batchesPerChunk) {
    const batches = index.batches.slice(first, first + batchesPerChunk)
    chunks.push({
      number: chunks.length,
      firstBatch: first,
      batches: batches.length,
      records: batches.reduce((sum, batch) => sum + batch.records, 0),
    })
  }
  return chunks
}

/** The prepared records of one batch. `slots`: how many identifier kinds the mapping has. */
export async function readPrepared(
  store: BlobStore,
  key: string,
  place: BatchPlace,
  slots: number,
  signal?: AbortSignal,
): Promise<PreparedRecord[]> {
  const bytes = await store.read(key, place.preparedAt, place.preparedBytes, signal)
  const text = (await decompress(bytes)).toString('utf8')
  return decodePrepared(text, place.firstOrdinal, slots, seenBits(place))
}

/** By their place in the batch; null: none. */
function seenBits({ seen }: BatchPlace): Uint8Array | null {
  return seen === undefined ? null : Buffer.from(seen, 'base64')
}

/** The records of a batch that were delivered before, from and to, by ordinal. */
export function seenRanges(place: BatchPlace): OrdinalRange[] {
  const bits = seenBits(place)
  if (bits === null) return []
  const { firstOrdinal, records } = place
  return bitRanges(bits, records).map(([first, last]) => [first + firstOrdinal, last + firstOrdinal])
}

/** Whether a record of a batch was delivered before, by ordinal. */
export function seenIn(place: BatchPlace): (ordinal: number) => boolean {
  const bits = seenBits(place)
  return (ordinal) => bits !== null && hasBit(bits, ordinal - place.firstOrdinal)
}
