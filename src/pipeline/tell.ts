// Lines of the log about what a run found in its file (requirements 1.6): values that do not fit, records left out for consent.
import { writeLog } from '../db/log.ts'
import type { Database } from '../db/client.ts'
import type { Run } from '../db/runs.ts'
import type { ValidationTally } from './tally.ts'

/** Of more columns than this the receipt tells. */
const columnsMax = 10

/** BL-16: one line for each column whose values do not fit, the worst first. */
export async function tellMisfits(db: Database, run: Run, { columns }: ValidationTally): Promise<void> {
  const worst = Object.entries(columns).sort((a, b) => b[1] - a[1])
  for (const [column, count] of worst.slice(0, columnsMax))
    await writeLog(db.pool, { ...of(run), kind: 'type_error', details: { column, count } })
}

/** BL-17: how many records were left out because of consent. */
export async function tellConsent(
  db: Database,
  run: Run,
  skipped: Readonly<Record<string, number>>,
): Promise<void> {
  const count = skipped['consent'] ?? 0
  if (count > 0) await writeLog(db.pool, { ...of(run), kind: 'consent_skipped', details: { count } })
}

function of({ namespaceId, job, runId }: Run) {
  return { namespaceId, job: job.id, run: runId }
}
