// The scheduler's questions and notes: which jobs are due, what they are owed, and what was decided about it.
import type pg from 'pg'
import { jobSetupSchema, type JobSetup } from '../core/jobSetup.ts'
import { runName } from '../core/names.ts'
import { namespaceSettingsSchema } from '../core/namespaceSettings.ts'
import type { Problem } from '../core/problem.ts'
import type { OpenRun } from '../core/schedule/owed.ts'
import { ordinaryTriggers } from '../core/triggers.ts'
import { takeRunId } from './imports.ts'
import { writeLog } from './log.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface ScheduledJob {
  readonly id: number
  readonly namespaceId: number
  readonly name: string
  readonly version: number
  /** The version that next_due was worked out from; null: none was. */
  readonly plannedVersion: number | null
  readonly setup: JobSetup
  /** Of its schedule: its own, or that of the namespace. */
  readonly zone: string
  /** Milliseconds since 1970. */
  readonly activation: number
  readonly nextDue: number | null
  /** It was switched on from a draft, not after a pause: nothing of before is owed. */
  readonly fresh: boolean
  /** Its ordinary runs that have not ended, oldest first. */
  readonly open: readonly OpenRun[]
}

interface Row {
  id: number
  namespace_id: number
  name: string
  version: number
  planned_version: number | null
  setup: unknown
  settings: unknown
  activation: number
  next_due: number | null
  fresh: boolean
}

const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::bigint`

/**
 * An active job with its row locked, or null: it is not active any more, or another scheduler is at it. `waiting`: whoever
 * has the row is waited for, also where that is about to switch it on. Call it in a transaction.
 */
export async function lockScheduled(
  client: pg.ClientBase,
  id: number,
  waiting = false,
): Promise<ScheduledJob | null> {
  const locked = await client.query<{ state: string }>(
    waiting
      ? 'select state from sluice.job where id = $1 for update'
      : `select state from sluice.job where id = $1 and state = 'active' for update skip locked`,
    [id],
  )
  if (locked.rows[0]?.state !== 'active') return null
  // A second statement sees what was committed while the first waited.
  const { rows } = await client.query<Row>(
    `select j.id, j.namespace_id, j.name, j.last_version as version, j.planned_version, v.setup, n.settings,
       ${ms('coalesce(j.activated_at, j.state_at)')} as activation, ${ms('j.next_due')} as next_due,
       j.state_from is distinct from 'paused' and j.state_from is distinct from 'halted' as fresh
     from sluice.job j join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
     join sluice.namespace n on n.id = j.namespace_id
     where j.id = $1 and n.dropping_at is null`,
    [id],
  )
  const row = rows[0]
  if (row === undefined) return null
  const setup = jobSetupSchema.parse(row.setup)
  return {
    id: row.id,
    namespaceId: row.namespace_id,
    name: row.name,
    version: row.version,
    plannedVersion: row.planned_version,
    setup,
    zone: setup.schedule?.zone ?? namespaceSettingsSchema.parse(row.settings ?? {}).zone,
    activation: row.activation,
    nextDue: row.next_due,
    fresh: row.fresh,
    open: await openRuns(client, id),
  }
}

async function openRuns(client: pg.ClientBase, job: number): Promise<OpenRun[]> {
  const { rows } = await client.query<{ id: number; waiting: boolean }>(
    `select id, state = 'queued' and started_at is null as waiting from sluice.run
     where job_id = $1 and ended_at is null and trigger = any($2) order by number`,
    [job, ordinaryTriggers],
  )
  return rows.map(({ id, waiting }) => ({ name: runName(id), waiting }))
}

/** Active jobs whose schedule has not been looked at since it was written. */
export async function unplannedJobs(
  client: Queryable,
  but: readonly number[],
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select id from sluice.job where state = 'active' and planned_version is distinct from last_version
       and id <> all($1) order by id limit $2`,
    [but, limit],
  )
  return rows.map(({ id }) => id)
}

