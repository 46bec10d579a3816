// Counters of a settled run whose open records were moved since: its chunks and totals follow in the same transaction.
import type pg from 'pg'
import type { RunMove } from '../core/run.ts'
import { moveRun, type RunChanges, type RunKey } from './moves.ts'

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
  // Also where there are no totals yet: who is about to write them down (`moveCounted`) waits, or is waited for.
  await client.query(
    `update sluice.run set totals = case when totals is not null then sluice.add_counters(totals, $3) end,
       moved_at = case when totals is null then moved_at else now() end
     where namespace_id = $1 and id = $2`,
    [key.namespaceId, key.runId, JSON.stringify(whole)],
  )
}

/**
 * Moves a run like `moveRun`. Totals that come along were counted a while ago, and records may have been moved since: with
 * the row locked they become what the chunks have now. What is moved after that is added by whoever moves it. Call it in
 * a transaction.
 */
export async function moveCounted(
  client: pg.ClientBase,
  key: RunKey,
  move: RunMove,
  changes: RunChanges,
  attempt: number | null,
): Promise<boolean> {
  if (!(await moveRun(client, key, move, changes, attempt))) return false
  if (changes.totals === undefined) return true
  await client.query(
    `update sluice.run r set totals = t.counters from (
       select coalesce(jsonb_object_agg(key, total), '{}') as counters from (
         select x.key, sum(x.value::bigint) as total from sluice.chunk c, jsonb_each_text(c.counters) x
         where c.namespace_id = $1 and c.run_id = $2 group by x.key) y) t
     where r.namespace_id = $1 and r.id = $2 and r.totals is distinct from t.counters`,
    [key.namespaceId, key.runId],
  )
  return true
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
