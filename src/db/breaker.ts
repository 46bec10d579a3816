// What the circuit breaker compares a run with: the runs of its job before it, and how many profiles there are.
import type pg from 'pg'
import { ordinaryTriggers } from '../core/triggers.ts'
import type { RunKey } from './moves.ts'
import { quoteName } from './sql.ts'

/** Records of the newest completed ordinary runs of a job before this one; none where the job runs once. */
export async function usualTotals(
  client: pg.ClientBase | pg.Pool,
  { namespaceId, runId }: RunKey,
  jobId: number,
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query<{ total: number }>(
    `select r.total from sluice.run r join sluice.job j on j.id = r.job_id
     where j.id = $2 and j.kind <> 'one_time' and r.namespace_id = $1 and r.id < $3 and r.total is not null
       and r.state in ('completed', 'completed_with_errors') and r.trigger = any($4)
     order by r.number desc limit $5`,
    [namespaceId, jobId, runId, ordinaryTriggers, limit],
  )
  return rows.map(({ total }) => total)
}

/** How many profiles a namespace has. */
export async function countProfiles(client: pg.ClientBase | pg.Pool, schema: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select count(*) as n from ${quoteName(schema)}.profile`)
  return rows[0]!.n
}
