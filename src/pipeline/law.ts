// Checking the law of a run from three sides: the record index, the ledger, and what was written.
import { faultsOf, toCounters, type Counters } from '../core/law.ts'
import { chunkTotals } from '../db/chunks.ts'
import { countLedger, countMade } from '../db/ledger.ts'
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
  const [chunks, ledger, made] = await Promise.all([
    chunkTotals(db.pool, run),
    countLedger(db.pool, run.namespace.schema, run.runId, run.month),
    countMade(db.pool, run.namespace.schema, run.runId),
  ])
  const faults = faultsOf({
    total,
    whole,
    made,
    chunks: chunks.counters,
    ledger: ledger.counters,
    firstOrdinal: ledger.firstOrdinal,
    lastOrdinal: ledger.lastOrdinal,
  })
  return { counters: toCounters(ledger.counters, total), totals: chunks.counters, faults }
}
