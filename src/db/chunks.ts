// The chunks of a run: made once after validation, counted at the end.
import type pg from 'pg'
import type { RunKey } from './moves.ts'

export interface ChunkPlan {
  readonly number: number
  readonly firstBatch: number
  readonly batches: number
  readonly records: number
}

/** Makes the chunks, unless an earlier attempt already did. */
export async function insertChunks(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
  chunks: readonly ChunkPlan[],
): Promise<void> {
  await client.query(
    `insert into sluice.chunk (namespace_id, run_id, number, first_batch, batches, records)
     select $1, $2, * from unnest($3::int[], $4::int[], $5::int[], $6::bigint[]) on conflict do nothing`,
    [
      key.namespaceId,
      key.runId,
      chunks.map((c) => c.number),
      chunks.map((c) => c.firstBatch),
      chunks.map((c) => c.batches),
      chunks.map((c) => c.records),
    ],
  )
}

export interface ChunkTotals {
  readonly chunks: number
  readonly complete: number
  /** Sum of the counters of all chunks, by flat key. */
  readonly counters: Readonly<Record<string, number>>
}

export async function chunkTotals(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<ChunkTotals> {
  const { rows } = await client.query<{
    chunks: number
    complete: number
    counters: Record<string, number> | null
  }>(
    `with c as (select * from sluice.chunk where namespace_id = $1 and run_id = $2)
     select (select count(*) from c) as chunks, (select count(*) from c where complete) as complete,
       (select jsonb_object_agg(key, total) from (
          select x.key, sum(x.value::bigint) as total from c, jsonb_each_text(c.counters) x group by x.key) y) as counters`,
    [key.namespaceId, key.runId],
  )
  const row = rows[0]!
  return { chunks: row.chunks, complete: row.complete, counters: row.counters ?? {} }
}
