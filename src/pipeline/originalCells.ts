// The cells of failed records as their error file has them, read from the landing again.
import type { LandingManifest } from '../blobs/landing.ts'
import { failedRecordsAt } from '../db/ledger.ts'
import type { Run } from '../db/runs.ts'
import { customerColumns, failedCells, Slices } from './errorFile.ts'
import type { SourceContext } from './landingRecords.ts'

export interface FailedOriginal {
  /** In the order of the customer's columns; all null where the record could not be read. */
  readonly cells: readonly (string | null)[]
  readonly readable: boolean
  /** The column its problem is about. */
  readonly column: string | null
}

/** By ordinal; records that did not fail are left out. The landing is read forward, once. */
export async function failedOriginals(
  { db, store }: SourceContext,
  run: Run,
  ordinals: readonly number[],
): Promise<Map<number, FailedOriginal>> {
  const failed = await failedRecordsAt(db.pool, run.namespace.schema, run.runId, run.month, ordinals)
  failed.sort((a, b) => a.problem.at[1] - b.problem.at[1])
  const originals = new Map<number, FailedOriginal>()
  if (failed.length === 0) return originals
  const slices = new Slices(store, run.manifest as LandingManifest, failed[0]!.problem.at[1])
  for (const record of failed) {
    const cells = await failedCells(run, slices, record)
    originals.set(record.ordinal, {
      cells: cells ?? customerColumns(run).map(() => null),
      readable: cells !== null,
      column: record.problem.column ?? null,
    })
  }
  await slices.close()
  return originals
}
