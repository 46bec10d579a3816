// The cells of failed records as their error file has them, read from the landing again.
import type { LandingManifest } from '../blobs/landing.ts'
import { failedRecordsAt } from '../db/ledger.ts'
import type { Run } from '../db/runs.ts'
import { failedCells, Slices } from './errorFile.ts'
import type { SourceContext } from './recordSource.ts'

/** By ordinal; records that did not fail are left out. The landing is read forward, once. */
export async function originalCells(
  { db, store }: SourceContext,
  run: Run,
  ordinals: readonly number[],
): Promise<Map<number, readonly (string | null)[]>> {
  const failed = await failedRecordsAt(db.pool, run.namespace.schema, run.runId, run.month, ordinals)
  failed.sort((a, b) => a.problem.at[1] - b.problem.at[1])
  const cells = new Map<number, readonly (string | null)[]>()
  if (failed.length === 0) return cells
  const slices = new Slices(store, run.manifest as LandingManifest, failed[0]!.problem.at[1])
  for (const record of failed) cells.set(record.ordinal, (await failedCells(run, slices, record)).cells ?? [])
  await slices.close()
  return cells
}
