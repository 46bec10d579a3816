// Runs as people look at them: one row with its job, file and live counters; lists by cursor.
import type pg from 'pg'
import type { Problem } from '../../core/problem.ts'
import { settledRunStates, type RunStage, type RunState } from '../../core/run.ts'
import type { Seen } from '../../core/seen.ts'
import { ordinaryTriggers } from '../../core/triggers.ts'
import type { FetchState } from '../../core/vendors/words.ts'
import type { Namespace } from '../imports.ts'
import { leavesNewSql } from '../waiting.ts'
import { stalledSince, waits } from '../lanes.ts'
import { prepared } from '../sql.ts'

/** Times are ISO 8601 (UTC); counters have flat keys (`finished.created`, `failed.email.invalid`). */
export interface RunRow {
  readonly id: number
  readonly number: number
  readonly job: string
  readonly trigger: string
  readonly state: RunState
  readonly state_at: string
  readonly created_at: string
  readonly started_at: string | null
  readonly ended_at: string | null
  readonly skipped_for: number | null
  /** With which run its lines were compared; null: nobody asked for it, or it is not decided yet. */
  readonly seen: Seen | null
  readonly total: number | null
  readonly counters: Readonly<Record<string, number>>
  readonly validation: Readonly<Record<string, unknown>> | null
  readonly problem: Problem | null
  readonly sleeping: Readonly<Record<string, unknown>> | null
  readonly progress: Readonly<Record<string, unknown>> | null
  readonly stages: Readonly<Partial<Record<RunStage, { started?: string; ended?: string; seconds?: number }>>>
  readonly artifacts: Readonly<Record<string, { key: string; bytes?: number; records?: number }>>
  readonly settings: Readonly<Record<string, unknown>>
  /** Runs that retry or correct records of this one, oldest first. */
  readonly children: readonly number[]
  /** The run that deleted, or deletes, who is missing from its file. */
  readonly mirrored_by: number | null
  /** The undo that stands by which it was undone. */
  readonly reverted_by: number | null
  /** First day of its month: the partition of its ledger rows. */
  readonly month: string
  readonly landing_id: string | null
  readonly file_name: string | null
  readonly content_bytes: number | null
  readonly original_bytes: number | null
  readonly content_sha256: string | null
  readonly landing_seconds: number | null
  readonly started_by: string | null
  /** It left its records to be processed by other runs. */
  readonly staged: boolean
  /** The instant of its schedule it stands for. */
  readonly due_at: string | null
  /** Time zone of the schedule of its job; null: its job has none. */
  readonly zone: string | null
  readonly lane: string
  /** Its place among those that wait in its lane; 1: the next one. Null: it does not wait. */
  readonly position: number | null
  /** Attempts that failed, oldest first. */
  readonly attempts: readonly { readonly at: string; readonly stage: RunState; readonly problem: Problem }[]
  /** When it goes on by itself. */
  readonly wake_at: string | null
  /** Of a run that reads its source itself. */
  readonly fetched: {
    readonly status: FetchState
    readonly startedAt?: string
    readonly endedAt?: string | null
  } | null
  /** Since when nothing of it has moved, though it should; null: it moves. */
  readonly stalled_since: string | null
  /** What retention took away of it already, and when. */
  readonly purged: { readonly artifacts?: string; readonly ledger?: string } | null
  readonly landing_purged_at: string | null
  /** Earlier runs of its job that came to their end, while it is under way. */
  readonly past: readonly {
    readonly records: number
    readonly bytes: number | null
    readonly stages: Readonly<Partial<Record<RunStage, { seconds?: number }>>>
  }[]
  /** Now, on the database's clock: open stages are measured to here. */
  readonly now: string
}

type Queryable = pg.ClientBase | pg.Pool

const list = (names: readonly string[]): string => `array['${names.join("','")}']`

// A queue is counted to here; whoever is behind that many does not care how many more there are.
const positionMax = 1000

const waitingColumns = `
  r.started_by, ${leavesNewSql('r')} as staged, r.due_at, r.lane, r.attempts, r.wake_at, r.fetched, r.purged, l.purged_at as landing_purged_at,
  case when ${waits('r')} then (select count(*) from (select from sluice.run q where q.namespace_id = r.namespace_id
    and q.lane = r.lane and q.id <= r.id and ${waits('q')} limit ${positionMax}) w) end as position,
  ${stalledSince} as stalled_since,
  (select coalesce(v.setup #>> '{schedule,zone}', n.settings ->> 'zone', 'UTC') from sluice.job_version v join sluice.namespace n on n.id = r.namespace_id
    where v.job_id = r.job_id and v.version = r.job_version and jsonb_typeof(v.setup -> 'schedule') = 'object') as zone,
  case when r.state = any(${list(settledRunStates)}) then '[]'::json else coalesce((select json_agg(x) from (
    select p.total as records, pl.content_bytes as bytes, p.stages from sluice.run p left join sluice.landing pl on pl.id = p.landing_id
    where p.job_id = r.job_id and p.number < r.number and p.number > r.number - 30 and p.total > 0
      and p.trigger = any(${list(ordinaryTriggers)}) and p.state in ('completed', 'completed_with_errors', 'reverted')
    order by p.number desc limit 5) x), '[]') end as past`

