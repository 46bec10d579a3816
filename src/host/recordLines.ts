// In which line of its file a record begins: read forward from the nearest entry of the record index.
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import type { BlobStore } from '../blobs/store.ts'
import { recordName } from '../core/names.ts'
import { SluiceError } from '../core/problem.ts'
import type { Database } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { readRun, type Run } from '../db/runs.ts'
import { readRecords } from '../formats/reader.ts'
import { indexKey, readIndex, type RecordIndex } from '../pipeline/recordIndex.ts'

interface Wanted {
  readonly run: number
  readonly ordinal: number
}

// Each costs reading a few thousand records; a page about one person needs no more.
const lookupsMax = 20

/** Lines by record name; a record whose landing or index is gone is left out. */
export async function linesOf(
  database: Database,
  blobs: BlobStore,
  namespace: Namespace,
  records: readonly Wanted[],
): Promise<ReadonlyMap<string, number>> {
  const lines = new Map<string, number>()
  for (const { run: runId, ordinal } of records.slice(0, lookupsMax)) {
    const line = await lineOf(database, blobs, namespace, { run: runId, ordinal }).catch(unlessGone)
    if (line !== undefined) lines.set(recordName(runId, ordinal), line)
  }
  return lines
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof SluiceError) || !/^(blob|landing)\./.test(error.problem.code)) throw error
}

async function lineOf(
  database: Database,
  blobs: BlobStore,
  namespace: Namespace,
  wanted: Wanted,
): Promise<number | undefined> {
  const run = await readRun(database.pool, { namespaceId: namespace.id, runId: wanted.run })
  const key = indexKey(namespace.id, wanted.run)
  if ((await blobs.size(key)) === undefined) return undefined
  return findLine(blobs, run, await readIndex(blobs, key), wanted.ordinal)
}

async function findLine(
  blobs: BlobStore,
  run: Run,
  index: RecordIndex,
  ordinal: number,
): Promise<number | undefined> {
  const batch = index.batches.find(
    ({ firstOrdinal, records }) => ordinal >= firstOrdinal && ordinal < firstOrdinal + records,
  )
  if (batch === undefined) return undefined
  const start = { offset: batch.offset, ordinal: batch.firstOrdinal, line: batch.line }
  const content = readLanding(blobs, run.manifest as LandingManifest, batch.offset)
  const options = { columns: [...run.definition.columns], start, limit: ordinal - batch.firstOrdinal + 1 }
  for await (const block of readRecords(content, run.definition.dialect, options)) {
    const last = block.at(-1)
    if (last !== undefined && last.ordinal >= ordinal)
      return block.find((record) => record.ordinal === ordinal)?.line
  }
  return undefined
}
