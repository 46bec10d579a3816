// Removing what is due: in small steps, each of which stands for itself, so that dying in between costs nothing.
import type pg from 'pg'
import { moveJob } from '../moves.ts'
import { writeLog } from '../log.ts'
import { quoteName } from '../sql.ts'
import { dueArtifacts, dueChanges, dueJobs, dueLandings, dueLogs, dueRuns } from './due.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface Place {
  readonly id: number
  /** Of its data, not quoted. */
  readonly schema: string
}

/** Rows removed in one statement. */
const step = 5_000

export interface DueArtifacts {
  readonly run: number
  readonly keys: readonly string[]
}

/** Runs with files that are due, a few at a time. */
export async function takeArtifacts(
  client: Queryable,
  { id }: Place,
  cutoff: string,
): Promise<DueArtifacts[]> {
  const { rows } = await client.query<DueArtifacts>(
    `select r.id as run, array(select value ->> 'key' from jsonb_each(r.artifacts) where value ? 'key') as keys
     from ${dueArtifacts.from} order by r.id limit 100`,
    [id, cutoff],
  )
  return rows
}

/** The files are gone; the run says since when. */
export async function noteArtifactsGone(client: Queryable, { id }: Place, run: number): Promise<void> {
  await client.query(
    `update sluice.run set artifacts = '{}', purged = purged || jsonb_build_object('artifacts', now()) where namespace_id = $1 and id = $2`,
    [id, run],
  )
}

export interface DueLanding {
  readonly landing: string
  readonly key: string
  /** Runs that read it: their indexes and caches go with it. */
  readonly runs: readonly number[]
  /** Blobs that list which of its records were retried. */
  readonly lists: readonly string[]
}

export async function takeLandings(
  client: Queryable,
  { id, schema }: Place,
  cutoff: string,
  unused: string,
): Promise<DueLanding[]> {
  const { rows } = await client.query<DueLanding>(
    `select l.id as landing, l.blob_key as key,
       array(select r.id from sluice.run r where r.namespace_id = l.namespace_id and r.landing_id = l.id) as runs,
       array(select r.settings #>> '{selection,key}' from sluice.run r where r.namespace_id = l.namespace_id and r.landing_id = l.id
         and r.settings #>> '{selection,key}' is not null) as lists
     from ${dueLandings(quoteName(schema)).from} order by l.landed_at limit 100`,
    [id, cutoff, unused],
  )
  return rows
}

/** The bytes are gone; a landing no run names goes altogether. */
export async function noteLandingGone(client: Queryable, landing: string): Promise<void> {
  await client.query(
    `with unused as (delete from sluice.landing l where l.id = $1 and not exists (select from sluice.run r where r.landing_id = l.id)
       and not exists (select from sluice.landing p where p.container_id = l.id) returning l.id)
     update sluice.landing set purged_at = now() where id = $1 and not exists (select from unused)`,
    [landing],
  )
}

/** Removes the changes of one run that is due, and the people it took away; answers rows, or null where none is due. */
export async function removeChanges(
  client: pg.ClientBase,
  { id, schema }: Place,
  cutoff: string,
): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    `select r.id from ${dueChanges.from} order by r.id limit 1`,
    [id, cutoff],
  )
  const run = rows[0]?.id
  if (run === undefined) return null
  const data = quoteName(schema)
  let removed = 0
  for (let last = -1; last !== 0; removed += last)
    last = await deleted(
      client,
      `delete from ${data}.change where ctid = any(array(select ctid from ${data}.change where run = $1 limit ${step}))`,
      run,
    )
  await client.query(`delete from ${data}.profile_gone where gone_run = $1`, [run])
  await client.query(
    `update sluice.run set purged = purged || jsonb_build_object('changes', now()) where namespace_id = $1 and id = $2`,
    [id, run],
  )
  return removed
}

async function deleted(client: pg.ClientBase, statement: string, value: unknown): Promise<number> {
  return (await client.query(statement, [value])).rowCount ?? 0
}

/** The oldest month of the ledger of which every run ended before the cutoff and no record is left to process. */
async function dueMonth(
  client: pg.ClientBase,
  { id, schema }: Place,
  cutoff: string,
): Promise<{ name: string; month: string } | undefined> {
  const { rows } = await client.query<{ name: string; month: string }>(
    `select c.relname as name, to_date(right(c.relname, 7), 'YYYY_MM')::text as month
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = to_regclass($1 || '.record') and c.relname ~ '^record_\\d{4}_\\d{2}$'
       and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'utc' < $3::timestamptz
       and not exists (select from sluice.run r where r.namespace_id = $2 and r.run_month = to_date(right(c.relname, 7), 'YYYY_MM')
         and (r.ended_at is null or greatest(r.ended_at, r.moved_at) >= $3::timestamptz))
     order by c.relname limit 12`,
    [quoteName(schema), id, cutoff],
  )
  for (const row of rows) if (!(await hasOpen(client, schema, row.name))) return row
  return undefined
}

