// What Home shows at one look: read from runs, jobs and their totals, never from the ledger.
import type pg from 'pg'
import { requestDays } from '../../core/approval.ts'
import type { Attention } from '../../core/attention.ts'
import type { JobState } from '../../core/jobState.ts'
import type { Problem } from '../../core/problem.ts'
import { ordinaryTriggers } from '../../core/triggers.ts'
import type { Namespace } from '../imports.ts'
import { stalledSince, waits } from '../lanes.ts'
import { quoteName } from '../sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** Something a person should look at. */
export interface AttentionRow {
  readonly kind: Attention
  readonly job_id: number
  readonly job: string
  readonly run: number | null
  /** ISO 8601, UTC. */
  readonly since: string
  /** When it goes on by itself. */
  readonly until: string | null
  readonly problem: Problem | null
  /** Of rejects: records that still fail, as far as the totals of the retries tell. */
  readonly records: number | null
}

/** Days in which something that went wrong is shown, where nothing has gone well since. */
const days = 7
/** A run that waits so long after it was due is late; a job that nobody starts is so sooner. */
const lateRunMinutes = 15
const lateJobMinutes = 3

const ordinary = `array['${ordinaryTriggers.join("','")}']`
const line = (kind: string, rest: string): string =>
  `(select ${kind} as kind, j.id as job_id, j.name as job, ${rest} limit $2)`
const sumOf = (totals: string, keys: string): string =>
  `(select coalesce(sum(value::bigint), 0) from jsonb_each_text(coalesce(${totals}, '{}')) where key ~ '${keys}')`
const mended = `(select coalesce(sum(${sumOf('c.totals', '^(finished|skipped)\\.')}), 0) from sluice.run c
  where c.trigger = 'retry' and c.settings -> 'parents' ? ('r' || r.id) and c.namespace_id = $1
    and c.settings ->> 'dryRun' is distinct from 'true' and c.state not in ('skipped', 'reverted'))`
const nothingWellSince = `not exists (select from sluice.run w where w.job_id = r.job_id and w.ended_at > r.ended_at
  and w.state in ('completed', 'completed_with_errors'))`

const attentionSql = `
  with recent as materialized (
    select id, job_id, trigger, state, ended_at from sluice.run
    where namespace_id = $1 and ended_at >= clock_timestamp() - interval '${days} days'
      and state in ('failed', 'partial', 'halted', 'skipped', 'completed', 'completed_with_errors')
      and settings ->> 'dryRun' is distinct from 'true'),
  newest as (
    select distinct on (job_id) * from recent where state <> 'skipped' and trigger = any(${ordinary}) order by job_id, id desc),
  broken as (
    select distinct on (job_id) * from recent r where state in ('failed', 'partial', 'halted') and ${nothingWellSince} order by job_id, id desc),
  unmet as (
    select distinct on (job_id) * from recent r where state = 'skipped' and ${nothingWellSince}
      and exists (select from sluice.log l where l.namespace_id = $1 and l.run_id = r.id and l.kind = 'did_not_run')
    order by job_id, id desc)
  select to_json(x) as row from (
    ${line(
      "'halted'",
      `(select r.id from sluice.run r where r.job_id = j.id order by r.number desc limit 1) as run, j.state_at as since,
       null::timestamptz as until, j.problem, null::bigint as records
       from sluice.job j where j.namespace_id = $1 and j.state in ('halted', 'sampling_failed') order by j.state_at desc`,
    )}
    union all ${line(
      "case r.state when 'held' then 'held' else 'retrying' end",
      `r.id, r.state_at, r.wake_at, r.problem, null from sluice.run r join sluice.job j on j.id = r.job_id
       where r.namespace_id = $1 and r.state in ('held', 'retry_wait')
         -- Nothing is wrong with who waits for the end of its quiet hours.
         and r.problem ->> 'code' is distinct from 'schedule.quiet' order by r.state_at desc`,
    )}
    union all ${line(
      "'approval'",
      `null, a.requested_at, null, null, null from sluice.approval a join sluice.job j on j.id = a.job_id
       where a.namespace_id = $1 and a.decision is null
         and a.requested_at > clock_timestamp() - interval '${requestDays} days' order by a.requested_at desc`,
    )}
    union all ${line(
      "'stalled'",
      `r.id, ${stalledSince}, null, r.problem, null from sluice.run r join sluice.job j on j.id = r.job_id
       where r.namespace_id = $1 and r.holds_lane and ${stalledSince} is not null order by r.id`,
    )}
    union all ${line(
      "'late'",
      `r.id, r.due_at, null, null, null from sluice.run r join sluice.job j on j.id = r.job_id
       where r.namespace_id = $1 and ${waits('r')} and r.due_at < clock_timestamp() - interval '${lateRunMinutes} minutes' order by r.due_at`,
    )}
    union all ${line(
      "'late'",
      `null, j.next_due, null, null, null from sluice.job j
       where j.namespace_id = $1 and j.state = 'active' and j.next_due < clock_timestamp() - interval '${lateJobMinutes} minutes' order by j.next_due`,
    )}
    union all ${line(
      "'failed'",
      `r.id, r.ended_at, null, r.problem, null from broken b join sluice.run r on r.namespace_id = $1 and r.id = b.id join sluice.job j on j.id = r.job_id
       where j.state not in ('halted', 'archived') and not exists (
         select from sluice.run o where o.job_id = j.id and o.ended_at is null and o.state in ('held', 'retry_wait')) order by r.ended_at desc`,
    )}
    union all ${line(
      "'did_not_run'",
      `r.id, r.ended_at, null, r.problem, null from unmet u join sluice.run r on r.namespace_id = $1 and r.id = u.id join sluice.job j on j.id = r.job_id
       where j.state not in ('halted', 'archived') order by r.ended_at desc`,
    )}
    union all ${line(
      "'threshold'",
      `null, w.told_at, null, w.problem, null from (
         select distinct on (t.job_id) t.* from sluice.threshold_watch t join sluice.job o on o.id = t.job_id
         join sluice.job_version v on v.job_id = o.id and v.version = o.last_version
         where t.told_at is not null and o.namespace_id = $1 and o.state = 'active'
           -- One that was edited away is forgotten within the hour.
           and coalesce(v.setup -> 'thresholds', '[]') @> jsonb_build_array(t.threshold)
         order by t.job_id, t.told_at desc) w join sluice.job j on j.id = w.job_id order by w.told_at desc`,
    )}
    union all ${line(
      "'rejects'",
      `r.id, r.ended_at, null, null, m.records from newest n join sluice.run r on r.namespace_id = $1 and r.id = n.id and n.state = 'completed_with_errors'
       join sluice.job j on j.id = r.job_id cross join lateral (select ${sumOf('r.totals', '^failed\\.')} - ${mended} as records) m
       where j.state <> 'archived' and m.records > 0 order by r.ended_at desc`,
    )}) x`

