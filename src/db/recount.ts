// Counters of a settled run whose open records were moved since: its chunks and totals follow in the same transaction.
import type pg from 'pg'
import type { RunKey } from './moves.ts'

/** A record that moved, by the flat keys of law and counters: from `new` to `finished.created`. */
export interface Moved {
  readonly ordinal: number
  readonly from: string
  readonly to: string
}

/**
 * Takes records out of one counter and puts them into another, in the chunk that counted them: the law holds at every
 * moment. Of a run that has ended the totals follow; what it read and how many that were does not change.
 */
export async function recount(client: pg.ClientBase, key: RunKey, moved: readonly Moved[]): Promise<void> {
  if (moved.length === 0) return
  const bounds = await chunksOf(client, key)
  const byChunk = new Map<number, Record<string, number>>()
  const whole: Record<string, number> = {}
  for (const { ordinal, from, to } of moved) {
    const chunk = chunkAt(bounds, ordinal)
    const counts = byChunk.get(chunk) ?? {}
    byChunk.set(chunk, counts)
    for (const counted of [counts, whole]) {
      counted[from] = (counted[from] ?? 0) - 1
      counted[to] = (counted[to] ?? 0) + 1
    }
  }
  // In the order of the key: two that move records of one run wait for one another in one direction only.
  for (const chunk of [...byChunk.keys()].sort((a, b) => a - b))
    await client.query(
      `update sluice.chunk set counters = sluice.add_counters(counters, $4)
       where namespace_id = $1 and run_id = $2 and number = $3`,
      [key.namespaceId, key.runId, chunk, JSON.stringify(byChunk.get(chunk))],
    )
  await client.query(
    `update sluice.run set totals = sluice.add_counters(totals, $3), moved_at = now()
     where namespace_id = $1 and id = $2 and totals is not null`,
    [key.namespaceId, key.runId, JSON.stringify(whole)],
  )
}

interface Bounds {
  readonly number: number
  /** The last record of the chunk. */
  readonly last: number
}

async function chunksOf(client: pg.ClientBase, key: RunKey): Promise<Bounds[]> {
  const { rows } = await client.query<Bounds>(
    `select number, (sum(records) over (order by number))::bigint as last from sluice.chunk
     where namespace_id = $1 and run_id = $2 order by number`,
    [key.namespaceId, key.runId],
  )
  return rows
}

function chunkAt(bounds: readonly Bounds[], ordinal: number): number {
  let low = 0
  let high = bounds.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (bounds[middle]!.last < ordinal) low = middle + 1
    else high = middle
  }
  const found = bounds[low]
  if (found === undefined) throw new Error(`no chunk counted record ${ordinal}`)
  return found.number
}
