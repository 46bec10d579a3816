// Reading a run with everything a worker needs, and the small notes a worker writes on it while it works.
import type pg from 'pg'
import { strictest, type ApprovalMode } from '../core/approval.ts'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { jobSetupSchema, type JobSetup } from '../core/jobSetup.ts'
import { retryOf } from '../core/retry.ts'
import { processOf } from '../core/waiting.ts'
import type { RunState } from '../core/run.ts'
import type { FetchNote } from './fetches.ts'
import type { Namespace } from './imports.ts'
import type { RunKey } from './moves.ts'
import { prepared } from './sql.ts'

export interface Run extends RunKey {
  readonly namespace: Namespace
  readonly state: RunState
  readonly job: { readonly id: number; readonly name: string; readonly version: number }
  /** See core/triggers.ts. */
  readonly trigger: string
  /** Source, schedule and policies, in the version this run keeps. */
  readonly setup: JobSetup
  /** What of it needs somebody else: by the job or by the namespace. */
  readonly approval: ApprovalMode
  /** IANA zone of its schedule, or of the namespace. */
  readonly zone: string
  /** It slept before it got here, and was woken by time or by a person. */
  readonly slept: boolean
  /** Microseconds since 1970: the stamp of records without a timestamp of their own. */
  readonly asOf: number
  /** First day of its month (UTC), `YYYY-MM-DD`. */
  readonly month: string
  readonly definition: ImportDefinition
  readonly definitionHash: string
  readonly fileName: string
  readonly landingId: string
  /** The landing's manifest as the blob store wrote it; null: an undo has not landed its list yet. */
  readonly manifest: unknown
  readonly total: number | null
  readonly validation: unknown
  readonly settings: Readonly<Record<string, unknown>>
  /** Of a run that reads its source itself. */
  readonly fetched: FetchNote | null
}

const runSql = `
  select r.namespace_id, r.id, r.state, r.trigger, r.job_id, r.job_version, j.name as job, (extract(epoch from r.as_of) * 1000000)::bigint as as_of, r.run_month::text as month,
    v.definition, v.definition_hash, v.setup, l.file_name, l.id as landing_id, l.manifest, r.total, r.validation, r.settings, r.fetched,
    n.name, n.data_schema, n.catalogue, coalesce(n.settings ->> 'approval', 'none') as approval,
    coalesce(v.setup -> 'schedule' ->> 'zone', n.settings ->> 'zone', 'UTC') as zone, r.sleeping_since is not null as slept
  from sluice.run r join sluice.namespace n on n.id = r.namespace_id
  join sluice.job j on j.id = r.job_id
  join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
  left join sluice.landing l on l.id = r.landing_id
  where r.namespace_id = $1 and r.id = $2`

interface RunRow {
  namespace_id: number
  id: number
  state: RunState
  trigger: string
  job_id: number
  job_version: number
  job: string
  as_of: number
  month: string
  definition: unknown
  definition_hash: string
  setup: unknown
  file_name: string
  landing_id: string
  manifest: unknown
  total: number | null
  validation: unknown
  settings: Record<string, unknown>
  fetched: FetchNote | null
  name: string
  data_schema: string
  catalogue: number
  approval: ApprovalMode
  zone: string
  slept: boolean
}

