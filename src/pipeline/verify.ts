// `sluice verify`: the law of a run checked again, and every kind of damage named with its first record.
import { isSettled, type RunState } from '../core/run.ts'
import { findFaults, type Fault } from '../db/faults.ts'
import type { Database } from '../db/client.ts'
import type { RunKey } from '../db/moves.ts'
import { readRun } from '../db/runs.ts'
import { checkLaw, type LawReport } from './law.ts'

export interface VerifyReport {
  readonly run: number
  readonly state: RunState
  /** What was looked at; empty lists mean it is as it should be. */
  readonly law: LawReport | null
  readonly faults: readonly (Fault & { readonly sentence: string })[]
  readonly sound: boolean
}

const sentences: Readonly<Record<Fault['kind'], string>> = {
  lost_row: 'has no row in the ledger',
  doubled_row: 'has more than one row in the ledger',
  missing_profile: 'names a profile that is not there',
  missing_change: 'replaced a value, and what it replaced is not on record',
  stray_change: 'has a change on record although it changed nothing',
  missing_stamp: 'wrote a profile that has no stamp',
  unclaimed_profile: 'is named by a profile as its maker, and the ledger knows nothing of it',
}

/** Checks one run. Reads only. */
export async function verifyRun(db: Database, key: RunKey): Promise<VerifyReport> {
  const run = await readRun(db.pool, key)
  const { total } = run
  if (total === null) return { run: run.runId, state: run.state, law: null, faults: [], sound: true }
  const whole = run.state === 'completed' || run.state === 'completed_with_errors'
  const law = await checkLaw(db, run, total, whole)
  const found = isSettled(run.state)
    ? await db.transaction((client) =>
        findFaults(client, run.namespace.schema, run.runId, run.month, whole ? total : 0),
      )
    : []
  const faults = found.map((fault) => ({
    ...fault,
    sentence: `record ${fault.ordinal} ${sentences[fault.kind]}${fault.count > 1 ? ` (and ${fault.count - 1} more)` : ''}`,
  }))
  return {
    run: run.runId,
    state: run.state,
    law,
    faults,
    sound: law.faults.length === 0 && faults.length === 0,
  }
}
