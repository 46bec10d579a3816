// What of a run retention took away already.
import type pg from 'pg'
import { runName } from '../../core/names.ts'
import { failure } from '../../core/problems.ts'
import type { RunKey } from '../moves.ts'

/** Throws `run.purged` where records of a run, or what they replaced, are gone: it cannot be checked any more. */
export async function checkNotPurged(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<void> {
  const { rows } = await client.query<{ on: string | null }>(
    `select left(coalesce(purged ->> 'changes', purged ->> 'ledger'), 10) as on from sluice.run where namespace_id = $1 and id = $2`,
    [key.namespaceId, key.runId],
  )
  const on = rows[0]?.on ?? null
  if (on !== null) throw failure('run.purged', { run: runName(key.runId), on })
}
