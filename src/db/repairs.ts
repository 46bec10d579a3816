// Finding what is stuck and letting it go on: what the engine's repair looks for, each by an index of what is at work.
import type pg from 'pg'
import { laneRunStates } from '../core/run.ts'
import { stalledSince } from './lanes.ts'
import { writeLog } from './log.ts'

/** Minutes without any progress after which the worker of a run is given up. */
const givenUpMinutes = 30

type Queryable = pg.ClientBase | pg.Pool

interface Stuck {
  readonly namespace_id: number
  readonly id: number
  readonly job_id: number
  readonly since: string
}

/** Writes one line into the log of every run that has stalled, once for each time. Answers how many. */
export async function noteStalled(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ row: Stuck }>(
    `select to_json(x) as row from (
       select r.namespace_id, r.id, r.job_id, s.since
       from sluice.run r cross join lateral (select ${stalledSince} as since) s
       where r.holds_lane and s.since is not null and not exists (
         select from sluice.log l where l.namespace_id = r.namespace_id and l.run_id = r.id and l.kind = 'stalled' and l.at > s.since)) x`,
  )
  for (const { row } of rows)
    await writeLog(client, {
      namespaceId: row.namespace_id,
      job: row.job_id,
      run: row.id,
      kind: 'stalled',
      details: { since: row.since },
    })
  return rows.length
}

/**
 * Takes runs and chunks away from workers that have not got any further for half an hour: the next one takes them over,
 * and whoever comes back finds that they are no longer its own. Stages that show no progress of their own are left alone.
 */
export async function giveUpStalled(client: Queryable): Promise<number> {
  const { rowCount } = await client.query(
    `with stuck as (
       select r.namespace_id, r.id from sluice.run r
       where r.holds_lane and r.state in ('fetching', 'validating', 'importing') and r.sleeping is null
         and greatest(r.state_at, r.progress_at, r.claimed_at) < clock_timestamp() - interval '${givenUpMinutes} minutes'),
     chunks as (update sluice.chunk c set lease_until = null, attempt = c.attempt + 1 from stuck s
       where c.namespace_id = s.namespace_id and c.run_id = s.id and c.lease_until is not null)
     update sluice.run r set lease_until = null, attempt = r.attempt + 1, claimed_at = clock_timestamp() from stuck s
     where r.namespace_id = s.namespace_id and r.id = s.id`,
  )
  return rowCount ?? 0
}

/** Frees lanes of runs that do not work, and wakes what sleeps without knowing until when. Neither should ever be. */
export async function freeOrphans(client: Queryable): Promise<number> {
  const lanes = await client.query(
    `update sluice.run set holds_lane = false where holds_lane and state <> all($1)`,
    [['queued', ...laneRunStates]],
  )
  const sleepers = await client.query(
    `update sluice.run set wake_at = state_at where state = 'retry_wait' and wake_at is null`,
  )
  return (lanes.rowCount ?? 0) + (sleepers.rowCount ?? 0)
}
