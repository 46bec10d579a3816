// Who works on what: lanes, leases on runs and chunks, on the database's clock. The attempt number fences every write.
import type pg from 'pg'
import { previewLane, type RunState } from '../core/run.ts'
import { sqlState } from './client.ts'
import { jobIsOff, keptBackBy, waits } from './lanes.ts'
import type { ChunkClaim } from './settle.ts'
import type { RunKey } from './moves.ts'

/** Seconds a lease lasts without renewal, and between renewals (design section 7). */
export const leaseSeconds = 20
export const renewSeconds = 5

/** So many deaths with the same chunk, or at the same stage, spend an attempt of the run. */
export const deathsMax = 3

export interface RunClaim extends RunKey {
  readonly state: RunState
  readonly attempt: number
  /** Whoever had it before died with it. */
  readonly died: boolean
  /** How many died at this stage of it. */
  readonly deaths: number
}

export interface ChunkWork extends ChunkClaim {
  readonly firstBatch: number
  readonly batches: number
  /** Bits of the batches that are done; up to 60, so not a number to do bit arithmetic on. */
  readonly done: bigint
  /** Of batches that the quota cut: the last record that was taken, by their place in the chunk. */
  readonly cuts: Readonly<Record<string, number>>
  /** Whoever had it before died with it. */
  readonly died: boolean
  /** How many died with it. */
  readonly deaths: number
}

const until = `clock_timestamp() + make_interval(secs => ${leaseSeconds})`
const free = (row: string): string => `(${row}.lease_until is null or ${row}.lease_until < clock_timestamp())`

/** Which runs a claim looks at: any, or only what must never wait behind an import: previews, dry runs and stops. */
export type ClaimScope = 'any' | 'quick'

// A person's stop is not kept waiting by a worker that hangs: after a second whoever is free fences and ends the run.
const maySettle = `(c.claimed_at is null or c.claimed_at < c.state_at) and c.state_at < clock_timestamp() - interval '1 second'
  or ${free('c')} and not exists (
    select from sluice.chunk k where k.namespace_id = c.namespace_id and k.run_id = c.id and k.lease_until > clock_timestamp())`

/** What holds a lane and has nobody at work on it: dead workers' runs, the next stages, stops. Importing goes by chunks. */
const atWork = `
  select c.namespace_id, c.id, c.created_at from sluice.run c
  where (c.holds_lane or c.state = 'stopping')
    and (c.state in ('queued', 'fetching', 'validating', 'processing') and $2 and ${free('c')}
      or c.state = 'stopping' and (${maySettle})
      or not $2 and c.lane = '${previewLane}' and c.state in ('queued', 'fetching', 'validating', 'processing') and ${free('c')})`

const blocked = [...Object.values(keptBackBy).map((rows) => `exists (select from ${rows})`), jobIsOff].join(
  ' or ',
)

/** The lanes in which somebody waits, found by jumping from one to the next in the index: never a look at the whole queue. */
const waitingLanes = `
  lanes as (
    (select w.namespace_id, w.lane from sluice.run w where ${waits('w')} order by w.namespace_id, w.lane limit 1)
    union all
    select n.namespace_id, n.lane from lanes l cross join lateral (
      select w.namespace_id, w.lane from sluice.run w
      where ${waits('w')} and (w.namespace_id, w.lane) > (l.namespace_id, l.lane) order by w.namespace_id, w.lane limit 1) n)`

/** The first of every free lane. */
const heads = `
  select h.namespace_id, h.id, h.created_at from lanes l cross join lateral (
    select c.namespace_id, c.id, c.created_at from sluice.run c join sluice.job j on j.id = c.job_id
    where c.namespace_id = l.namespace_id and c.lane = l.lane and ${waits('c')} and not (${blocked})
    order by c.id limit 1) h
  where ($2 or l.lane = '${previewLane}')
    and not exists (select from sluice.run o where o.namespace_id = l.namespace_id and o.lane = l.lane and o.holds_lane)`

