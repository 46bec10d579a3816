// Making an import: namespace, job, version, landing and run, in one transaction; the same import again is recognised.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { changeText, diffDefinitions } from '../core/definitionDiff.ts'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { jobMachine, type JobState } from '../core/jobState.ts'
import { runName } from '../core/names.ts'
import { isSettled, runMachine, type RunState } from '../core/run.ts'
import { failure } from '../core/problems.ts'
import { stableJson } from '../core/stableJson.ts'
import { laneSql } from './lanes.ts'
import { logQueued } from './log.ts'
import { moveRun } from './moves.ts'
import { checkNotBeingUndone } from './undosOf.ts'
import { prepared } from './sql.ts'

export interface Namespace {
  readonly id: number
  readonly name: string
  readonly schema: string
  readonly catalogue: number
}

/** A namespace by name; an unknown one, or one that is being dropped, answers `not_found`. */
export async function findNamespace(client: pg.ClientBase | pg.Pool, name: string): Promise<Namespace> {
  const { rows } = await client.query<{ id: number; name: string; data_schema: string; catalogue: number }>(
    prepared(
      'select id, name, data_schema, catalogue from sluice.namespace where name = $1 and dropping_at is null',
      [name],
    ),
  )
  const row = rows[0]
  if (row === undefined) throw failure('not_found', { noun: 'namespace', id: name })
  return { id: row.id, name: row.name, schema: row.data_schema, catalogue: row.catalogue }
}

export interface Landing {
  readonly id: string
  readonly fileName: string
  readonly blobKey: string
  readonly manifest: LandingManifestJson
  readonly startedAt: string
  /** What is inside, of a container. */
  readonly contents?: { readonly kind: string; readonly parts: readonly object[] }
  /** Which part of which container it is. */
  readonly part?: { readonly container: string; readonly name: string; readonly noun: string }
}

/** What the landing's manifest must tell the database; the rest of it is the blob store's business. */
export interface LandingManifestJson {
  readonly contentSha256: string
  readonly contentBytes: number
  readonly originalBytes: number
  /** How it was packed when it came; not there: it was not. */
  readonly packed?: string
}

