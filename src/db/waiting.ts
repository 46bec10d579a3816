// Jobs whose records wait to be processed, the runs that have them, and the making of processing runs (core/waiting.ts).
import type pg from 'pg'
import { jobSetupSchema, type JobSetup } from '../core/jobSetup.ts'
import { runName } from '../core/names.ts'
import { settledRunStates } from '../core/run.ts'
import type { ProcessSettings } from '../core/waiting.ts'
import type { Namespace } from './imports.ts'
import type { RunKey } from './moves.ts'
import { putBack, type OpenRun } from './recordMoves.ts'
import { quoteName } from './sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** As core/waiting.ts decides whether a run leaves its records to be processed by others, of a row of sluice.run. */
export const leavesNewSql = (run: string): string =>
  `${run}.trigger not in ('undo', 'process', 'mirror') and (${run}.trigger <> 'retry' or ${run}.settings ? 'selection') and exists (
     select from sluice.job_version v where v.job_id = ${run}.job_id and v.version = ${run}.job_version and v.setup ->> 'staged' is not null)`

/** Remembers that a run has records that are still to be processed. */
export async function noteWaiting(client: Queryable, { namespaceId, runId }: RunKey): Promise<void> {
  await client.query('update sluice.run set waits = true where namespace_id = $1 and id = $2 and not waits', [
    namespaceId,
    runId,
  ])
}

export interface WaitingJob {
  readonly id: number
  readonly name: string
  readonly namespace: Namespace
  /** Of its newest version. */
  readonly setup: JobSetup
  /** When its last processing run was due, in milliseconds; null: there was none. */
  readonly last: number | null
}

const jobsSql = `
  select j.id, j.name, j.state, v.setup, n.id as namespace_id, n.name as namespace, n.data_schema, n.catalogue,
    (select extract(epoch from coalesce(p.due_at, p.created_at)) * 1000 from sluice.run p
     where p.job_id = j.id and p.trigger = 'process' order by p.id desc limit 1)::bigint as last
  from sluice.job j join sluice.namespace n on n.id = j.namespace_id and n.dropping_at is null
  join sluice.job_version v on v.job_id = j.id and v.version = j.last_version`

interface JobRow {
  id: number
  name: string
  state: string
  setup: unknown
  namespace_id: number
  namespace: string
  data_schema: string
  catalogue: number
  last: number | null
}

const jobOf = (row: JobRow): WaitingJob => ({
  id: row.id,
  name: row.name,
  namespace: {
    id: row.namespace_id,
    name: row.namespace,
    schema: row.data_schema,
    catalogue: row.catalogue,
  },
  setup: jobSetupSchema.parse(row.setup),
  last: row.last,
})

/** Jobs that have waiting records and are switched on; a one-time job also when all of it has landed. */
export async function waitingJobs(client: Queryable): Promise<WaitingJob[]> {
  const { rows } = await client.query<JobRow>(
    `${jobsSql} where exists (select from sluice.run r where r.job_id = j.id and r.waits)
       and (j.state = 'active' or (j.state = 'completed' and j.kind = 'one_time')) order by j.id`,
  )
  return rows.map(jobOf)
}

/** A job by name, whatever its state. */
export async function waitingJob(
  client: Queryable,
  namespaceId: number,
  name: string,
): Promise<(WaitingJob & { readonly state: string }) | undefined> {
  const { rows } = await client.query<JobRow>(
    `${jobsSql} where j.namespace_id = $1 and j.name = $2 and j.state <> 'archived' order by j.id limit 1`,
    [namespaceId, name],
  )
  return rows[0] === undefined ? undefined : { ...jobOf(rows[0]), state: rows[0].state }
}

/** The processing run of a job that is under way. */
export async function openProcessing(client: Queryable, job: number): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    `select id from sluice.run where job_id = $1 and ended_at is null and trigger = 'process' and state <> all($2) limit 1`,
    [job, settledRunStates],
  )
  return rows[0]?.id ?? null
}

/** How many runs are looked through at once. */
const runsMax = 1_000

/**
 * Runs of a job that have records to take now, oldest first. A run that is not settled is left alone: it still counts
 * them. Where nothing is open any more, that is remembered.
 */
