// The one statement that is checkpoint, fence and counter of a batch: no row back, no commit.
import type pg from 'pg'
import type { NewRow } from '../core/changeSet.ts'
import { noteKey } from '../core/record.ts'
import type { RunKey } from './moves.ts'

export interface ChunkClaim extends RunKey {
  readonly number: number
  readonly attempt: number
}

/** Raised when the chunk is somebody else's by now, or this batch of it is done: roll back, look again. */
export class LostChunk extends Error {
  constructor() {
    super('the chunk was taken over, or this batch is done already')
    this.name = 'LostChunk'
  }
}

/** Last statement of a batch's transaction. `bit` is the batch's place in its chunk. */
export async function settleBatch(
  client: pg.ClientBase,
  claim: ChunkClaim,
  bit: number,
  counters: Readonly<Record<string, number>>,
): Promise<void> {
  const { rowCount } = await client.query(
    `update sluice.chunk set done = done | (1::bigint << $5), counters = sluice.add_counters(counters, $6)
     where namespace_id = $1 and run_id = $2 and number = $3 and attempt = $4 and done & (1::bigint << $5) = 0`,
    [claim.namespaceId, claim.runId, claim.number, claim.attempt, bit, JSON.stringify(counters)],
  )
  if (rowCount !== 1) throw new LostChunk()
}

/**
 * The same for the first part of a batch that the quota cut: it stays open. `from`: the record before its first, 0 at the
 * beginning of the batch; `to`: its last.
 */
export async function settleCut(
  client: pg.ClientBase,
  claim: ChunkClaim,
  bit: number,
  counters: Readonly<Record<string, number>>,
  cut: { readonly from: number; readonly to: number },
): Promise<void> {
  const { rowCount } = await client.query(
    `update sluice.chunk set cuts = coalesce(cuts, '{}') || jsonb_build_object($5::text, $7::bigint), counters = sluice.add_counters(counters, $6)
     where namespace_id = $1 and run_id = $2 and number = $3 and attempt = $4 and done & (1::bigint << $5::int) = 0
       and coalesce((cuts ->> $5::text)::bigint, 0) = $8`,
    [
      claim.namespaceId,
      claim.runId,
      claim.number,
      claim.attempt,
      bit,
      JSON.stringify(counters),
      cut.to,
      cut.from,
    ],
  )
  if (rowCount !== 1) throw new LostChunk()
}

/** Throws `LostChunk` when settling this batch would: whoever did it before us left rows that ours run into. */
export async function checkBatchIsOurs(client: pg.ClientBase, claim: ChunkClaim, bit: number): Promise<void> {
  const { rowCount } = await client.query(
    `select from sluice.chunk
     where namespace_id = $1 and run_id = $2 and number = $3 and attempt = $4 and done & (1::bigint << $5) = 0`,
    [claim.namespaceId, claim.runId, claim.number, claim.attempt, bit],
  )
  if (rowCount !== 1) throw new LostChunk()
}

/** The counters of a batch; `seen`: ordinals, from and to, of records that were delivered before. */
export function countBatch(
  settlements: readonly NewRow[],
  seen: readonly (readonly [first: number, last: number])[],
): Record<string, number> {
  const counts = countSettlements(settlements)
  const passed = seen.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  const key = 'skipped.already_processed'
  return passed === 0 ? counts : { ...counts, [key]: (counts[key] ?? 0) + passed }
}

/**
 * Counts settlements under flat keys: `finished.created`, `skipped.exists`, `failed.email.invalid`; beside the states
 * `warned.email.invalid` and `noted.filtered:only active`.
 */
function countSettlements(settlements: readonly NewRow[]): Record<string, number> {
  const counts: Record<string, number> = {}
  const add = (key: string): void => {
    counts[key] = (counts[key] ?? 0) + 1
  }
  for (const settled of settlements) {
    if (settled.state === 'new' || settled.state === 'retry') {
      add(settled.state)
      continue
    }
    if (settled.state === 'finished') add(`finished.${settled.outcome}`)
    else if (settled.state === 'skipped') {
      add(`skipped.${settled.reason}`)
      if (settled.note !== null) add(`noted.${noteKey(settled.reason, settled.note)}`)
    } else add(`failed.${settled.problem.code}`)
    if (settled.state !== 'failed') for (const { code } of settled.warnings ?? []) add(`warned.${code}`)
  }
  return counts
}