/** Active jobs that are due, those that have waited longest first. */
export async function dueJobs(
  client: Queryable,
  now: Date,
  but: readonly number[],
  limit: number,
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select id from sluice.job where state = 'active' and next_due <= $1 and id <> all($2) order by next_due limit $3`,
    [now, but, limit],
  )
  return rows.map(({ id }) => id)
}

/** When the next job is due after an instant; null: none is. */
export async function nextDueAfter(client: Queryable, now: Date): Promise<Date | null> {
  const { rows } = await client.query<{ next: Date | null }>(
    `select min(next_due) as next from sluice.job where state = 'active' and next_due > $1`,
    [now],
  )
  return rows[0]?.next ?? null
}

export interface Plan {
  readonly nextDue: number | null
  readonly endsAt: string | null
  readonly runsAfter: string | null
}

/** Notes what a version of a job says about when it runs. */
export async function notePlan(client: pg.ClientBase, job: ScheduledJob, plan: Plan): Promise<void> {
  await client.query(
    `update sluice.job set planned_version = $2, next_due = $3, ends_at = $4, runs_after = $5 where id = $1`,
    [job.id, job.version, plan.nextDue === null ? null : new Date(plan.nextDue), plan.endsAt, plan.runsAfter],
  )
}

/** The schedules of a namespace's jobs are worked out anew: its zone has changed. */
export async function forgetPlans(client: pg.ClientBase, namespaceId: number): Promise<void> {
  await client.query(
    `update sluice.job set planned_version = 0 where namespace_id = $1 and planned_version is not null`,
    [namespaceId],
  )
}

export interface SkippedOccurrence {
  /** ISO 8601; null: it was another job's end, not an instant. */
  readonly dueAt: string | null
  readonly trigger: 'schedule' | 'after'
  readonly problem: Problem
  readonly settings: Readonly<Record<string, unknown>>
  /** Nobody expected a run there: it is told as skipped, not as one that did not run. */
  readonly expected: boolean
}

/** Makes a run that did not take place, so that the history shows it; it never was anything else. */
export async function insertSkipped(
  client: pg.ClientBase,
  job: Pick<ScheduledJob, 'id' | 'namespaceId' | 'version' | 'setup'>,
  { dueAt, trigger, problem, settings, expected }: SkippedOccurrence,
): Promise<void> {
  const run = await takeRunId(client, job.namespaceId)
  const { rowCount } = await client.query(
    `with job as (update sluice.job set last_number = last_number + 1 where id = $3 returning id, last_number)
     insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, lane, due_at, settings, same_as,
       state, state_from, ended_at, problem, followed)
     select $1, $2::bigint, job.id, $4, job.last_number, $5, $6, $7, $8, 'run/' || $2::bigint,
       'skipped', 'queued', clock_timestamp(), $9, true from job
     on conflict (job_id, due_at) where due_at is not null do nothing`,
    [
      job.namespaceId,
      run,
      job.id,
      job.version,
      trigger,
      job.setup.lane,
      dueAt,
      JSON.stringify(settings),
      JSON.stringify(problem),
    ],
  )
  if (rowCount === 0) return
  await writeLog(client, {
    namespaceId: job.namespaceId,
    job: job.id,
    run,
    kind: expected ? 'did_not_run' : 'skipped',
    details: { due: dueAt, problem },
  })
}

/**
 * The skipped run that stands for occurrences refused for the same open run, where it is the job's newest; null: there is
 * none. A job that is held over a weekend then has one line, not a thousand.
 */
export async function growingSkip(
  client: pg.ClientBase,
  job: ScheduledJob,
  behind: string,
): Promise<{ readonly run: number; readonly occurrences: number } | null> {
  const { rows } = await client.query<{ id: number; occurrences: number }>(
    `select r.id, coalesce((r.settings ->> 'occurrences')::int, 1) as occurrences from (
       select * from sluice.run where job_id = $1 order by number desc limit 1) r
     where r.state = 'skipped' and r.trigger = 'schedule' and r.problem ->> 'code' = 'schedule.overlap'
       and r.problem #>> '{details,run}' = $2`,
    [job.id, behind],
  )
  return rows[0] === undefined ? null : { run: rows[0].id, occurrences: rows[0].occurrences }
}

/** Lets that run stand for more occurrences, up to this one. */
export async function growSkip(
  client: pg.ClientBase,
  job: ScheduledJob,
  run: number,
  more: { readonly dueAt: string; readonly occurrences: number; readonly problem: Problem },
): Promise<void> {
  await client.query(
    `update sluice.run set due_at = $3, problem = $4, ended_at = clock_timestamp(),
       settings = settings || jsonb_build_object('occurrences', $5::int)
     where namespace_id = $1 and id = $2`,
    [job.namespaceId, run, more.dueAt, JSON.stringify(more.problem), more.occurrences],
  )
}

/** Active jobs whose schedule has come to its end, with nothing of them under way (BS-06). */
export async function endedJobs(client: Queryable, now: Date): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select j.id from sluice.job j where j.state = 'active' and j.ends_at <= $1 and j.next_due is null
       and j.planned_version = j.last_version
       and not exists (select from sluice.run r where r.job_id = j.id and r.ended_at is null and r.trigger = any($2))
     order by j.ends_at limit 100`,
    [now, ordinaryTriggers],
  )
  return rows.map(({ id }) => id)
}

/** A run that ended well and whose followers have not been started. */
export interface EndedRun {
  readonly namespaceId: number
  readonly run: number
}

const endedWell = `state in ('completed', 'completed_with_errors')`

export async function unfollowedRuns(client: Queryable, limit: number): Promise<EndedRun[]> {
  const { rows } = await client.query<{ namespace_id: number; id: number }>(
    `select namespace_id, id from sluice.run where not followed and ${endedWell} order by namespace_id, id limit $1`,
    [limit],
  )
  return rows.map(({ namespace_id: namespaceId, id: run }) => ({ namespaceId, run }))
}

/**
 * Marks a run as followed and answers the jobs that run after its job; none for retries and undos. Those that are switched
 * off are among them: one may be switched on at this moment. Null: another scheduler is at it, or was. Call it in a
 * transaction that starts them.
 */
export async function takeFollowers(
  client: pg.ClientBase,
  { namespaceId, run }: EndedRun,
): Promise<number[] | null> {
  const { rows } = await client.query<{ name: string | null }>(
    `with taken as (
       select namespace_id, id from sluice.run where namespace_id = $1 and id = $2 and not followed and ${endedWell}
       for update skip locked)
     update sluice.run r set followed = true from taken t
     where r.namespace_id = t.namespace_id and r.id = t.id
     returning (select j.name from sluice.job j where j.id = r.job_id and r.trigger = any($3)) as name`,
    [namespaceId, run, ordinaryTriggers],
  )
  if (rows[0] === undefined) return null
  const followers = await client.query<{ id: number }>(
    `select id from sluice.job where namespace_id = $1 and runs_after = $2 and state in ('active', 'paused', 'halted') order by id`,
    [namespaceId, rows[0].name],
  )
  return followers.rows.map(({ id }) => id)
}