async function hasOpen(client: pg.ClientBase, schema: string, partition: string): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    `select exists (select from ${quoteName(schema)}.${quoteName(partition)} where state in (0, 1, 2, 6)) as open`,
  )
  return rows[0]!.open
}

/** Drops one month of the ledger that is due; answers its name, or null. In a transaction. */
export async function dropMonth(client: pg.ClientBase, place: Place, cutoff: string): Promise<string | null> {
  const due = await dueMonth(client, place, cutoff)
  if (due === undefined) return null
  // Whoever reads the ledger now finishes first, and imports wait for a moment only.
  await client.query(`set local lock_timeout = '5s'`)
  await client.query(`drop table ${quoteName(place.schema)}.${quoteName(due.name)}`)
  await client.query(
    `update sluice.run set purged = purged || jsonb_build_object('ledger', now()) where namespace_id = $1 and run_month = $2`,
    [place.id, due.month],
  )
  return due.name
}

/** Months that had no run any more, or none in the ledger: their runs are through too. */
export async function noteEmptyMonths(
  client: Queryable,
  { id, schema }: Place,
  cutoff: string,
): Promise<void> {
  await client.query(
    `update sluice.run r set purged = purged || jsonb_build_object('ledger', now())
     where namespace_id = $1 and ended_at < $2::timestamptz and not purged ? 'ledger'
       and to_regclass($3 || '.record_' || to_char(run_month, 'YYYY_MM')) is null`,
    [id, cutoff, quoteName(schema)],
  )
}

export interface DueJob {
  readonly id: number
  readonly name: string
  readonly state: string
}

/** Takes jobs that are due out of the lists; answers them. */
export async function archiveJobs(
  client: pg.ClientBase,
  { id }: Place,
  cutoff: string,
  paused: boolean,
): Promise<DueJob[]> {
  const { rows } = await client.query<DueJob>(
    `select j.id, j.name, j.state from ${dueJobs.from} order by j.id limit 500`,
    [id, cutoff, paused],
  )
  const archived: DueJob[] = []
  for (const job of rows) {
    if (!(await moveJob(client, job.id, 'archive', { by: 'retention' }))) continue
    await writeLog(client, {
      namespaceId: id,
      job: job.id,
      kind: 'purged',
      details: { what: `The job ${job.name}` },
    })
    archived.push(job)
  }
  return archived
}

/** Removes runs of which nothing is left, and archived jobs without runs; answers how many runs. */
export async function removeRuns(
  client: pg.ClientBase,
  { id }: Place,
  cutoffs: { readonly runs: string; readonly jobs: string },
  kept: number,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `select r.id from ${dueRuns.from} order by r.id limit 500`,
    [id, cutoffs.runs, cutoffs.jobs, kept],
  )
  const runs = rows.map((row) => row.id)
  await client.query('delete from sluice.chunk where namespace_id = $1 and run_id = any($2)', [id, runs])
  await client.query('delete from sluice.run where namespace_id = $1 and id = any($2)', [id, runs])
  await client.query(
    `delete from sluice.landing l where l.namespace_id = $1 and l.purged_at is not null
       and not exists (select from sluice.run r where r.landing_id = l.id) and not exists (select from sluice.landing p where p.container_id = l.id)`,
    [id],
  )
  await removeJobs(client, id, cutoffs.jobs)
  return runs.length
}

async function removeJobs(client: pg.ClientBase, namespaceId: number, cutoff: string): Promise<void> {
  const gone = `select id from sluice.job j where j.namespace_id = $1 and j.state = 'archived' and j.state_at < $2::timestamptz
    and not exists (select from sluice.run r where r.job_id = j.id)`
  await client.query(`delete from sluice.job_version where job_id in (${gone})`, [namespaceId, cutoff])
  await client.query(`delete from sluice.job where id in (${gone})`, [namespaceId, cutoff])
}

/** Removes log lines and messages that are due, and headers beyond the newest; answers rows of one step. */
export async function removeLogs(
  client: Queryable,
  { id }: Place,
  cutoff: string,
  headers: number,
): Promise<number> {
  const logs = await client.query(
    `delete from sluice.log where id = any(array(select l.id from ${dueLogs.from} limit ${step}))`,
    [id, cutoff],
  )
  const messages = await client.query(
    `delete from sluice.message where id = any(array(
       select id from sluice.message where namespace_id = $1 and created_at < $2::timestamptz and status <> 'waiting' limit ${step}))`,
    [id, cutoff],
  )
  await client.query(
    `delete from sluice.mapping_memory m where namespace_id = $1 and used_at < (
       select used_at from sluice.mapping_memory where namespace_id = $1 order by used_at desc offset $2 limit 1)`,
    [id, headers - 1],
  )
  return (logs.rowCount ?? 0) + (messages.rowCount ?? 0)
}
