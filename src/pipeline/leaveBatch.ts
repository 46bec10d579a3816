// Batches of a staged run: records are left in the ledger as new, and processed by a later run. And failures that are tried again.
import type { NewRow, Settlement } from '../core/changeSet.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import type { RecordRetry } from '../core/setup/policies.ts'
import { isRetried } from '../core/waiting.ts'
import { writeLedger } from '../db/apply.ts'
import { inTransaction } from '../db/client.ts'
import { markRetried } from '../db/retries.ts'
import { insertSeen } from '../db/seen.ts'
import { countBatch, settleBatch } from '../db/settle.ts'
import { noteWaiting } from '../db/waiting.ts'
import type { BatchRun, BatchWork } from './batchWork.ts'

/** Writes the ledger rows of a batch and its checkpoint, nothing else. What failed or was left out already stays so. */
export async function leaveBatch(run: BatchRun, work: BatchWork): Promise<void> {
  const { context, delivery } = run
  const rows = triedAgain(work.records.map(rowOf), delivery.retry ?? null)
  await context.db.withClient((client) =>
    inTransaction(client, async () => {
      await context.at?.('planned')
      await writeLedger(client, delivery, rows)
      await markRetried(client, delivery, rows)
      await insertSeen(client, delivery.schema, delivery, work.seen)
      await noteWaiting(client, work.claim)
      await context.at?.('applied')
      await settleBatch(client, work.claim, work.bit, countBatch(rows, work.seen))
      await context.at?.('settled')
    }),
  )
  await context.at?.('committed')
}

function rowOf({ ordinal, origin, failed, skipped, identifiers, warnings }: PreparedRecord): NewRow {
  const identifier = identifiers.find((value) => value !== null) ?? null
  const named = { ordinal, origin, identifier }
  if (failed !== null) return { ...named, state: 'failed', problem: failed, profileId: null }
  if (skipped === null) return { ...named, state: 'new' }
  const { reason, note } = skipped
  return { ...named, state: 'skipped', reason, note, profileId: null, warnings }
}

/** Failures that the rule names become rows to be tried again (AL-07). The same array where there are none. */
export function triedAgain<R extends NewRow | Settlement>(
  rows: readonly R[],
  rule: RecordRetry | null,
): readonly (R | NewRow)[] {
  const again = (row: R): boolean => row.state === 'failed' && isRetried(rule!, row.problem.code)
  if (rule === null || !rows.some(again)) return rows
  return rows.map((row): R | NewRow => {
    if (row.state !== 'failed' || !isRetried(rule, row.problem.code)) return row
    const { ordinal, origin, identifier, problem } = row
    return { ordinal, origin, identifier, state: 'retry', problem }
  })
}
