// The undos of a run, and whether one is under way.
import type pg from 'pg'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { isSettled, type RunState } from '../core/run.ts'

/** An undo of a run that is not undone itself. */
export interface UndoOf {
  readonly id: number
  readonly state: RunState
  readonly kept: number
  readonly began: boolean
}

/** Newest first; dry runs and those that did nothing do not count. */
export async function undosOf(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  runId: number,
): Promise<UndoOf[]> {
  const { rows } = await client.query<UndoOf>(
    `select r.id, r.state, (coalesce((r.totals ->> 'skipped.kept')::bigint, 0)
         + coalesce((select sum(t.value::bigint) from jsonb_each_text(r.totals) t where t.key like 'warned.undo.%'), 0))::bigint as kept,
       exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and c.done <> 0) as began
     from sluice.run r where r.namespace_id = $1 and r.trigger = 'undo' and r.settings ->> 'reverts' = $2
       and not coalesce((r.settings ->> 'dryRun')::boolean, false) and r.state not in ('reverted', 'failed', 'skipped')
     order by r.id desc`,
    [namespaceId, runName(runId)],
  )
  return rows
}

/** Throws `undo.under_way` where a run is being undone: it must not go on by itself meanwhile. */
export async function checkNotBeingUndone(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  runId: number,
): Promise<void> {
  const undos = await undosOf(client, namespaceId, runId)
  const busy = undos.find(({ state, began }) => !isSettled(state) || (state !== 'completed' && began))
  if (busy !== undefined) throw failure('undo.under_way', { run: runName(runId), by: runName(busy.id) })
}