/** Records a finished landing. */
export async function insertLanding(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  landing: Landing,
): Promise<void> {
  const { manifest, contents, part } = landing
  await client.query(
    `insert into sluice.landing (id, namespace_id, file_name, blob_key, manifest, content_sha256, content_bytes, original_bytes, started_at, contents, container_id, part)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      landing.id,
      namespaceId,
      landing.fileName,
      landing.blobKey,
      JSON.stringify(manifest),
      manifest.contentSha256,
      manifest.contentBytes,
      manifest.originalBytes,
      landing.startedAt,
      contents === undefined ? null : JSON.stringify(contents),
      part?.container ?? null,
      part === undefined ? null : JSON.stringify({ name: part.name, noun: part.noun }),
    ],
  )
}

export interface NewImport {
  readonly jobName: string
  readonly landingId: string
  readonly definition: ImportDefinition
  /** Import even though the very same import was done before. */
  readonly again: boolean
  /** What becomes of an earlier import of the same content that is unfinished; without it, the caller is asked. */
  readonly unfinished?: 'resume' | 'anew' | undefined
  /** How the run is cut and similar; decides nothing about the result. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Who orders it; kept as who started the run. */
  readonly by?: string | undefined
}

export interface StartedImport {
  readonly runId: number
  /** started: new; resumed: continues where it stopped; attached: is running already; skipped: was done before by `by`. */
  readonly what: 'started' | 'resumed' | 'attached' | 'skipped'
  readonly by?: number
  /** The newest run that imported the same content with other settings, and what differs. */
  readonly sameContent?: { readonly run: number; readonly differs: readonly string[] }
}

/** A hash of everything that decides the result; key order does not matter. */
export function definitionHash(definition: ImportDefinition): string {
  return createHash('sha256').update(stableJson(definition)).digest('hex')
}

/** What makes an import the same: job, content, everything that decides the result. */
export function sameImport(jobName: string, content: string, hash: string): string {
  return createHash('sha256').update(`${jobName}\n${content}\n${hash}`).digest('hex')
}

/**
 * Starts an import, or recognises that it is the same as an earlier one (design section 4). Throws `import.unfinished`
 * when an earlier import of the same content with other settings wrote a part, and nobody said what becomes of it.
 */
export async function startImport(
  client: pg.ClientBase,
  namespace: Namespace,
  order: NewImport,
): Promise<StartedImport> {
  await lockStarts(client, namespace.id)
  const content = await contentOf(client, namespace.id, order.landingId)
  const hash = definitionHash(order.definition)
  const sameAs = sameImport(order.jobName, content, hash)
  const insert = async (): Promise<number> => {
    const runId = await takeRunId(client, namespace.id)
    await insertRun(client, namespace, order, runId, hash, sameAs)
    return runId
  }
  if (order.again) return { runId: await insert(), what: 'started' }
  const recognised = await recogniseSame(client, namespace.id, sameAs, order.unfinished, insert)
  if (recognised !== null) return recognised
  const other = await findSameContent(client, namespace.id, order, content)
  if (other === null) return { runId: await insert(), what: 'started' }
  if (other.unfinished && other.job === order.jobName) {
    if (order.unfinished === undefined) throw unfinished(other)
    if (order.unfinished === 'resume') return continued(client, namespace.id, other)
    await giveUp(client, namespace.id, other)
  }
  const { id: run, differs } = other
  return { runId: await insert(), what: 'started', sameContent: { run, differs } }
}

/** One start at a time per namespace: two equal imports at the same moment must not both be new. */
export async function lockStarts(client: pg.ClientBase, namespaceId: number): Promise<void> {
  const { rowCount } = await client.query(
    'select from sluice.namespace where id = $1 and dropping_at is null for update',
    [namespaceId],
  )
  if (rowCount === 0) throw failure('not_found', { noun: 'namespace', id: namespaceId })
}

/**
 * What becomes of an import that equals an earlier one: that goes on, or a run is made that is skipped because of it.
 * Null: there is none, or it is to be given up for a new one. `insert` makes the run that is skipped.
 */
export async function recogniseSame(
  client: pg.ClientBase,
  namespaceId: number,
  sameAs: string,
  choice: 'resume' | 'anew' | undefined,
  insert: () => Promise<number>,
): Promise<StartedImport | null> {
  const earlier = await findEarlier(client, namespaceId, sameAs)
  if (earlier === null) return null
  if (mayGoOn(earlier.state)) {
    if (choice !== 'anew') return continued(client, namespaceId, earlier)
    await giveUp(client, namespaceId, earlier)
    return null
  }
  const runId = await insert()
  await moveRun(client, { namespaceId, runId }, 'skip', { skippedFor: earlier.id })
  return { runId, what: 'skipped', by: earlier.id }
}

interface Earlier {
  readonly id: number
  readonly state: RunState
}

const resumable: readonly RunState[] = runMachine.moves.resume.from

/** It is under way, or stopped before its end. */
function mayGoOn(state: RunState): boolean {
  return !isSettled(state) || resumable.includes(state)
}

async function continued(
  client: pg.ClientBase,
  namespaceId: number,
  earlier: Earlier,
): Promise<StartedImport> {
  const { id: runId, state } = earlier
  if (!isSettled(state)) return { runId, what: 'attached' }
  await checkNotBeingUndone(client, namespaceId, runId)
  await moveRun(client, { namespaceId, runId }, 'resume', { problem: null })
  return { runId, what: 'resumed' }
}

/** What was written stays; the rest is not imported by that run any more. */
async function giveUp(client: pg.ClientBase, namespaceId: number, { id, state }: Earlier): Promise<void> {
  if (isSettled(state)) return
  await moveRun(client, { namespaceId, runId: id }, state === 'held' ? 'drop' : 'stop')
}

function unfinished({ id, state, differs }: SameContent): Error {
  const [run, label] = [runName(id), runMachine.states[state].label.toLowerCase()]
  return failure('import.unfinished', { run, state: label, differs: differs.join('; ') })
}

/** The next id of the namespace. */
export async function takeRunId(client: pg.ClientBase, namespaceId: number): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'update sluice.namespace set last_run = last_run + 1 where id = $1 returning last_run as id',
    [namespaceId],
  )
  return rows[0]!.id
}

/** The hash of a landing's content. Throws `not_found`. */
export async function contentOf(
  client: pg.ClientBase,
  namespaceId: number,
  landingId: string,
): Promise<string> {
  const { rows } = await client.query<{ content_sha256: string; container: boolean }>(
    'select content_sha256, contents is not null as container from sluice.landing where namespace_id = $1 and id = $2',
    [namespaceId, landingId],
  )
  if (rows[0] === undefined) throw failure('not_found', { noun: 'upload', id: landingId })
  if (rows[0].container) throw failure('container.whole', { upload: landingId })
  return rows[0].content_sha256
}

/**
 * The newest equal import that is under way, can be resumed, or stands. What a person dropped is looked at afresh, and
 * what is only tried writes nothing, so it stands for no import.
 */
async function findEarlier(
  client: pg.ClientBase,
  namespaceId: number,
  sameAs: string,
): Promise<Earlier | null> {
  const { rows } = await client.query<Earlier>(
    `select id, state from sluice.run where namespace_id = $1 and same_as = $2
       and state not in ('failed', 'skipped', 'reverted') and not (state = 'stopped' and state_from = 'held')
       and settings ->> 'dryRun' is distinct from 'true'
     order by id desc limit 1`,
    [namespaceId, sameAs],
  )
  return rows[0] ?? null
}

interface SameContent extends Earlier {
  readonly job: string
  /** It is under way, or it wrote a part and stopped. */
  readonly unfinished: boolean
  readonly differs: readonly string[]
}

/** Differences named in one sentence. */
const differsMax = 3

/** The newest import of the same content, which had other settings: equal ones were looked for before. */
async function findSameContent(
  client: pg.ClientBase,
  namespaceId: number,
  order: NewImport,
  content: string,
): Promise<SameContent | null> {
  const { rows } = await client.query<Earlier & { job: string; definition: unknown; wrote: boolean }>(
    `select r.id, r.state, j.name as job, v.definition,
       exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and c.done <> 0) as wrote
     from sluice.landing l join sluice.run r on r.landing_id = l.id join sluice.job j on j.id = r.job_id
     join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
     where l.namespace_id = $1 and l.content_sha256 = $2 and r.trigger = 'manual'
       and r.state not in ('failed', 'skipped', 'reverted') and r.settings ->> 'dryRun' is distinct from 'true'
     order by r.id desc limit 1`,
    [namespaceId, content],
  )
  const row = rows[0]
  if (row === undefined) return null
  const { id, state, job, definition, wrote } = row
  const changes = diffDefinitions(importDefinitionSchema.parse(definition), order.definition)
  const texts = changes.map((change) => changeText(change).replace(/^~ /, ''))
  if (job !== order.jobName) texts.unshift(`job ${job}`)
  // Equal in all: dropped by a person, who wants to look again.
  if (texts.length === 0) return null
  const more = texts.length > differsMax ? [`${texts.length - differsMax} more`] : []
  const differs = [...texts.slice(0, differsMax), ...more]
  return { id, state, job, unfinished: !isSettled(state) || (wrote && mayGoOn(state)), differs }
}

async function insertRun(
  client: pg.ClientBase,
  namespace: Namespace,
  order: NewImport,
  runId: number,
  hash: string,
  sameAs: string,
): Promise<void> {
  const { job, version, number } = await nextVersion(client, namespace.id, order, hash)
  const by = order.by ?? null
  // What was landed before the run began counts as its fetch (BS-12..14).
  await client.query(
    `with work as (select pg_notify('sluice_work', ''))
     insert into sluice.run (namespace_id, id, job_id, job_version, number, lane, landing_id, same_as, settings, started_by, stages)
     select $1, $2, $3, $4, $5, ${laneSql('$3', '$4', '$8')}, l.id, $7, $8, $9, jsonb_build_object('fetching', jsonb_build_object(
       'started', l.started_at, 'ended', l.landed_at, 'seconds', round(extract(epoch from l.landed_at - l.started_at)::numeric, 3)))
     from sluice.landing l, work where l.namespace_id = $1 and l.id = $6`,
    [namespace.id, runId, job, version, number, order.landingId, sameAs, JSON.stringify(order.settings), by],
  )
  await logQueued(client, namespace.id, runId)
}

/**
 * The job of this name that takes files by hand and was switched on, or null where the name is free. Throws
 * `job.name_taken`: what another job does is not changed by importing a file.
 */
async function jobToImportInto(
  client: pg.ClientBase,
  namespaceId: number,
  name: string,
): Promise<number | null> {
  const { rows } = await client.query<{ id: number; state: JobState; mine: boolean }>(
    `select j.id, j.state, j.kind = 'one_time' and j.state not in ('draft', 'sampling', 'sampling_failed')
       and not exists (select from sluice.job_version v where v.job_id = j.id and v.version = j.last_version
         and v.setup #>> '{source,kind}' <> 'upload') as mine
     from sluice.job j where j.namespace_id = $1 and j.name = $2 and j.state <> 'archived' order by j.id limit 1`,
    [namespaceId, name],
  )
  const row = rows[0]
  if (row === undefined) return null
  if (row.mine) return row.id
  throw failure('job.name_taken', { job: name, state: jobMachine.states[row.state].label.toLowerCase() })
}

/** The one-time job named after its file, with a new version when anything that decides the result changed. */
async function nextVersion(
  client: pg.ClientBase,
  namespaceId: number,
  order: NewImport,
  hash: string,
): Promise<{ job: number; version: number; number: number }> {
  const known = await jobToImportInto(client, namespaceId, order.jobName)
  const job =
    known ??
    (
      await client.query<{ id: number }>(
        // What is imported by hand is switched on by importing it.
        `insert into sluice.job (namespace_id, name, kind, state_from, state, activated_at) values ($1, $2, 'one_time', 'draft', 'active', now()) returning id`,
        [namespaceId, order.jobName],
      )
    ).rows[0]!.id
  const { rows } = await client.query<{
    last_version: number
    last_number: number
    same: boolean
    guarded: boolean
  }>(
    `update sluice.job j set last_number = last_number + 1, updated_at = now() where id = $1
     returning last_version, last_number,
       exists (select from sluice.job_version v where v.job_id = j.id and v.version = j.last_version and v.definition_hash = $2) as same,
       exists (select from sluice.job_version v where v.job_id = j.id and v.version = j.last_version
         and coalesce(v.setup ->> 'approval', 'none') <> 'none')
         or (last_version > 0 and exists (select from sluice.namespace n where n.id = j.namespace_id
           and coalesce(n.settings ->> 'approval', 'none') <> 'none'))
         as guarded`,
    [job, hash],
  )
  const { last_version: version, last_number: number, same, guarded } = rows[0]!
  if (same) return { job, version, number }
  // A change by way of an import would be a change that nobody else looked at.
  if (guarded) throw failure('approval.by_import', { job: order.jobName })
  await client.query('update sluice.job set last_version = last_version + 1 where id = $1', [job])
  await client.query(
    `insert into sluice.job_version (job_id, version, definition, definition_hash, setup, created_by)
     values ($1, $2, $3, $4, coalesce((select setup from sluice.job_version where job_id = $1 and version = $2 - 1), '{}'), $5)`,
    [job, version + 1, JSON.stringify(order.definition), hash, order.by ?? null],
  )
  return { job, version: version + 1, number }
}
