// Who works on what: leases on runs and chunks, on the database's clock. The attempt number fences every write.
import type pg from 'pg'
import type { RunState } from '../core/run.ts'
import type { ChunkClaim } from './settle.ts'
import type { RunKey } from './moves.ts'

/** Seconds a lease lasts without renewal, and between renewals (design section 7). */
export const leaseSeconds = 20
export const renewSeconds = 5

export interface RunClaim extends RunKey {
  readonly state: RunState
  readonly attempt: number
}

export interface ChunkWork extends ChunkClaim {
  readonly firstBatch: number
  readonly batches: number
  /** Bits of the batches that are done; up to 60, so not a number to do bit arithmetic on. */
  readonly done: bigint
}

const until = `clock_timestamp() + make_interval(secs => ${leaseSeconds})`
const free = (row: string): string => `(${row}.lease_until is null or ${row}.lease_until < clock_timestamp())`

/** Takes the oldest run that has a stage to do outside the import itself; null when there is none. */
export async function claimRun(client: pg.ClientBase | pg.Pool, worker: string): Promise<RunClaim | null> {
  const { rows } = await client.query<{ namespace_id: number; id: number; state: RunState; attempt: number }>(
    `update sluice.run r set leased_by = $1, lease_until = ${until}, attempt = r.attempt + 1
     where (r.namespace_id, r.id) = (
       select c.namespace_id, c.id from sluice.run c
       where c.state in ('queued', 'fetching', 'validating', 'processing', 'stopping', 'retry_wait') and ${free('c')}
         and (c.state <> 'stopping' or not exists (
           select from sluice.chunk k where k.namespace_id = c.namespace_id and k.run_id = c.id and k.lease_until > clock_timestamp()))
         -- One undo at a time: what stands must not change under it.
         and (c.trigger <> 'undo' or c.state in ('stopping', 'processing') or not exists (
           select from sluice.run o where o.namespace_id = c.namespace_id and o.trigger = 'undo' and o.id < c.id
             and o.state in ('queued', 'fetching', 'validating', 'importing', 'processing', 'retry_wait', 'stopping')))
         and (c.state <> 'retry_wait' or coalesce((c.sleeping ->> 'until')::timestamptz, clock_timestamp()) <= clock_timestamp())
       order by c.created_at, c.id limit 1 for update skip locked)
     returning r.namespace_id, r.id, r.state, r.attempt`,
    [worker],
  )
  const row = rows[0]
  return row === undefined
    ? null
    : { namespaceId: row.namespace_id, runId: row.id, state: row.state, attempt: row.attempt }
}

/** Takes the next open chunk of a run that is importing; `only` keeps to one run. */
export async function claimChunk(
  client: pg.ClientBase | pg.Pool,
  worker: string,
  only: RunKey | null = null,
): Promise<ChunkWork | null> {
  const { rows } = await client.query<{
    namespace_id: number
    run_id: number
    number: number
    attempt: number
    first_batch: number
    batches: number
    done: string
  }>(
    `update sluice.chunk c set leased_by = $1, lease_until = ${until}, attempt = c.attempt + 1,
       deaths = c.deaths + (c.leased_by is not null)::int
     where (c.namespace_id, c.run_id, c.number) = (
       select k.namespace_id, k.run_id, k.number
       from sluice.chunk k join sluice.run r on r.namespace_id = k.namespace_id and r.id = k.run_id
       where r.state = 'importing' and not k.complete and ${free('k')}
         and ($2::int is null or (k.namespace_id = $2 and k.run_id = $3))
       order by r.created_at, k.run_id, k.number limit 1 for update of k skip locked)
     returning c.namespace_id, c.run_id, c.number, c.attempt, c.first_batch, c.batches, c.done::text`,
    [worker, only?.namespaceId ?? null, only?.runId ?? null],
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
  }
}

/** Renews everything a worker holds. Answers how many leases it has; fewer than expected means one was taken over. */
export async function renewLeases(client: pg.ClientBase | pg.Pool, worker: string): Promise<void> {
  await client.query(
    `with runs as (update sluice.run set lease_until = ${until} where leased_by = $1 and lease_until is not null)
     update sluice.chunk set lease_until = ${until} where leased_by = $1 and lease_until is not null`,
    [worker],
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

/** Workers that hold leases; the host asks which of its own are dead. */
export async function leaseHolders(client: pg.ClientBase | pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ leased_by: string }>(
    `select leased_by from sluice.run where leased_by is not null
     union select leased_by from sluice.chunk where leased_by is not null`,
  )
  return rows.map((row) => row.leased_by)
}

/** Ends the leases of a worker known to be dead, so that nobody waits for them to run out. */
export async function expireLeases(client: pg.ClientBase | pg.Pool, worker: string): Promise<void> {
  await client.query(
    `with runs as (update sluice.run set lease_until = null, leased_by = null where leased_by = $1)
     update sluice.chunk set lease_until = null where leased_by = $1`,
    [worker],
  )
}

/** The oldest importing run that has a chunk free to take. */
export async function findImporting(client: pg.ClientBase | pg.Pool): Promise<RunKey | null> {
  const { rows } = await client.query<{ namespace_id: number; id: number }>(
    `select r.namespace_id, r.id from sluice.run r
     where r.state = 'importing' and (
       exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and not c.complete and ${free('c')})
       or not exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and not c.complete))
     order by r.created_at, r.id limit 1`,
  )
  return rows[0] === undefined ? null : { namespaceId: rows[0].namespace_id, runId: rows[0].id }
}
