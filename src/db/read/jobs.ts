// Jobs and their versions as people look at them, and the definition a run was made with.
import type pg from 'pg'
import type { ApprovalMode } from '../../core/approval.ts'
import { importDefinitionSchema, type ImportDefinition } from '../../core/job.ts'
import { jobSetupSchema, type JobSetup } from '../../core/jobSetup.ts'
import { jobMachine, type JobState } from '../../core/jobState.ts'
import { statesOf } from '../../core/machine.ts'
import type { Problem } from '../../core/problem.ts'
import type { RunState } from '../../core/run.ts'
import { ordinaryTriggers } from '../../core/triggers.ts'
import type { Namespace } from '../imports.ts'
import type { JobSample } from '../jobs.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface OpenRun {
  readonly id: number
  readonly state: RunState
  readonly trigger: string
  readonly sleeping: { readonly reason?: string; readonly until?: string | null } | null
  readonly progress: Readonly<Record<string, unknown>> | null
  /** How many wait in its lane up to it; only of a queued run. */
  readonly position: number | null
}

export interface RecentRun {
  readonly id: number
  readonly state: RunState
  readonly problem: Problem | null
  readonly at: string
}

/** Times are ISO 8601 (UTC). */
export interface JobRow {
  readonly id: number
  readonly name: string
  readonly kind: 'one_time' | 'recurring'
  readonly state: JobState
  readonly state_at: string
  /** Where an archived job came from. */
  readonly state_from: JobState | null
  readonly problem: Problem | null
  readonly versions: number
  readonly runs: number
  /** Its newest run, where there is one. */
  readonly last_run: number | null
  readonly created_at: string
  readonly created_by: string | null
  readonly updated_at: string
  readonly updated_by: string | null
  readonly activated_at: string | null
  readonly next_due: string | null
  /** Time zone of its schedule: its own, or that of the namespace. */
  readonly zone: string
  /** What its namespace has approved by somebody else. */
  readonly approval: ApprovalMode
  readonly sample: JobSample | null
  /** The newest version, as it is stored. */
  readonly setup: unknown
  /** Runs that have not ended, newest first, twenty at most. */
  readonly open: readonly OpenRun[]
  /** The last five ordinary runs, newest first (BC-14). */
  readonly recent: readonly RecentRun[]
}

const ordinary = `array['${ordinaryTriggers.join("','")}']`

const jobColumns = `j.id, j.name, j.kind, j.state, j.state_at, j.state_from, j.problem, j.last_version as versions, j.last_number as runs,
  j.created_at, j.created_by, j.updated_at, j.updated_by, j.activated_at, j.next_due, j.sample, v.setup,
  coalesce(v.setup #>> '{schedule,zone}', (select n.settings ->> 'zone' from sluice.namespace n where n.id = j.namespace_id), 'UTC') as zone,
  coalesce((select n.settings ->> 'approval' from sluice.namespace n where n.id = j.namespace_id), 'none') as approval,
  (select r.id from sluice.run r where r.job_id = j.id order by r.number desc limit 1) as last_run,
  coalesce((select json_agg(o) from (
    select r.id, r.state, r.trigger, r.sleeping, r.progress, case when r.state = 'queued' then (
      select count(*) from sluice.run q where q.namespace_id = r.namespace_id and q.lane = r.lane and q.state = 'queued' and q.id <= r.id) end as position
    from sluice.run r where r.job_id = j.id and r.ended_at is null order by r.number desc limit 20) o), '[]') as open,
  coalesce((select json_agg(o) from (
    select r.id, r.state, r.problem, coalesce(r.ended_at, r.started_at, r.created_at) as at
    from sluice.run r where r.job_id = j.id and r.trigger = any(${ordinary})
      and r.settings ->> 'dryRun' is distinct from 'true' order by r.number desc limit 5) o), '[]') as recent`
const jobTables = `sluice.job j left join sluice.job_version v on v.job_id = j.id and v.version = j.last_version`

interface SortColumn {
  readonly column: string
  /** As which a place in the order is read back. */
  readonly type: 'text' | 'bigint' | 'timestamptz'
  /** The order people expect first. */
  readonly order: SortOrder
}

export const sortOrders = ['asc', 'desc'] as const
export type SortOrder = (typeof sortOrders)[number]

/** What a list of jobs is sorted by, and the column behind it. Columns are never null: a place would be lost behind one. */
const sortColumns = {
  created: { column: 'j.id', type: 'bigint', order: 'desc' },
  name: { column: 'j.name collate "C"', type: 'text', order: 'asc' },
  updated: { column: 'j.updated_at', type: 'timestamptz', order: 'desc' },
  /** Jobs without one come last. */
  next: {
    column: `coalesce(case when j.state = 'active' then j.next_due end, '9999-12-31')`,
    type: 'timestamptz',
    order: 'asc',
  },
  /** By the last run; jobs without one come last. */
  ran: {
    column:
      'coalesce((select r.id from sluice.run r where r.job_id = j.id order by r.number desc limit 1), 0)',
    type: 'bigint',
    order: 'desc',
  },
} as const satisfies Readonly<Record<string, SortColumn>>
export type JobSort = keyof typeof sortColumns
export const jobSorts = Object.keys(sortColumns) as [JobSort, ...JobSort[]]

export interface JobFilter {
  readonly states?: readonly JobState[] | undefined
  readonly kind?: 'one_time' | 'recurring' | undefined
  /** The kind of its source. */
  readonly source?: string | undefined
  /** Part of its name, in any case. */
  readonly text?: string | undefined
  readonly sort: JobSort
  /** Without it the one people expect: names from a to z, what is next first, everything else newest first. */
  readonly order?: SortOrder | undefined
  /** The last job of the page before. */
  readonly after?: { readonly value: string; readonly id: number } | undefined
  readonly limit: number
}

