// The landing of an undo: one JSON line a profile, written from a list and read back batch by batch.
import { readLanding, type LandingManifest } from '../../blobs/landing.ts'
import type { BlobStore } from '../../blobs/store.ts'
import type { UndoLine } from '../../core/undo.ts'
import type { BatchPlace, RecordIndex } from '../recordIndex.ts'

/** Writes the lines, and fills the index: batches end where a group ends. */
export async function* writeLines(
  profiles: AsyncIterable<readonly (readonly [profile: number, group: number])[]>,
  batchRecords: number,
  index: BatchPlace[],
): AsyncGenerator<Uint8Array> {
  let open: { firstOrdinal: number; records: number; offset: number } | null = null
  let [ordinal, offset, last] = [0, 0, -1]
  const close = (): void => {
    if (open !== null) index.push({ ...open, line: open.firstOrdinal, preparedAt: 0, preparedBytes: 0 })
    open = null
  }
  for await (const block of profiles) {
    let text = ''
    for (const [profile, group] of block) {
      // Profiles that hang together are decided together, however many they are.
      if (open !== null && (open as { records: number }).records >= batchRecords && group !== last) close()
      ordinal++
      open ??= { firstOrdinal: ordinal, records: 0, offset }
      open.records++
      const line = `{"profile":${profile}${group === profile ? '' : `,"group":${group}`}}\n`
      text += line
      offset += line.length
      last = group
    }
    yield Buffer.from(text)
  }
  close()
}

/** The lines of the batch that stands at this place of the index. */
export async function readLines(
  store: BlobStore,
  manifest: LandingManifest,
  { batches }: RecordIndex,
  batch: number,
  signal: AbortSignal,
): Promise<UndoLine[]> {
  const { offset, firstOrdinal } = batches[batch]!
  // A frame of the landing holds many batches: only the bytes of this one are looked at.
  let left = (batches[batch + 1]?.offset ?? manifest.contentBytes) - offset
  let text = ''
  for await (const block of readLanding(store, manifest, offset, signal)) {
    const part = block.subarray(0, left)
    text += Buffer.from(part.buffer, part.byteOffset, part.length).toString('latin1')
    left -= part.length
    if (left === 0) break
  }
  return text
    .trimEnd()
    .split('\n')
    .map((line, i) => {
      const { profile, group = profile } = JSON.parse(line) as { profile: number; group?: number }
      return { ordinal: firstOrdinal + i, profile, group }
    })
}
