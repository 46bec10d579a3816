// Wires the API's verify to the check of the pipeline.
import type { VerifyReport } from '../api/context.ts'
import { runName } from '../core/names.ts'
import type { Database } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { checkNotPurged } from '../db/retention/purged.ts'
import { verifyRun } from '../pipeline/verify.ts'

/** Checks a run's numbers from three sides. */
export async function verify(database: Database, namespace: Namespace, runId: number): Promise<VerifyReport> {
  const key = { namespaceId: namespace.id, runId }
  await checkNotPurged(database.pool, key)
  const { run, state, law, faults, sound } = await verifyRun(database, key)
  const ofRecords = faults.map(({ kind, count, ordinal, sentence }) => ({ kind, count, ordinal, sentence }))
  const ofLaw = (law?.faults ?? []).map((sentence) => ({ kind: 'law', count: 1, ordinal: null, sentence }))
  return { run: runName(run), state, sound, faults: [...ofLaw, ...ofRecords] }
}
