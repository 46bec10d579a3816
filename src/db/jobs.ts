// Jobs as people set them up: making, changing, naming them, and everything that switching one on or off does to its runs.
import type pg from 'pg'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { jobSetupSchema, type JobSetup } from '../core/jobSetup.ts'
import { jobMachine, type JobState } from '../core/jobState.ts'
import type { JobKind } from '../core/jobVerbs.ts'
import { failure, problem } from '../core/problems.ts'
import type { Ambiguity } from '../core/proposal.ts'
import { stableJson } from '../core/stableJson.ts'
import { runMachine, type RunMove, type RunState } from '../core/run.ts'
import { ordinaryTriggers } from '../core/triggers.ts'
import { definitionHash, type Namespace } from './imports.ts'
import { writeLog } from './log.ts'
import { moveJob, moveRun } from './moves.ts'
import { checkNotBeingUndone } from './undosOf.ts'

/** The sample a job's mapping was proposed from. */
export interface JobSample {
  /** The upload; null: it was read from the source. */
  readonly landing: string | null
  readonly file: string
  readonly records: number
  readonly at: string
  /** What it left open. */
  readonly questions: readonly Ambiguity[]
}

export interface LockedJob {
  readonly id: number
  readonly namespaceId: number
  readonly name: string
  readonly kind: JobKind
  readonly state: JobState
  readonly stateFrom: JobState | null
  readonly version: number
  readonly setup: JobSetup
  readonly definition: ImportDefinition
  readonly sample: JobSample | null
  /** Who made the newest version. */
  readonly author: string | null
  /** Its runs that have not ended, oldest first. */
  readonly open: readonly OpenOne[]
}

interface OpenOne {
  readonly id: number
  readonly state: RunState
  readonly trigger: string
  /** It worked before: what is queued goes on with it. */
  readonly started: boolean
}

interface LockedRow {
  id: number
  name: string
  kind: JobKind
  state: JobState
  state_from: JobState | null
  version: number
  setup: unknown
  definition: unknown
  sample: JobSample | null
  author: string | null
}

/**
 * The job with its row locked: until the transaction ends nobody starts a run of it or moves it. Undefined: it is gone.
 * Call it in a transaction.
 */