const columns = `
  ${waitingColumns}, r.id, r.number, j.name as job, r.trigger, r.state, r.state_at, r.created_at, r.started_at, r.ended_at, r.skipped_for, r.seen,
  r.total, r.validation, r.problem, r.sleeping, r.progress, r.stages, r.artifacts, r.settings, r.landing_id, r.run_month as month,
  l.file_name, l.content_bytes, l.original_bytes, l.content_sha256,
  extract(epoch from l.landed_at - l.started_at) as landing_seconds, clock_timestamp() as now,
  array(select c.id from sluice.run c where c.trigger = 'retry' and c.settings -> 'parents' ? ('r' || r.id)
    and c.namespace_id = r.namespace_id and c.settings ->> 'dryRun' is distinct from 'true' and c.state <> 'skipped' order by c.id) as children,
  (select m.id from sluice.run m where m.namespace_id = r.namespace_id and m.trigger = 'mirror' and m.settings ->> 'mirrors' = 'r' || r.id) as mirrored_by,
  case when r.state = 'reverted' then (select u.id from sluice.run u where u.namespace_id = r.namespace_id and u.trigger = 'undo'
    and u.settings ->> 'reverts' = 'r' || r.id and u.state = 'completed' order by u.id desc limit 1) end as reverted_by,
  coalesce(r.totals, (
    select jsonb_object_agg(key, n) from (
      select key, sum(value::bigint) as n from sluice.chunk c, jsonb_each_text(c.counters)
      where c.namespace_id = r.namespace_id and c.run_id = r.id group by key) x), '{}') as counters`

const from = `sluice.run r join sluice.job j on j.id = r.job_id left join sluice.landing l on l.id = r.landing_id`

/** One run, or undefined. */
export async function findRun(
  client: Queryable,
  namespace: Namespace,
  id: number,
): Promise<RunRow | undefined> {
  const { rows } = await client.query<{ row: RunRow }>(
    prepared(
      `select to_json(x) as row from (select ${columns} from ${from} where r.namespace_id = $1 and r.id = $2) x`,
      [namespace.id, id],
    ),
  )
  return rows[0]?.row
}

/** These runs, newest first; those there are none of are left out. */
export async function findRuns(
  client: Queryable,
  namespace: Namespace,
  ids: readonly number[],
): Promise<RunRow[]> {
  const { rows } = await client.query<{ row: RunRow }>(
    prepared(
      `select to_json(x) as row from (
       select ${columns} from ${from} where r.namespace_id = $1 and r.id = any($2) order by r.id desc) x`,
      [namespace.id, ids],
    ),
  )
  return rows.map(({ row }) => row)
}

export interface RunFilter {
  /** Of jobs of this kind. */
  readonly kind?: 'one_time' | 'recurring' | undefined
  readonly states?: readonly RunState[] | undefined
  /** The id of a job. */
  readonly job?: number | undefined
  /** Only runs older than this id: the cursor. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Newest first. */
export async function listRuns(
  client: Queryable,
  namespace: Namespace,
  { states, job, before, kind, limit }: RunFilter,
): Promise<RunRow[]> {
  // Each combination is a text of its own, so that its plan knows what it looks for.
  const values: unknown[] = [namespace.id, limit]
  const parts = [
    [states, (value: string) => `r.state = any(${value}::text[])`] as const,
    [job, (value: string) => `r.job_id = ${value}`] as const,
    [before, (value: string) => `r.id < ${value}`] as const,
    [kind, (value: string) => `j.kind = ${value}`] as const,
  ].map(([value, part]) => (value === undefined ? '' : ` and ${part(`$${values.push(value)}`)}`))
  const { rows } = await client.query<{ row: RunRow }>(
    prepared(
      `select to_json(x) as row from (
       select ${columns} from ${from} where r.namespace_id = $1${parts.join('')} order by r.id desc limit $2) x`,
      values,
    ),
  )
  return rows.map(({ row }) => row)
}

export interface PlannedRun {
  readonly job: string
  /** ISO 8601. */
  readonly due_at: string
  /** Time zone of its schedule: its own, or that of the namespace. */
  readonly zone: string
}

/** The next run of each active job that has a schedule, the soonest first (BL-12). */
export async function plannedRuns(
  client: Queryable,
  namespace: Namespace,
  job: number | undefined,
  limit: number,
): Promise<PlannedRun[]> {
  const { rows } = await client.query<{ row: PlannedRun }>(
    prepared(
      `select to_json(x) as row from (
       select name as job, next_due as due_at, coalesce((select v.setup #>> '{schedule,zone}' from sluice.job_version v
         where v.job_id = job.id and v.version = job.last_version),
         (select n.settings ->> 'zone' from sluice.namespace n where n.id = job.namespace_id), 'UTC') as zone
       from sluice.job
       where namespace_id = $1 and state = 'active' and next_due is not null and ($2::bigint is null or id = $2)
       order by next_due limit $3) x`,
      [namespace.id, job ?? null, limit],
    ),
  )
  return rows.map(({ row }) => row)
}

export interface ActiveRun {
  readonly namespace: string
  readonly id: number
  readonly state: RunState
}

/** Runs that need a worker sooner or later, in any namespace; a held run waits for a person and needs none. */
export async function activeRuns(client: Queryable): Promise<ActiveRun[]> {
  const { rows } = await client.query<ActiveRun>(
    `select n.name as namespace, r.id, r.state from sluice.run r join sluice.namespace n on n.id = r.namespace_id
     where r.state in ('queued', 'fetching', 'validating', 'importing', 'processing', 'retry_wait', 'stopping')
     order by r.created_at limit 20`,
  )
  return rows
}

/** Whether the database has our tables yet. */
export async function hasTables(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('sluice.run') is not null as there`,
  )
  return rows[0]?.there === true
}
