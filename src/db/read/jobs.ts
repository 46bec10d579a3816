// Jobs and their versions as people look at them, and the definition a run was made with.
import type pg from 'pg'
import { importDefinitionSchema, type ImportDefinition } from '../../core/job.ts'
import type { Namespace } from '../imports.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface JobRow {
  readonly id: number
  readonly name: string
  readonly kind: 'one_time' | 'recurring'
  readonly versions: number
  readonly runs: number
  /** Its newest run, where there is one. */
  readonly last_run: number | null
  readonly created_at: string
  readonly updated_at: string
}

const jobColumns = `j.id, j.name, j.kind, j.last_version as versions, j.last_number as runs, j.created_at, j.updated_at,
  (select r.id from sluice.run r where r.job_id = j.id order by r.number desc limit 1) as last_run`

/** Newest first. `before`: only jobs older than this id. */
export async function listJobs(
  client: Queryable,
  namespace: Namespace,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<JobRow[]> {
  const { rows } = await client.query<{ row: JobRow }>(
    `select to_json(x) as row from (
       select ${jobColumns} from sluice.job j
       where j.namespace_id = $1 and ($2::bigint is null or j.id < $2) order by j.id desc limit $3) x`,
    [namespace.id, before ?? null, limit],
  )
  return rows.map(({ row }) => row)
}

/** The job of this name, or undefined; of several the oldest, which is the one imports go on with. */
export async function findJob(
  client: Queryable,
  namespace: Namespace,
  name: string,
): Promise<JobRow | undefined> {
  const { rows } = await client.query<{ row: JobRow }>(
    `select to_json(x) as row from (
       select ${jobColumns} from sluice.job j where j.namespace_id = $1 and j.name = $2 order by j.id limit 1) x`,
    [namespace.id, name],
  )
  return rows[0]?.row
}

export interface VersionRow {
  readonly version: number
  readonly definition: ImportDefinition
  readonly created_at: string
  readonly runs: number
  readonly first_run: number | null
  readonly last_run: number | null
}

/** Versions from `from` down, newest first, each with the runs that used it. */
export async function listVersions(
  client: Queryable,
  job: number,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<VersionRow[]> {
  const { rows } = await client.query<{ row: VersionRow & { definition: unknown } }>(
    `select to_json(x) as row from (
       select v.version, v.definition, v.created_at, count(r.id) as runs, min(r.id) as first_run, max(r.id) as last_run
       from sluice.job_version v left join sluice.run r on r.job_id = v.job_id and r.job_version = v.version
       where v.job_id = $1 and v.version <= $2
       group by v.job_id, v.version order by v.version desc limit $3) x`,
    [job, from, limit],
  )
  return rows.map(({ row }) => ({ ...row, definition: importDefinitionSchema.parse(row.definition) }))
}

/** The definition of one version, or undefined. */
export async function findVersion(
  client: Queryable,
  job: number,
  version: number,
): Promise<ImportDefinition | undefined> {
  const { rows } = await client.query<{ definition: unknown }>(
    'select definition from sluice.job_version where job_id = $1 and version = $2',
    [job, version],
  )
  return rows[0] === undefined ? undefined : importDefinitionSchema.parse(rows[0].definition)
}

export interface RunDefinition {
  readonly job: string
  readonly version: number
  readonly file: string | null
  readonly createdAt: string
  readonly definition: ImportDefinition
}

/** What a run was told to do, or undefined where there is no such run. */
export async function findRunDefinition(
  client: Queryable,
  namespaceId: number,
  run: number,
): Promise<RunDefinition | undefined> {
  const { rows } = await client.query<{ row: Omit<RunDefinition, 'definition'> & { definition: unknown } }>(
    `select to_json(x) as row from (
       select j.name as job, r.job_version as version, l.file_name as file, r.created_at as "createdAt", v.definition
       from sluice.run r join sluice.job j on j.id = r.job_id
       join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
       left join sluice.landing l on l.id = r.landing_id
       where r.namespace_id = $1 and r.id = $2) x`,
    [namespaceId, run],
  )
  const row = rows[0]?.row
  return row === undefined ? undefined : { ...row, definition: importDefinitionSchema.parse(row.definition) }
}