export async function lockJob(
  client: pg.ClientBase,
  namespace: Namespace,
  id: number,
): Promise<LockedJob | undefined> {
  await client.query('select from sluice.job where namespace_id = $1 and id = $2 for update', [
    namespace.id,
    id,
  ])
  const { rows } = await client.query<LockedRow>(
    `select j.id, j.name, j.kind, j.state, j.state_from, j.last_version as version, v.setup, v.definition, j.sample, v.created_by as author
     from sluice.job j join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
     where j.namespace_id = $1 and j.id = $2`,
    [namespace.id, id],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const { state_from, setup, definition, ...rest } = row
  const open = await client.query<OpenOne>(
    'select id, state, trigger, started_at is not null as started from sluice.run where job_id = $1 and ended_at is null order by number',
    [id],
  )
  return {
    ...rest,
    namespaceId: namespace.id,
    stateFrom: state_from,
    setup: jobSetupSchema.parse(setup),
    definition: importDefinitionSchema.parse(definition),
    open: open.rows,
  }
}

export interface NewJob {
  readonly name: string
  readonly kind: JobKind
  readonly setup: JobSetup
  readonly definition: ImportDefinition
  readonly by: string
}

/** Makes a draft with its first version; answers its id. Throws `job.name_taken`. */
export async function insertJob(client: pg.ClientBase, namespace: Namespace, job: NewJob): Promise<number> {
  const { name, kind, setup, definition, by } = job
  const { rows } = await client.query<{ id: number }>(
    `insert into sluice.job (namespace_id, name, kind, last_version, created_by, updated_by) values ($1, $2, $3, 1, $4, $4)
     on conflict (namespace_id, name) where state <> 'archived' do nothing returning id`,
    [namespace.id, name, kind, by],
  )
  const id = rows[0]?.id
  if (id === undefined) throw await nameTaken(client, namespace.id, name)
  await insertVersion(client, id, 1, { setup, definition, by })
  await writeLog(client, { namespaceId: namespace.id, job: id, kind: 'edited', by, details: { version: 1 } })
  return id
}

async function nameTaken(client: pg.ClientBase, namespaceId: number, name: string): Promise<Error> {
  const { rows } = await client.query<{ state: JobState }>(
    `select state from sluice.job where namespace_id = $1 and name = $2 and state <> 'archived'`,
    [namespaceId, name],
  )
  const state =
    rows[0] === undefined ? 'made meanwhile' : jobMachine.states[rows[0].state].label.toLowerCase()
  return failure('job.name_taken', { job: name, state })
}

interface VersionContent {
  readonly setup: JobSetup
  readonly definition: ImportDefinition
  readonly by: string
}

async function insertVersion(
  client: pg.ClientBase,
  job: number,
  version: number,
  { setup, definition, by }: VersionContent,
): Promise<void> {
  await client.query(
    `insert into sluice.job_version (job_id, version, definition, definition_hash, setup, created_by) values ($1, $2, $3, $4, $5, $6)`,
    [job, version, JSON.stringify(definition), definitionHash(definition), JSON.stringify(setup), by],
  )
}

/**
 * Gives a job a new version, unless it says the same as its newest one; runs under way keep theirs (E9). Answers the
 * version it is at. A draft whose sample failed is a plain draft again. Call it with the job locked.
 */
export async function saveVersion(
  client: pg.ClientBase,
  job: LockedJob,
  kind: JobKind,
  content: VersionContent,
): Promise<number> {
  if (sameContent(job, content)) return job.version
  const version = job.version + 1
  await insertVersion(client, job.id, version, content)
  await client.query(
    'update sluice.job set last_version = $2, kind = $3, updated_at = now(), updated_by = $4 where id = $1',
    [job.id, version, kind, content.by],
  )
  const details = { version }
  const { by } = content
  if (job.state === 'sampling_failed') await moveJob(client, job.id, 'amend', { problem: null, by, details })
  else await writeLog(client, { namespaceId: job.namespaceId, job: job.id, kind: 'edited', by, details })
  return version
}

function sameContent(job: LockedJob, { setup, definition }: VersionContent): boolean {
  return stableJson([setup, definition]) === stableJson([job.setup, job.definition])
}

/** Another name; runs and history follow. Throws `job.name_taken`. */
export async function renameJob(
  client: pg.ClientBase,
  { id, namespaceId, state, name: oldName }: LockedJob,
  name: string,
  by: string,
): Promise<void> {
  const { rowCount } = await client.query(
    `update sluice.job set name = $2, updated_at = now(), updated_by = $3 where id = $1 and ($4 or not exists (
       select from sluice.job o where o.namespace_id = $5 and o.name = $2 and o.state <> 'archived' and o.id <> $1))`,
    [id, name, by, state === 'archived', namespaceId],
  )
  if (rowCount === 0) throw await nameTaken(client, namespaceId, name)
  // Jobs that run after it know it by its name.
  await client.query(
    `with told as (update sluice.job_version v set setup = jsonb_set(v.setup, '{after}', to_jsonb($3::text)) from sluice.job j
       where j.namespace_id = $1 and v.job_id = j.id and v.version = j.last_version and v.setup ->> 'after' = $2 returning j.id)
     update sluice.job set runs_after = $3 where id in (select id from told) and runs_after is not null`,
    [namespaceId, oldName, name],
  )
}

/** The description is a remark: it is changed where it stands, without a new version. */
export async function describeJob(
  client: pg.ClientBase,
  { id, version }: LockedJob,
  description: string,
  by: string,
): Promise<void> {
  await client.query(
    `with said as (update sluice.job_version set setup = setup || jsonb_build_object('description', $3::text) where job_id = $1 and version = $2)
     update sluice.job set updated_at = now(), updated_by = $4 where id = $1`,
    [id, version, description, by],
  )
}

/** Notes from which sample the newest version was proposed. */
export async function noteSample(
  client: pg.ClientBase | pg.Pool,
  job: number,
  sample: JobSample,
): Promise<void> {
  await client.query('update sluice.job set sample = $2 where id = $1', [job, JSON.stringify(sample)])
}

/** Jobs that have been sampling since before an instant (ISO 8601): whoever read the sample is gone. Answers how many. */
export async function giveUpSampling(client: pg.Pool, before: string): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `select id from sluice.job where state = 'sampling' and state_at < $1 limit 100`,
    [before],
  )
  let count = 0
  for (const { id } of rows)
    if (await moveJob(client, id, 'fail_sampling', { problem: problem('sample.interrupted') })) count++
  return count
}

