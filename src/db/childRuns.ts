// Making the runs that retry or correct records of earlier ones: same job, trigger `retry`, at once.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { runNumber } from '../core/names.ts'
import type { RetrySettings } from '../core/retry.ts'
import {
  contentOf,
  definitionHash,
  lockStarts,
  recogniseSame,
  takeRunId,
  type Namespace,
  type StartedImport,
} from './imports.ts'
import { laneSql } from './lanes.ts'
import { logQueued } from './log.ts'
import type { Run } from './runs.ts'

export interface NewChild {
  /** The run whose job does it: the newest one whose records are retried. */
  readonly parent: Run
  /** The job's version that is used; the parent's unless there is reason for another. */
  readonly version: number
  readonly landingId: string
  readonly retry: RetrySettings
  /** More of the run's settings. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Who asked for it: with four eyes they do not release it themselves. */
  readonly by: string
}

/** Corrections: the same file again is recognised like any import (design section 4). */
export async function startCorrections(
  client: pg.ClientBase,
  namespace: Namespace,
  child: NewChild & { readonly again: boolean },
): Promise<StartedImport> {
  await lockStarts(client, namespace.id)
  const content = await contentOf(client, namespace.id, child.landingId)
  const { job } = child.parent
  const sameAs = createHash('sha256')
    .update(`corrections\n${job.id}\n${child.version}\n${content}\n${child.retry.parents.join(' ')}`)
    .digest('hex')
  const insert = (): Promise<number> => insertChild(client, namespace, child, sameAs)
  const recognised = child.again ? null : await recogniseSame(client, namespace.id, sameAs, undefined, insert)
  return recognised ?? { runId: await insert(), what: 'started' }
}

/** A run of its own for every call: what was selected was selected now. Answers its id. */
export async function startRetry(
  client: pg.ClientBase,
  namespace: Namespace,
  child: NewChild,
): Promise<number> {
  await lockStarts(client, namespace.id)
  return insertChild(client, namespace, child, `retry ${child.retry.selection?.key}`)
}

async function insertChild(
  client: pg.ClientBase,
  namespace: Namespace,
  { parent, version, landingId, retry, settings, by }: NewChild,
  sameAs: string,
): Promise<number> {
  const runId = await takeRunId(client, namespace.id)
  await client.query(
    `with work as (select pg_notify('sluice_work', '')),
       numbered as (update sluice.job set last_number = last_number + 1, updated_at = now() where id = $3 returning last_number)
     insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, lane, landing_id, same_as, settings, started_by)
     select $1, $2, $3, $4, last_number, 'retry', ${laneSql('$3', '$4', '$7')}, $5, $6, $7, $8 from numbered, work`,
    [
      namespace.id,
      runId,
      parent.job.id,
      version,
      landingId,
      sameAs,
      JSON.stringify({ ...settings, ...retry }),
      by,
    ],
  )
  await logQueued(client, namespace.id, runId)
  return runId
}

export interface JobVersion {
  readonly version: number
  readonly definition: ImportDefinition
}

/** The newest version of a job. */
export async function latestVersion(client: pg.ClientBase | pg.Pool, job: number): Promise<JobVersion> {
  const { rows } = await client.query<{ version: number; definition: unknown }>(
    'select version, definition from sluice.job_version where job_id = $1 order by version desc limit 1',
    [job],
  )
  const { version, definition } = rows[0]!
  return { version, definition: importDefinitionSchema.parse(definition) }
}

/** The newest version of the job with this definition. */
export async function findVersion(
  client: pg.ClientBase | pg.Pool,
  job: number,
  definition: ImportDefinition,
): Promise<number | undefined> {
  const { rows } = await client.query<{ version: number }>(
    `select version from sluice.job_version where job_id = $1 and definition_hash = $2 order by version desc limit 1`,
    [job, definitionHash(definition)],
  )
  return rows[0]?.version
}

/** The number of the job's version with this definition; a new one where there is none. */
export async function versionOf(
  client: pg.ClientBase,
  job: number,
  definition: ImportDefinition,
  by: string,
): Promise<number> {
  await client.query('select from sluice.job where id = $1 for update', [job])
  const known = await findVersion(client, job, definition)
  if (known !== undefined) return known
  const made = await client.query<{ version: number }>(
    `with next as (update sluice.job set last_version = last_version + 1, updated_at = now() where id = $1 returning last_version)
     insert into sluice.job_version (job_id, version, definition, definition_hash, created_by, setup)
     select $1, last_version, $2, $3, $4,
       coalesce((select setup from sluice.job_version v where v.job_id = $1 and v.version = last_version - 1), '{}')
     from next returning version`,
    [job, JSON.stringify(definition), definitionHash(definition), by],
  )
  const { version } = made.rows[0]!
  await keepNewest(client, job, version)
  return version
}

/**
 * What a retry was done with is not what a job goes on with that runs by itself, or whose changes somebody else must
 * approve: its own version becomes the newest again.
 */
async function keepNewest(client: pg.ClientBase, job: number, retried: number): Promise<void> {
  await client.query(
    `with next as (update sluice.job set last_version = last_version + 1 where id = $1 and (kind = 'recurring' or exists (
         select from sluice.job_version v where v.job_id = $1 and v.version = $2 and coalesce(v.setup ->> 'approval', 'none') <> 'none'))
       returning last_version)
     insert into sluice.job_version (job_id, version, definition, definition_hash, setup, created_by)
     select v.job_id, next.last_version, v.definition, v.definition_hash, v.setup, v.created_by
     from next join sluice.job_version v on v.job_id = $1 and v.version = $2 - 1`,
    [job, retried],
  )
}

/** Oldest first, as settings keep them. */
export function inOrder(runs: Iterable<string>): string[] {
  return [...new Set(runs)].sort((a, b) => (runNumber(a) ?? 0) - (runNumber(b) ?? 0))
}