/** A run with its job version and landing; throws where there is none. */
export async function readRun(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<Run> {
  const run = await findRun(client, key)
  if (run === undefined) throw new Error(`no run ${key.runId} in namespace ${key.namespaceId}`)
  return run
}

/** The same; undefined where there is no such run. */
export async function findRun(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<Run | undefined> {
  const { rows } = await client.query<RunRow>(prepared(runSql, [key.namespaceId, key.runId]))
  const row = rows[0]
  if (row === undefined) return undefined
  const setup = jobSetupSchema.parse(row.setup)
  return {
    namespaceId: row.namespace_id,
    runId: row.id,
    namespace: { id: row.namespace_id, name: row.name, schema: row.data_schema, catalogue: row.catalogue },
    state: row.state,
    job: { id: row.job_id, name: row.job, version: row.job_version },
    trigger: row.trigger,
    setup,
    approval: strictest(setup.approval, row.approval),
    zone: row.zone,
    slept: row.slept,
    asOf: row.as_of,
    month: row.month,
    definition: definitionOf(row),
    definitionHash: row.definition_hash,
    fileName: row.file_name ?? '',
    landingId: row.landing_id,
    manifest: row.manifest,
    total: row.total,
    validation: row.validation,
    settings: row.settings,
    fetched: row.fetched,
  }
}

/**
 * What the job says; of a child run, how its own content is read. Its records were judged once already: a breaker would
 * only hold back what did not go in before.
 */
function definitionOf({ definition, trigger, settings, fetched }: RunRow): ImportDefinition {
  const parsed = importDefinitionSchema.parse(definition)
  // A fetched file has its columns in its own order, and may have more of them.
  if (fetched?.columns != null) return { ...parsed, columns: [...fetched.columns] }
  const retry = retryOf(trigger, settings) ?? processOf(trigger, settings)
  return retry === null ? parsed : { ...parsed, ...retry.reading, breaker: null }
}

/** Those of the ids that are runs of the namespace. */
export async function findRunIds(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  ids: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    'select id from sluice.run where namespace_id = $1 and id = any($2) and landing_id is not null',
    [namespaceId, ids],
  )
  return rows.map(({ id }) => id)
}

export async function runState(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<RunState | undefined> {
  const { rows } = await client.query<{ state: RunState }>(
    'select state from sluice.run where namespace_id = $1 and id = $2',
    [key.namespaceId, key.runId],
  )
  return rows[0]?.state
}

/** The state of a run and the attempt that has it; undefined: it is gone. */
export async function runHolder(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
): Promise<{ readonly state: RunState; readonly attempt: number } | undefined> {
  const { rows } = await client.query<{ state: RunState; attempt: number }>(
    'select state, attempt from sluice.run where namespace_id = $1 and id = $2',
    [key.namespaceId, key.runId],
  )
  return rows[0]
}

export interface Progress {
  readonly stage: RunState
  readonly done: number
  readonly total: number | null
  readonly bytes?: number
  readonly bytesTotal?: number
}

/** Shows how far a stage is. */
export async function noteProgress(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
  progress: Progress,
): Promise<void> {
  await client.query(
    'update sluice.run set progress = $3, progress_at = clock_timestamp(), sleeping = null where namespace_id = $1 and id = $2',
    [key.namespaceId, key.runId, JSON.stringify(progress)],
  )
}

/** Shows how far the import is, from the chunks themselves: several workers may be at it. What moves on is not asleep. */
export async function noteImportProgress(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<void> {
  await client.query(
    `update sluice.run r set
       -- It sleeps until something has been done.
       sleeping = case when (r.progress ->> 'done')::bigint is distinct from n.done then null else r.sleeping end,
       sleeping_since = case when (r.progress ->> 'done')::bigint is distinct from n.done then null else r.sleeping_since end,
       progress_at = case when (r.progress ->> 'done')::bigint is distinct from n.done then clock_timestamp() else r.progress_at end,
       progress = jsonb_build_object('stage', 'importing', 'total', r.total, 'done', n.done)
     from (select coalesce(sum(x.value::bigint), 0) as done from sluice.chunk c, jsonb_each_text(c.counters) x
           where c.namespace_id = $1 and c.run_id = $2 and x.key not like 'warned.%' and x.key not like 'noted.%') n
     where r.namespace_id = $1 and r.id = $2`,
    [key.namespaceId, key.runId],
  )
}

/** Adds a file that was written after the run had ended. */
export async function noteArtifact(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
  name: string,
  artifact: unknown,
): Promise<void> {
  await client.query(
    'update sluice.run set artifacts = artifacts || jsonb_build_object($3::text, $4::jsonb) where namespace_id = $1 and id = $2',
    [key.namespaceId, key.runId, name, JSON.stringify(artifact)],
  )
}