/** `$1` the worker, `$2` whether it takes any run. Exported so that a test can ask for its plan. */
export const claimSql = `
  with recursive ${waitingLanes},
  -- Of several workers at the same instant each takes another one; those who find it gone pass on.
  due as (select * from (${atWork} union all ${heads}) x order by created_at, id limit 32),
  taken as (
    select c.namespace_id, c.id, c.leased_by is not null and ${free('c')} as died
    from sluice.run c join due d on d.namespace_id = c.namespace_id and d.id = c.id
    where c.holds_lane or c.state = 'stopping' or ${waits('c')}
    order by c.created_at, c.id limit 1 for update of c skip locked)
  update sluice.run r set leased_by = $1, lease_until = ${until}, attempt = r.attempt + 1, claimed_at = clock_timestamp(),
    holds_lane = r.state <> 'stopping' or r.holds_lane, deaths = r.deaths + t.died::int
  from taken t where r.namespace_id = t.namespace_id and r.id = t.id
  returning r.namespace_id, r.id, r.state, r.attempt, t.died, r.deaths`

interface ClaimRow {
  readonly namespace_id: number
  readonly id: number
  readonly state: RunState
  readonly attempt: number
  readonly died: boolean
  readonly deaths: number
}

/**
 * Takes the run that is next: one that nobody works on any more, else the oldest that is first in a free lane and takes
 * that lane. Null where there is none. The unique index on lanes has the last word: who comes second looks again.
 */
export async function claimRun(
  client: pg.ClientBase | pg.Pool,
  worker: string,
  scope: ClaimScope = 'any',
): Promise<RunClaim | null> {
  for (;;)
    try {
      const { rows } = await client.query<ClaimRow>(claimSql, [worker, scope === 'any'])
      const row = rows[0]
      if (row === undefined) return null
      const { state, attempt, died, deaths } = row
      return { namespaceId: row.namespace_id, runId: row.id, state, attempt, died, deaths }
    } catch (error) {
      if (sqlState(error) !== '23505') throw error
    }
}

interface ChunkRow {
  readonly namespace_id: number
  readonly run_id: number
  readonly number: number
  readonly attempt: number
  readonly first_batch: number
  readonly batches: number
  readonly done: string
  readonly cuts: Readonly<Record<string, number>> | null
  readonly died: boolean
  readonly deaths: number
}

/** Takes the next open chunk of a run that is importing. */
export async function claimChunk(
  client: pg.ClientBase | pg.Pool,
  worker: string,
  run: RunKey,
): Promise<ChunkWork | null> {
  const { rows } = await client.query<ChunkRow>(
    `with taken as (
       select k.number, k.leased_by is not null as died
       from sluice.chunk k join sluice.run r on r.namespace_id = k.namespace_id and r.id = k.run_id
       where r.state = 'importing' and not k.complete and ${free('k')} and k.namespace_id = $2 and k.run_id = $3
       order by k.number limit 1 for update of k skip locked)
     update sluice.chunk c set leased_by = $1, lease_until = ${until}, attempt = c.attempt + 1, deaths = c.deaths + t.died::int
     from taken t where c.namespace_id = $2 and c.run_id = $3 and c.number = t.number
     returning c.namespace_id, c.run_id, c.number, c.attempt, c.first_batch, c.batches, c.done::text, c.cuts, t.died, c.deaths`,
    [worker, run.namespaceId, run.runId],
  )
  const row = rows[0]
  if (row === undefined) return null
  return {
    namespaceId: row.namespace_id,
    runId: row.run_id,
    number: row.number,
    attempt: row.attempt,
    firstBatch: row.first_batch,
    batches: row.batches,
    done: BigInt(row.done),
    cuts: row.cuts ?? {},
    died: row.died,
    deaths: row.deaths,
  }
}

/**
 * Takes the chunks of a run out of everybody's hands: a batch that is still under way commits nothing any more. Waits
 * for those that are about to commit, which takes them milliseconds.
 */
