// In which line of its file a record begins: read forward from the nearest entry of the record index.
import type { BlobStore } from '../blobs/store.ts'
import { recordName } from '../core/names.ts'
import { SluiceError } from '../core/problem.ts'
import type { Database } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { readRun } from '../db/runs.ts'
import { recordsAt } from '../pipeline/recordAt.ts'
import { indexKey, readIndex } from '../pipeline/recordIndex.ts'

interface Wanted {
  readonly run: number
  readonly ordinal: number
}

// Each may cost reading a few thousand records; a page about one person needs no more.
const lookupsMax = 50

/** Lines by record name, of the first fifty; a record whose landing or index is gone is left out. */
export async function linesOf(
  database: Database,
  blobs: BlobStore,
  namespace: Namespace,
  records: readonly Wanted[],
): Promise<ReadonlyMap<string, number>> {
  const byRun = new Map<number, number[]>()
  for (const { run, ordinal } of records.slice(0, lookupsMax))
    byRun.set(run, [...(byRun.get(run) ?? []), ordinal])
  const lines = new Map<string, number>()
  for (const [run, ordinals] of byRun)
    await addLines(database, blobs, namespace, run, ordinals, lines).catch(unlessGone)
  return lines
}

function unlessGone(error: unknown): void {
  if (!(error instanceof SluiceError) || !/^(blob|landing)\./.test(error.problem.code)) throw error
}

async function addLines(
  database: Database,
  blobs: BlobStore,
  namespace: Namespace,
  runId: number,
  ordinals: readonly number[],
  lines: Map<string, number>,
): Promise<void> {
  const key = indexKey(namespace.id, runId)
  if ((await blobs.size(key)) === undefined) return
  const run = await readRun(database.pool, { namespaceId: namespace.id, runId })
  // The lines of an undo name profiles; nobody has that file.
  if (run.trigger === 'undo' || run.trigger === 'mirror') return
  const found = await recordsAt({ db: database, store: blobs }, run, await readIndex(blobs, key), ordinals)
  for (const [ordinal, { line }] of found) lines.set(recordName(runId, ordinal), line)
}