/** Everything that needs a person, in no order; of each kind `limit` at most. */
export async function readAttention(
  client: Queryable,
  namespaceId: number,
  limit: number,
): Promise<AttentionRow[]> {
  const { rows } = await client.query<{ row: AttentionRow }>(attentionSql, [namespaceId, limit])
  return rows.map(({ row }) => row)
}

export interface AtWork {
  /** The runs that work, oldest first, so many at most. */
  readonly runs: readonly number[]
  /** How many wait for their lane; counted to a thousand. */
  readonly waiting: number
}

const waitingMax = 1_000

export async function readAtWork(client: Queryable, namespaceId: number, limit: number): Promise<AtWork> {
  const { rows } = await client.query<AtWork>(
    `select array(select id from sluice.run where namespace_id = $1 and (holds_lane or state = 'stopping') order by id limit $2)::int[] as runs,
       (select count(*) from (select from sluice.run w where w.namespace_id = $1 and ${waits('w')} limit ${waitingMax}) x) as waiting`,
    [namespaceId, limit],
  )
  return rows[0]!
}

/** How many jobs there are in each state, but for those that are done. */
export async function countJobs(
  client: Queryable,
  namespaceId: number,
): Promise<Partial<Record<JobState, number>>> {
  const { rows } = await client.query<{ state: JobState; n: number }>(
    `select state, count(*) as n from sluice.job
     where namespace_id = $1 and state in ('draft', 'sampling', 'sampling_failed', 'active', 'paused', 'halted') group by state`,
    [namespaceId],
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

/** How far somebody new has come. */
export interface Begun {
  /** Something was imported. */
  readonly imported: boolean
  /** There is a job that runs again and again. */
  readonly recurring: boolean
}

export async function readBegun(client: Queryable, namespaceId: number): Promise<Begun> {
  const { rows } = await client.query<Begun>(
    `select exists (select from sluice.run where namespace_id = $1 and settings ->> 'dryRun' is distinct from 'true') as imported,
       exists (select from sluice.job where namespace_id = $1 and kind = 'recurring') as recurring`,
    [namespaceId],
  )
  return rows[0]!
}

/** How many profiles are counted one by one; beyond, the statistics of the table say it well enough. */
const countedProfiles = 400_000

export interface ProfileCount {
  readonly count: number
  /** False: from the statistics of the table, some percent off at most. */
  readonly exact: boolean
}

export async function estimateProfiles(client: Queryable, { schema }: Namespace): Promise<ProfileCount> {
  const table = `${quoteName(schema)}.profile`
  const { rows } = await client.query<{ estimate: number | null }>(
    `select round(c.reltuples / nullif(c.relpages, 0) * (pg_relation_size(c.oid) / current_setting('block_size')::int))::bigint as estimate
     from pg_class c where c.oid = $1::regclass and c.reltuples > 0`,
    [table],
  )
  const estimate = rows[0]?.estimate ?? null
  if (estimate !== null && estimate > countedProfiles) return { count: estimate, exact: false }
  // A new table has no statistics for a minute.
  const whole = await client.query<{ n: number }>(`select count(*) as n from ${table}`)
  return { count: whole.rows[0]!.n, exact: true }
}

/** How much of the calendar month is over in this zone, from 0 to 1. */
export async function shareOfMonth(client: Queryable, zone: string): Promise<number> {
  const { rows } = await client.query<{ gone: number }>(
    `select (extract(epoch from n.at - n.month) / extract(epoch from n.month + interval '1 month' - n.month))::float8 as gone
     from (select clock_timestamp() at time zone $1 as at, date_trunc('month', clock_timestamp() at time zone $1) as month) n`,
    [zone],
  )
  return rows[0]!.gone
}
