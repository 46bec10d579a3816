// Checking the law of a run from three sides: the record index, the ledger, and what was written.
import { faultsOf, toCounters, type Counters } from '../core/law.ts'
import { chunkTotals } from '../db/chunks.ts'
import { countGone, countLedger, countMade } from '../db/ledger.ts'
import type { Database } from '../db/client.ts'
import type { Run } from '../db/runs.ts'

export interface LawReport {
  readonly counters: Counters
  /** Flat, with warnings: what the run keeps as its totals. */
  readonly totals: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

/** Counts every side of a run apart. `whole`: nothing may be left. */
export async function checkLaw(db: Database, run: Run, total: number, whole: boolean): Promise<LawReport> {
  const [chunks, ledger, made, gone] = await sidesOf(db, run)
  const faults = faultsOf({
    total,
    whole,
    made,
    gone,
    elsewhere: ledger.elsewhere,
    chunks: chunks.counters,
    ledger: ledger.counters,
    firstOrdinal: ledger.firstOrdinal,
    lastOrdinal: ledger.lastOrdinal,
  })
  return { counters: toCounters(ledger.counters, total), totals: chunks.counters, faults }
}

type Queryable = Parameters<typeof chunkTotals>[0]

function sidesOf(db: Database, run: Run) {
  const deletes = run.definition.policy.mode === 'delete' && run.trigger !== 'undo'
  const { schema } = run.namespace
  const sides = (client: Queryable) =>
    [
      () => chunkTotals(client, run),
      () => countLedger(client, schema, run.runId, run.month),
      () => countMade(client, schema, run.runId),
      () => (deletes || run.trigger === 'mirror' ? countGone(client, schema, run) : Promise.resolve(null)),
    ] as const
  if (!movesLater(run)) {
    const [chunks, ledger, made, gone] = sides(db.pool)
    return Promise.all([chunks(), ledger(), made(), gone()])
  }
  // A processing run may move records while we count: all sides are counted at one instant.
  return db.transaction(async (client) => {
    await client.query('set transaction isolation level repeatable read, read only')
    const [chunks, ledger, made, gone] = sides(client)
    return [await chunks(), await ledger(), await made(), await gone()] as const
  })
}

/** Whether records of the run may be settled by a later one. */
function movesLater({ setup }: Run): boolean {
  return setup.staged !== null || setup.recordRetry !== null
}
