// The landing of an undo: one JSON line a profile, written from a list and read back batch by batch.
import { readLanding, type LandingManifest } from '../../blobs/landing.ts'
import type { BlobStore } from '../../blobs/store.ts'
import type { UndoLine } from '../../core/undo.ts'
import type { BatchPlace } from '../recordIndex.ts'

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

/** The lines of one batch. */
export async function readLines(
  store: BlobStore,
  manifest: LandingManifest,
  place: BatchPlace,
  signal: AbortSignal,
): Promise<UndoLine[]> {
  const lines: UndoLine[] = []
  let rest = ''
  for await (const block of readLanding(store, manifest, place.offset, signal)) {
    const parts = (rest + Buffer.from(block).toString('latin1')).split('\n')
    rest = parts.pop()!
    for (const part of parts) {
      const { profile, group = profile } = JSON.parse(part) as { profile: number; group?: number }
      lines.push({ ordinal: place.firstOrdinal + lines.length, profile, group })
      if (lines.length === place.records) return lines
    }
  }
  return lines
}