export interface ListedJob extends JobRow {
  /** Its place in the order asked for. */
  readonly place: string
}

/** One page of jobs. */
export async function listJobs(
  client: Queryable,
  namespace: Namespace,
  { states, kind, source, text, sort, order: asked, after, limit }: JobFilter,
): Promise<ListedJob[]> {
  const { column, type, order: usual } = sortColumns[sort]
  const order = asked ?? usual
  const before = order === 'asc' ? '>' : '<'
  const { rows } = await client.query<{ row: ListedJob }>(
    `select to_json(x) as row from (
       select ${jobColumns}, (${column})::text as place from ${jobTables}
       where j.namespace_id = $1 and j.state = any($2)
         and ($3::text is null or j.kind = $3)
         and ($4::text is null or coalesce(v.setup #>> '{source,kind}', 'upload') = $4)
         and ($5::text is null or position(lower($5) in lower(j.name)) > 0)
         and ($6::text is null or (${column}, j.id) ${before} (cast($6 as ${type}), $7::bigint))
       order by ${column} ${order}, j.id ${order} limit $8) x`,
    [
      namespace.id,
      states ?? shownStates,
      kind ?? null,
      source ?? null,
      text ?? null,
      after?.value ?? null,
      after?.id ?? null,
      limit,
    ],
  )
  return rows.map(({ row }) => row)
}

/** Archived jobs are shown only to those who ask for them. */
const shownStates = statesOf(jobMachine).filter((state) => state !== 'archived')

/** A job by its number, or undefined. */
export async function findJobById(
  client: Queryable,
  namespace: Namespace,
  id: number,
): Promise<JobRow | undefined> {
  const { rows } = await client.query<{ row: JobRow }>(
    `select to_json(x) as row from (select ${jobColumns} from ${jobTables} where j.namespace_id = $1 and j.id = $2) x`,
    [namespace.id, id],
  )
  return rows[0]?.row
}

/** These jobs by their numbers; those there are none of are left out. */
export async function findJobsById(
  client: Queryable,
  namespace: Namespace,
  ids: readonly number[],
): Promise<JobRow[]> {
  const { rows } = await client.query<{ row: JobRow }>(
    `select to_json(x) as row from (
       select ${jobColumns} from ${jobTables} where j.namespace_id = $1 and j.id = any($2) order by j.id) x`,
    [namespace.id, ids],
  )
  return rows.map(({ row }) => row)
}

/**
 * Whether a job of this name would run after itself, directly or through others, if it ran after `after`. Longer chains
 * than a hundred are taken for circles.
 */
export async function runsAfterItself(
  client: Queryable,
  namespace: Namespace,
  name: string,
  after: string,
): Promise<boolean> {
  const { rows } = await client.query<{ circle: boolean }>(
    `with recursive chain (name, length) as (
       select $3::text, 1
       union all
       select v.setup ->> 'after', c.length + 1 from chain c
       join sluice.job j on j.namespace_id = $1 and j.name = c.name and j.state <> 'archived'
       join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
       where c.name <> $2 and c.length < 100 and v.setup ->> 'after' is not null)
     select bool_or(name = $2 or length = 100) as circle from chain`,
    [namespace.id, name, after],
  )
  return rows[0]!.circle
}

/** `j12`: a job by its number. */
const idForm = /^j(\d{1,15})$/

/** The job of this name, or of this id (j12); of several those in the lists go first, then the newest. */
export async function findJob(
  client: Queryable,
  namespace: Namespace,
  nameOrId: string,
): Promise<JobRow | undefined> {
  const id = idForm.exec(nameOrId)?.[1]
  const { rows } = await client.query<{ row: JobRow }>(
    `select to_json(x) as row from (
       select ${jobColumns} from ${jobTables} where j.namespace_id = $1 and (j.name = $2 or j.id = $3::bigint)
       order by j.name = $2 desc, j.state = 'archived', j.id desc limit 1) x`,
    [namespace.id, nameOrId, id ?? null],
  )
  return rows[0]?.row
}

export interface VersionRow {
  readonly version: number
  readonly definition: ImportDefinition
  readonly setup: JobSetup
  readonly created_at: string
  readonly created_by: string | null
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
  const { rows } = await client.query<{ row: VersionRow & { definition: unknown; setup: unknown } }>(
    `select to_json(x) as row from (
       select v.version, v.definition, v.setup, v.created_at, v.created_by, count(r.id) as runs, min(r.id) as first_run, max(r.id) as last_run
       from sluice.job_version v left join sluice.run r on r.job_id = v.job_id and r.job_version = v.version
       where v.job_id = $1 and v.version <= $2
       group by v.job_id, v.version order by v.version desc limit $3) x`,
    [job, from, limit],
  )
  return rows.map(({ row }) => ({ ...row, ...defined(row) }))
}

/** What a version says. */
export interface Defined {
  readonly definition: ImportDefinition
  readonly setup: JobSetup
}

function defined({ definition, setup }: { definition: unknown; setup: unknown }): Defined {
  return { definition: importDefinitionSchema.parse(definition), setup: jobSetupSchema.parse(setup) }
}

/** What one version says, or undefined. */
export async function findVersion(
  client: Queryable,
  job: number,
  version: number,
): Promise<Defined | undefined> {
  const { rows } = await client.query<{ definition: unknown; setup: unknown }>(
    'select definition, setup from sluice.job_version where job_id = $1 and version = $2',
    [job, version],
  )
  return rows[0] === undefined ? undefined : defined(rows[0])
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
