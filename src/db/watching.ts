// Jobs whose folders are watched: which, which of their files are still arriving, and what was told about them.
import type pg from 'pg'
import { jobSetupSchema, type JobSetup } from '../core/jobSetup.ts'
import { namespaceSettingsSchema } from '../core/namespaceSettings.ts'
import type { Problem } from '../core/problem.ts'
import type { Namespace } from './imports.ts'
import type { VersionedFile } from './sourceFiles.ts'

export interface WatchedJob {
  readonly id: number
  readonly name: string
  readonly namespace: Namespace
  readonly setup: JobSetup
  /** IANA: that of the schedule, else of the namespace. */
  readonly zone: string
  /** When it was switched on first, and since when it is on without a break; milliseconds since 1970. */
  readonly activation: number
  readonly activeSince: number
  /** What was wrong with its source when it was looked at last. */
  readonly problem: Problem | null
  /** The day a missing file was told for last, YYYY-MM-DD. */
  readonly toldFor: string | null
}

/** Active jobs that start when a file arrives, or expect one by a time of day. */
export async function watchedJobs(client: pg.ClientBase | pg.Pool): Promise<WatchedJob[]> {
  const { rows } = await client.query<{
    id: number
    name: string
    setup: unknown
    activation: number
    active_since: number
    problem: Problem | null
    told: string | null
    namespace_id: number
    namespace: string
    data_schema: string
    catalogue: number
    settings: object
  }>(
    `select j.id, j.name, v.setup, (extract(epoch from coalesce(j.activated_at, j.state_at)) * 1000)::bigint as activation,
       (extract(epoch from j.state_at) * 1000)::bigint as active_since, w.problem, w.missing_told::text as told,
       n.id as namespace_id, n.name as namespace, n.data_schema, n.catalogue, n.settings
     from sluice.job_version v join sluice.job j on j.id = v.job_id and j.last_version = v.version
     join sluice.namespace n on n.id = j.namespace_id left join sluice.source_watch w on w.job_id = j.id
     where (v.setup #>> '{source,onArrival}' = 'true' or v.setup #>> '{source,expectedBy}' is not null)
       and j.state = 'active' and n.dropping_at is null
     order by j.id`,
  )
  return rows.map((row) => {
    const setup = jobSetupSchema.parse(row.setup)
    return {
      id: row.id,
      name: row.name,
      namespace: {
        id: row.namespace_id,
        name: row.namespace,
        schema: row.data_schema,
        catalogue: row.catalogue,
      },
      setup,
      zone: setup.schedule?.zone ?? namespaceSettingsSchema.parse(row.settings).zone,
      activation: row.activation,
      activeSince: row.active_since,
      problem: row.problem,
      toldFor: row.told,
    }
  })
}

/**
 * Writes down which files were seen and answers since when each has its size and time, in milliseconds since 1970: since
 * `now` for one that is new or changed. Files that are not seen any more are forgotten.
 */
export async function noteArrivals(
  client: pg.ClientBase | pg.Pool,
  job: { readonly id: number; readonly namespace: { readonly id: number } },
  files: readonly VersionedFile[],
  now: Date,
): Promise<number[]> {
  const paths = files.map(({ path }) => path)
  await client.query('delete from sluice.arrival where job_id = $1 and path <> all($2)', [job.id, paths])
  if (files.length === 0) return []
  // A file that rests is only read: what is looked at all the time must not be written all the time.
  const { rows } = await client.query<{ n: number; since: number }>(
    `with seen as (select * from unnest($3::text[], $4::bigint[], $5::bigint[]) with ordinality f (path, bytes, modified, n)),
       resting as (select f.n, a.unchanged_since from seen f join sluice.arrival a
         on a.job_id = $1 and a.path = f.path and a.bytes = f.bytes and a.modified = f.modified),
       moving as (insert into sluice.arrival (job_id, namespace_id, path, bytes, modified, unchanged_since)
         select $1, $2, f.path, f.bytes, f.modified, $6 from seen f where not exists (select from resting r where r.n = f.n)
         on conflict (job_id, path) do update
           set bytes = excluded.bytes, modified = excluded.modified, unchanged_since = excluded.unchanged_since)
     select f.n, (extract(epoch from coalesce(r.unchanged_since, $6)) * 1000)::bigint as since
     from seen f left join resting r on r.n = f.n order by f.n`,
    [
      job.id,
      job.namespace.id,
      paths,
      files.map(({ version }) => version.bytes),
      files.map(({ version }) => version.modified),
      now,
    ],
  )
  return rows.map(({ since }) => since)
}

/** Keeps what is wrong with the source of a job, null for nothing. Answers whether that is news. */
export async function noteWatch(
  client: pg.ClientBase | pg.Pool,
  job: { readonly id: number; readonly namespace: { readonly id: number } },
  problem: Problem | null,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into sluice.source_watch as w (job_id, namespace_id, problem) values ($1, $2, $3)
     on conflict (job_id) do update set problem = excluded.problem
       where w.problem ->> 'code' is distinct from excluded.problem ->> 'code'`,
    [job.id, job.namespace.id, problem === null ? null : JSON.stringify(problem)],
  )
  return rowCount === 1
}

/** Whether a run of the job took a file since then (milliseconds since 1970). */
export async function tookFileSince(
  client: pg.ClientBase | pg.Pool,
  jobId: number,
  since: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from sluice.source_file where job_id = $1 and taken_at >= $2 limit 1',
    [jobId, new Date(since)],
  )
  return rowCount === 1
}

/** Marks a missing file of this day as told; false: somebody told it already. */
export async function tellMissing(
  client: pg.ClientBase | pg.Pool,
  job: { readonly id: number; readonly namespace: { readonly id: number } },
  day: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into sluice.source_watch as w (job_id, namespace_id, missing_told) values ($1, $2, $3)
     on conflict (job_id) do update set missing_told = excluded.missing_told
       where w.missing_told is distinct from excluded.missing_told`,
    [job.id, job.namespace.id, day],
  )
  return rowCount === 1
}
