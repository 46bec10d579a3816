// The fetch of a run: its own status and times, and the moment in which what was landed becomes the run's input.
import type pg from 'pg'
import type { Problem } from '../core/problem.ts'
import { lockStarts, sameImport } from './imports.ts'
import type { RunClaim } from './leases.ts'
import { moveRun } from './moves.ts'

/** What is kept of a fetch on its run (BS-12 to BS-15). */
export interface FetchNote {
  readonly status: 'fetching' | 'fetched' | 'failed'
  /** ISO 8601. */
  readonly startedAt: string
  readonly endedAt: string | null
  /** The path below the root, or what stands for it; null: not chosen yet, or there was none. */
  readonly file: string | null
  /** As the file came. */
  readonly bytes: number | null
  readonly problem: Problem | null
  /** The columns of this file, in its order, where they are not those of the job. */
  readonly columns: readonly string[] | null
  /** Landings of this attempt: those that did not get into the database are removed before the next. */
  readonly landings: readonly string[]
}

/** Writes the state of a fetch; answers false where the run is somebody else's by now. */
export async function noteFetch(
  client: pg.ClientBase | pg.Pool,
  claim: RunClaim,
  note: FetchNote,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update sluice.run set fetched = $4 where namespace_id = $1 and id = $2 and attempt = $3',
    [claim.namespaceId, claim.runId, claim.attempt, JSON.stringify(note)],
  )
  return rowCount === 1
}

export interface Fetched {
  readonly note: FetchNote
  /** What the run reads. */
  readonly landingId: string
  readonly contentSha256: string
  readonly job: { readonly id: number; readonly name: string }
  readonly definitionHash: string
  /** Import it though the very same was imported before. */
  readonly again: boolean
}

/**
 * Gives the run its landing and moves it on: to validating, or to skipped where this job imported the very same
 * content with the same definition before (design section 4). Answers which; null: the run is somebody else's by now.
 */
export async function endFetch(
  client: pg.ClientBase,
  claim: RunClaim,
  fetched: Fetched,
): Promise<'validating' | 'skipped' | null> {
  const { namespaceId, runId, attempt } = claim
  await lockStarts(client, namespaceId)
  const { job, contentSha256, definitionHash } = fetched
  const sameAs = sameImport(job.name, contentSha256, definitionHash)
  const { rowCount } = await client.query(
    // What is only tried must not keep the real import back.
    `update sluice.run set landing_id = $4, same_as = case when settings ->> 'dryRun' = 'true' then same_as else $5 end, fetched = $6
     where namespace_id = $1 and id = $2 and attempt = $3 and state = 'fetching'`,
    [namespaceId, runId, attempt, fetched.landingId, sameAs, JSON.stringify(fetched.note)],
  )
  if (rowCount === 0) return null
  await client.query(
    'update sluice.source_file set content_sha256 = $3 where namespace_id = $1 and run_id = $2 and path = $4',
    [namespaceId, runId, contentSha256, fetched.note.file],
  )
  const earlier = fetched.again ? null : await findSame(client, namespaceId, sameAs, runId)
  if (earlier !== null)
    return (await moveRun(client, claim, 'skip', { skippedFor: earlier, problem: null }, attempt))
      ? 'skipped'
      : null
  return (await moveRun(client, claim, 'validate', { problem: null }, attempt)) ? 'validating' : null
}

/** The newest equal run that is under way or stands: what was stopped or failed midway is imported anew. */
async function findSame(
  client: pg.ClientBase,
  namespaceId: number,
  sameAs: string,
  runId: number,
): Promise<number | null> {
  const { rows } = await client.query<{ id: number }>(
    `select id from sluice.run where namespace_id = $1 and same_as = $2 and id <> $3
       and state not in ('failed', 'skipped', 'reverted', 'stopped', 'partial', 'halted')
     order by id desc limit 1`,
    [namespaceId, sameAs, runId],
  )
  return rows[0]?.id ?? null
}

/**
 * Forgets the landings of an earlier attempt of a run that wrote nothing, before it is fetched again. Those that
 * another run reads by now (a retry of its records) stay. Answers the ids that may go.
 */
export async function removeLandings(
  client: pg.ClientBase,
  claim: RunClaim,
  ids: readonly string[],
): Promise<string[]> {
  const { namespaceId, runId, attempt } = claim
  const { rowCount } = await client.query(
    'update sluice.run set landing_id = null where namespace_id = $1 and id = $2 and attempt = $3',
    [namespaceId, runId, attempt],
  )
  if (rowCount === 0) return []
  const { rows } = await client.query<{ id: string }>(
    `select u.id from unnest($1::uuid[]) u (id)
     where not exists (select from sluice.run r where r.namespace_id = $2 and r.landing_id = u.id)
       and not exists (select from sluice.landing p join sluice.run r on r.landing_id = p.id where p.container_id = u.id)`,
    [ids, namespaceId],
  )
  const gone = rows.map(({ id }) => id)
  // What lies in a container first: it points to it.
  const removing = 'delete from sluice.landing where namespace_id = $1 and id = any($2::uuid[])'
  await client.query(`${removing} and container_id is not null`, [namespaceId, gone])
  await client.query(removing, [namespaceId, gone])
  return gone
}
