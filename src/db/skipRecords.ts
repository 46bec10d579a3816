// Leaving out records that are still to be processed, by a person (design section 6: skip, from new and retry).
import type { RecordKey } from '../core/origin.ts'
import { whyNoSkip } from '../core/retryRule.ts'
import type { Database } from './client.ts'
import type { Namespace } from './imports.ts'
import { skipOpen, type OpenRun } from './recordMoves.ts'
import { monthsOf } from './retries.ts'
import { leaving, selectedRecords, type Choice, type LeftOut } from './selectRecords.ts'

export interface SkipAnswer {
  readonly changed: number
  readonly left: readonly LeftOut[]
}

/** Skips what may be skipped, a page at a time, and says what was left and why. `dryRun`: only counts. */
export async function skipRecords(
  db: Database,
  namespace: Namespace,
  choice: Choice,
  dryRun: boolean,
): Promise<SkipAnswer> {
  const { leave, left } = leaving()
  let changed = 0
  for await (const page of selectedRecords(db.pool, namespace, choice, leave)) {
    const due = page.filter((row) => {
      const why = whyNoSkip(row)
      if (why !== null) leave(row, why)
      return why === null
    })
    if (due.length === 0) continue
    if (dryRun) {
      changed += due.length
      continue
    }
    const run = await openRun(db, namespace, due[0]!.run)
    const ordinals = due.map(({ ordinal }) => ordinal)
    const skipped = new Set(await db.transaction((client) => skipOpen(client, run, ordinals)))
    changed += skipped.size
    // Taken by a processing run between the look and the move.
    for (const row of due) if (!skipped.has(row.ordinal)) leave(row, 'was taken by a run just now')
  }
  return { changed, left: left() }
}

/** A run whose open records are moved. */
export async function openRun(db: Database, namespace: Namespace, run: RecordKey['run']): Promise<OpenRun> {
  const months = await monthsOf(db.pool, namespace.schema, [run])
  return { namespaceId: namespace.id, runId: run, schema: namespace.schema, month: months.get(run)! }
}