const isOrdinary = ({ trigger }: { readonly trigger: string }): boolean =>
  (ordinaryTriggers as readonly string[]).includes(trigger)

/**
 * Switches a job off (E14). A run that works is left to finish, or stopped; one that only waits does not begin any more
 * and says so. Retries and undos that people asked for go on. Call it with the job locked; false: it was not active.
 */
export async function pauseJob(
  client: pg.ClientBase,
  job: LockedJob,
  running: 'finish' | 'stop',
  by: string,
): Promise<boolean> {
  if (!(await moveJob(client, job.id, 'pause', { by, details: { running } }))) return false
  for (const run of job.open) {
    const { id: runId } = run
    const move = isOrdinary(run) ? endingOf(run, running) : null
    if (move === null) continue
    const key = { namespaceId: job.namespaceId, runId }
    const changes = move === 'skip' ? { problem: problem('job.paused'), by } : { by }
    // A worker may have taken it in this moment: then it counts as one that works.
    if ((await moveRun(client, key, move, changes)) || running === 'finish') continue
    await moveRun(client, key, 'stop', { by })
  }
  return true
}

function endingOf({ state, started }: OpenOne, running: 'finish' | 'stop'): RunMove | null {
  if (state === 'queued') return started ? 'stop' : 'skip'
  // It waits for its next attempt, and nothing begins while a job is paused.
  if (state === 'retry_wait') return 'stop'
  if (running === 'finish') return null
  return state === 'held' ? 'drop' : runMachine.moves.stop.from.includes(state) ? 'stop' : null
}

/**
 * Switches a job on again, its problem forgotten. Answers the run that goes on where it was halted; null: none does.
 * Undefined: the job was neither paused nor halted. Call it with the job locked.
 */
export async function resumeJob(
  client: pg.ClientBase,
  job: LockedJob,
  by: string,
): Promise<number | null | undefined> {
  const wasHalted = job.state === 'halted'
  if (!(await moveJob(client, job.id, 'resume', { problem: null, by }))) return undefined
  if (!wasHalted) return null
  const last = await lastRun(client, job.id)
  if (last === undefined || !runMachine.moves.resume.from.includes(last.state) || last.state === 'stopped')
    return null
  await checkNotBeingUndone(client, job.namespaceId, last.id)
  const key = { namespaceId: job.namespaceId, runId: last.id }
  return (await moveRun(client, key, 'resume', { problem: null, by })) ? last.id : null
}

async function lastRun(
  client: pg.ClientBase,
  job: number,
): Promise<{ id: number; state: RunState } | undefined> {
  const { rows } = await client.query<{ id: number; state: RunState }>(
    `select id, state from sluice.run where job_id = $1 and trigger = any($2) and settings ->> 'dryRun' is distinct from 'true'
     order by number desc limit 1`,
    [job, ordinaryTriggers],
  )
  return rows[0]
}

/** Brings a job back into the state it can go on from. Throws `job.name_taken`. Call it with the job locked. */
export async function restoreJob(client: pg.ClientBase, job: LockedJob, by: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from sluice.job where namespace_id = $1 and name = $2 and state <> 'archived' and id <> $3`,
    [job.namespaceId, job.name, job.id],
  )
  if (rowCount !== 0) throw await nameTaken(client, job.namespaceId, job.name)
  const move =
    job.stateFrom === 'completed'
      ? 'restore_completed'
      : job.stateFrom === 'draft' || job.stateFrom === 'sampling_failed'
        ? 'restore_draft'
        : 'restore_paused'
  return moveJob(client, job.id, move, { by, problem: null })
}