export async function fenceChunks(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<void> {
  await client.query(
    `update sluice.chunk set attempt = attempt + 1, leased_by = null, lease_until = null
     where namespace_id = $1 and run_id = $2 and not complete`,
    [key.namespaceId, key.runId],
  )
}

/**
 * The same for who counts before the run ends, in a transaction: until that ends nobody takes or settles a chunk. Counting
 * a large ledger may take longer than a transaction may otherwise stand still.
 */
export async function holdChunks(client: pg.ClientBase, key: RunKey): Promise<void> {
  await client.query('set local idle_in_transaction_session_timeout = 0')
  await fenceChunks(client, key)
}

/** Renews everything a worker's hands hold. */
export async function renewLeases(
  client: pg.ClientBase | pg.Pool,
  workers: readonly string[],
): Promise<void> {
  await client.query(
    `with runs as (update sluice.run set lease_until = ${until} where leased_by = any($1) and lease_until is not null)
     update sluice.chunk set lease_until = ${until} where leased_by = any($1) and lease_until is not null`,
    [workers],
  )
}

/** Gives up a chunk's lease, if it is still held; nobody died of it. */
export async function releaseChunk(client: pg.ClientBase | pg.Pool, claim: ChunkClaim): Promise<void> {
  await client.query(
    `update sluice.chunk set leased_by = null, lease_until = null
     where namespace_id = $1 and run_id = $2 and number = $3 and attempt = $4`,
    [claim.namespaceId, claim.runId, claim.number, claim.attempt],
  )
}

/** Gives up everything a worker holds; nobody died of it. For a worker with nothing in hand. */
export async function releaseLeases(client: pg.ClientBase | pg.Pool, worker: string): Promise<void> {
  await client.query(
    `with runs as (update sluice.run set leased_by = null, lease_until = null where leased_by = $1)
     update sluice.chunk set leased_by = null, lease_until = null where leased_by = $1`,
    [worker],
  )
}

/** What the sessions of a worker are called in pg_stat_activity: the end of its name, which tells it from all others. */
export function sessionRole(worker: string): string {
  return `worker ${worker.slice(-sessionNameLetters)}`
}

// PostgreSQL keeps 63 bytes of an application's name.
const sessionNameLetters = 45

/**
 * Ends the sessions of workers whose leases ran out, where PostgreSQL waits for them in the middle of a transaction: a
 * process that was suspended while it sent rows is, for the server, not idle, and would hold its locks for ever. Whoever
 * only comes back late finds its connection lost and its work taken over. Answers how many.
 */
export async function endLostSessions(client: pg.ClientBase | pg.Pool): Promise<number> {
  const lost = 'leased_by is not null and (lease_until is null or lease_until < clock_timestamp())'
  const { rowCount } = await client.query(
    `select pg_terminate_backend(a.pid) from pg_stat_activity a
     where a.datname = current_database() and a.xact_start is not null and a.wait_event_type = 'Client'
       and a.state_change < clock_timestamp() - interval '${leaseSeconds} seconds'
       and a.application_name in (
         select 'sluice worker ' || right(split_part(leased_by, '#', 1), ${sessionNameLetters})
         from (select leased_by from sluice.run where ${lost} union select leased_by from sluice.chunk where ${lost}) l)`,
  )
  return rowCount ?? 0
}

/** Workers that hold leases; the host asks which of its own are dead. */
export async function leaseHolders(client: pg.ClientBase | pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ leased_by: string }>(
    `select leased_by from sluice.run where leased_by is not null
     union select leased_by from sluice.chunk where leased_by is not null`,
  )
  return rows.map((row) => row.leased_by)
}

/**
 * Ends the leases of a worker known to be dead, so that nobody waits for them to run out. Its hands (`worker#2`) died
 * with it. The name stays until somebody takes over: that counts the death.
 */
export async function expireLeases(client: pg.ClientBase | pg.Pool, worker: string): Promise<void> {
  const its = `leased_by = $1 or starts_with(leased_by, $1 || '#')`
  await client.query(
    `with runs as (update sluice.run set lease_until = null where ${its})
     update sluice.chunk set lease_until = null where ${its}`,
    [worker],
  )
}

/** The oldest importing run that has a chunk free to take, besides those that are in hand here already. */
export async function findImporting(
  client: pg.ClientBase | pg.Pool,
  inHand: readonly RunKey[] = [],
  scope: ClaimScope = 'any',
): Promise<RunKey | null> {
  const { rows } = await client.query<{ namespace_id: number; id: number }>(
    `select r.namespace_id, r.id from sluice.run r
     where r.holds_lane and r.state = 'importing' and ($3 or r.lane = '${previewLane}')
       and not exists (select from unnest($1::int[], $2::bigint[]) as h(namespace_id, id) where h.namespace_id = r.namespace_id and h.id = r.id)
       and (exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and not c.complete and ${free('c')})
         or not exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and not c.complete))
     order by r.created_at, r.id limit 1`,
    [inHand.map((key) => key.namespaceId), inHand.map((key) => key.runId), scope === 'any'],
  )
  return rows[0] === undefined ? null : { namespaceId: rows[0].namespace_id, runId: rows[0].id }
}