export async function runsToTake(
  client: Queryable,
  job: WaitingJob,
  how: { readonly fresh: boolean; readonly dueBy: string },
): Promise<OpenRun[]> {
  const record = `${quoteName(job.namespace.schema)}.record`
  const { rows } = await client.query<{ id: number; month: string; open: boolean; due: boolean }>(
    `select r.id, r.run_month::text as month,
       exists (select from ${record} o where o.run_month = r.run_month and o.run = r.id and o.state in (0, 1, 2)) as open,
       exists (select from ${record} o where o.run_month = r.run_month and o.run = r.id and o.state in (0, 2)
         and ((o.state = 0 and $3) or (o.state = 2 and o.updated_at <= $4::timestamptz))) as due
     from sluice.run r where r.job_id = $1 and r.waits and r.state = any($2) and r.state <> 'reverted'
     order by r.id limit ${runsMax}`,
    [job.id, settledRunStates, how.fresh, how.dueBy],
  )
  const over = rows.filter(({ open }) => !open).map(({ id }) => id)
  if (over.length > 0)
    await client.query('update sluice.run set waits = false where namespace_id = $1 and id = any($2)', [
      job.namespace.id,
      over,
    ])
  return rows
    .filter(({ due }) => due)
    .map(({ id, month }) => ({
      namespaceId: job.namespace.id,
      runId: id,
      month,
      schema: job.namespace.schema,
    }))
}

/** Puts back what processing runs that ended midway had in hand. Answers how many records. */
export async function releaseTaken(client: pg.ClientBase, namespace: Namespace): Promise<number> {
  const { rows } = await client.query<{ id: number; parent: number; month: string }>(
    `select p.id, q.id as parent, q.run_month::text as month
     from (select distinct settled_by as id from ${quoteName(namespace.schema)}.record where state = 1) t
     join sluice.run p on p.namespace_id = $1 and p.id = t.id and p.state = any($2)
     cross join lateral jsonb_array_elements_text(p.settings -> 'parents') x (name)
     join sluice.run q on q.namespace_id = $1 and q.id = substring(x.name from 2)::bigint`,
    [namespace.id, settledRunStates],
  )
  let count = 0
  for (const { id, parent, month } of rows)
    count += await putBack(
      client,
      { namespaceId: namespace.id, runId: parent, schema: namespace.schema, month },
      id,
    )
  return count
}

export interface NewProcess {
  readonly namespaceId: number
  readonly job: number
  readonly version: number
  readonly landingId: string
  readonly settings: ProcessSettings
  /** The instant it stands for, ISO 8601; null: a person asked for it. */
  readonly dueAt: string | null
  readonly by: string | null
}

/** Makes a queued processing run with an id that was taken for it. */
export async function insertProcess(client: pg.ClientBase, runId: number, order: NewProcess): Promise<void> {
  await client.query(
    `with job as (update sluice.job set last_number = last_number + 1, updated_at = now() where id = $3 returning id, last_number),
       run as (insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, lane, landing_id, due_at, started_by, settings, same_as)
         select $1, $2::bigint, job.id, v.version, job.last_number, 'process', coalesce(v.setup ->> 'lane', 'main'), $5, $6, $7, $8, 'process/' || ($2::bigint)::text
         from job join sluice.job_version v on v.job_id = job.id and v.version = $4 returning id, job_id)
     insert into sluice.log (namespace_id, job_id, run_id, kind, by, details)
     select $1, job_id, id, 'queued', $7, jsonb_build_object('trigger', 'process', 'records', $9::bigint, 'from', $10::text) from run`,
    [
      order.namespaceId,
      runId,
      order.job,
      order.version,
      order.landingId,
      order.dueAt,
      order.by,
      JSON.stringify(order.settings),
      order.settings.process.records,
      order.settings.parents.join(', '),
    ],
  )
  await client.query(`select pg_notify('sluice_work', '')`)
}

/** The processing runs that settled records of a run and stand: r1045, r1046. */
export async function processedIn(client: Queryable, { namespaceId, runId }: RunKey): Promise<string[]> {
  const { rows } = await client.query<{ id: number }>(
    `select p.id from sluice.run r join sluice.run p on p.job_id = r.job_id and p.trigger = 'process'
     where r.namespace_id = $1 and r.id = $2 and p.settings -> 'parents' ? $3 and p.state <> 'reverted' order by p.id limit 20`,
    [namespaceId, runId, runName(runId)],
  )
  return rows.map(({ id }) => runName(id))
}
