// Undo runs: making one, what they must know about other runs, and what becomes of the run they revert.
import type pg from 'pg'
import { identifierKind } from '../core/attribute.ts'
import { importDefinitionSchema, type CutSettings } from '../core/job.ts'
import { runName, runNumber } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { isSettled, runMachine, type RunMove, type RunState } from '../core/run.ts'
import { undoableDays, undoableUntil, type OtherRun, type UndoSettings } from '../core/undo.ts'
import { lockStarts, takeRunId, type Namespace } from './imports.ts'
import { laneSql } from './lanes.ts'
import { logQueued } from './log.ts'
import { moveRun, type RunKey } from './moves.ts'
import { undosOf, type UndoOf } from './undosOf.ts'
import { leavesNewSql, processedIn } from './waiting.ts'

interface Target {
  readonly id: number
  readonly state: RunState
  readonly trigger: string
  readonly started_at: string | null
  readonly now: string
  readonly reverts: string | null
  readonly dry_run: boolean
  /** It left its records to be processed by other runs. */
  readonly staged: boolean
  /** Retention took away what undoing it needs. */
  readonly purged: boolean
}

const targetSql = `
  select id, state, trigger, to_json(started_at) #>> '{}' as started_at, to_json(now()) #>> '{}' as now,
    settings ->> 'reverts' as reverts, coalesce((settings ->> 'dryRun')::boolean, false) as dry_run, purged ? 'changes' as purged,
    ${leavesNewSql('run')} as staged
  from sluice.run where namespace_id = $1 and id = $2`

async function targetOf(client: pg.ClientBase, namespace: Namespace, runId: number): Promise<Target> {
  const { rows } = await client.query<Target>(targetSql, [namespace.id, runId])
  if (rows[0] === undefined) throw failure('not_found', { noun: 'run', id: runName(runId) })
  return rows[0]
}

async function leftToOthers(client: pg.ClientBase, namespace: Namespace, runId: number): Promise<Error> {
  const by = await processedIn(client, { namespaceId: namespace.id, runId })
  const detail = by.length === 0 ? 'none of them is processed yet' : `${by.join(', ')} processed them`
  return failure('undo.processed', { run: runName(runId), by: detail })
}

/** Throws the problem for which a run cannot be undone now. Answers an undo of it that stopped midway, if there is one. */
async function checkUndoable(
  client: pg.ClientBase,
  namespace: Namespace,
  target: Target,
  dryRun: boolean,
): Promise<UndoOf | null> {
  const run = runName(target.id)
  const { label } = runMachine.states[target.state]
  if (target.dry_run || target.state === 'skipped' || target.state === 'failed')
    throw failure('undo.nothing', { run, state: target.dry_run ? 'dry run' : label.toLowerCase() })
  if (!isSettled(target.state)) throw failure('undo.active', { run, state: label.toLowerCase() })
  if (target.purged) throw failure('undo.purged', { run })
  if (target.started_at !== null && undoableUntil(target.started_at) < new Date(target.now).toISOString())
    throw failure('undo.too_old', {
      run,
      until: undoableUntil(target.started_at).slice(0, 10),
      days: undoableDays,
    })
  if (target.staged) throw await leftToOthers(client, namespace, target.id)
  if (target.reverts !== null) {
    const origin = await targetOf(client, namespace, runNumber(target.reverts)!)
    if (origin.reverts !== null) throw failure('undo.of_redo', { run, origin: origin.reverts })
  }
  const undos = await undosOf(client, namespace.id, target.id)
  const [newest] = undos
  if (newest === undefined) return null
  if (newest.state === 'held' && !dryRun) {
    // A preview nobody answered: the new one takes its place.
    await moveRun(client, { namespaceId: namespace.id, runId: newest.id }, 'drop')
    return null
  }
  if (!isSettled(newest.state) && newest.state !== 'held')
    throw failure('undo.under_way', { run, by: runName(newest.id) })
  if (newest.state === 'completed' && target.state === 'reverted' && newest.kept === 0)
    throw failure('undo.done', { run, by: runName(newest.id) })
  return newest.state !== 'completed' && newest.began ? newest : null
}

export interface StartedUndo {
  readonly runId: number
  /** resumed: an undo of this run had stopped midway, and continues. */
  readonly what: 'started' | 'resumed'
}

/** Makes an undo run of the job and version of the run it reverts; or throws why that run cannot be undone. */
export async function startUndo(
  client: pg.ClientBase,
  namespace: Namespace,
  runId: number,
  how: Omit<UndoSettings, 'reverts' | 'origin'> & Partial<CutSettings>,
): Promise<StartedUndo> {
  // The run must not begin again at the same moment.
  await lockStarts(client, namespace.id)
  const target = await targetOf(client, namespace, runId)
  const midway = await checkUndoable(client, namespace, target, how.dryRun === true)
  if (midway !== null && how.dryRun !== true) {
    const key = { namespaceId: namespace.id, runId: midway.id }
    await moveRun(client, key, 'resume', { problem: null })
    return { runId: midway.id, what: 'resumed' }
  }
  const id = await takeRunId(client, namespace.id)
  const settings: UndoSettings & Partial<CutSettings> = {
    reverts: runName(runId),
    ...(target.reverts === null ? {} : { origin: target.reverts }),
    ...how,
  }
  await client.query(
    `with work as (select pg_notify('sluice_work', '')), job as (
       update sluice.job j set last_number = last_number + 1 from sluice.run t
       where t.namespace_id = $1 and t.id = $3 and j.id = t.job_id returning j.id, j.last_number, t.job_version)
     insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, lane, same_as, settings)
     select $1, $2, job.id, job.job_version, job.last_number, 'undo', ${laneSql('job.id', 'job.job_version', '$4')}, $5, $4 from job, work`,
    [namespace.id, id, runId, JSON.stringify(settings), `undo/${id}`],
  )
  await logQueued(client, namespace.id, id)
  return { runId: id, what: 'started' }
}

/** Ids of reverted runs that are no undos themselves. */
export async function revertedRuns(client: pg.ClientBase | pg.Pool, namespaceId: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select id from sluice.run where namespace_id = $1 and state = 'reverted' and trigger <> 'undo' order by id`,
    [namespaceId],
  )
  return rows.map(({ id }) => id)
}

/** The run an undo run reverts, and, where that is an undo itself, the one behind it. */
export async function targetsOf(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  reverts: string,
): Promise<{ run: number; origin: number | null }> {
  const run = runNumber(reverts)!
  const { rows } = await client.query<{ origin: string | null }>(
    `select settings ->> 'reverts' as origin from sluice.run where namespace_id = $1 and id = $2`,
    [namespaceId, run],
  )
  const origin = rows[0]?.origin ?? null
  return { run, origin: origin === null ? null : runNumber(origin)! }
}

/** What an undo must know about other runs; `target`: the run it reverts. */
export async function loadOtherRuns(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  target: number,
  ids: readonly number[],
): Promise<Map<number, OtherRun>> {
  const { rows } = await client.query<{
    id: number
    live: boolean
    trigger: string
    later: boolean
    as_of: number
    definition: unknown
  }>(
    `select r.id, r.state <> 'reverted' and r.trigger <> 'undo' as live, r.trigger,
       coalesce(r.ended_at >= t.started_at, true) as later,
       (extract(epoch from r.as_of) * 1000000)::bigint as as_of, v.definition
     from sluice.run r join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version,
       sluice.run t
     where r.namespace_id = $1 and r.id = any($3) and t.namespace_id = $1 and t.id = $2`,
    [namespaceId, target, ids],
  )
  return new Map(
    rows.map(({ id, live, trigger, later, as_of, definition }) => {
      const { mapping, policy } = importDefinitionSchema.parse(definition)
      const { columns } = mapping
      const kinds = new Set<number>()
      const attributes = new Set<string>()
      for (const { target: to } of columns) {
        if (to.to === 'identifier') kinds.add(identifierKind(to.kind)?.id ?? 0)
        if (to.to === 'attribute') attributes.add(to.key)
      }
      const dated = columns.some((column) => column.target.to === 'as_of')
      const deletes = policy.mode === 'delete' || trigger === 'mirror'
      return [id, { live, deletes, later, kinds, attributes, dated, asOf: as_of }] as const
    }),
  )
}

const back: Readonly<Partial<Record<RunState, RunMove>>> = {
  completed: 'reinstate_completed',
  completed_with_errors: 'reinstate_completed_with_errors',
  partial: 'reinstate_partial',
  stopped: 'reinstate_stopped',
  halted: 'reinstate_halted',
}

/** The run an undo reverted is reverted from now on; an undo that was, gives the run behind it its state back. */
export async function settleTarget(
  client: pg.ClientBase,
  namespaceId: number,
  reverts: string,
): Promise<void> {
  const { run, origin } = await targetsOf(client, namespaceId, reverts)
  await moveRun(client, { namespaceId, runId: run }, 'revert')
  if (origin === null) return
  const { rows } = await client.query<{ state_from: RunState; undone: boolean }>(
    `select state_from, exists (select from sluice.run u where u.namespace_id = $1 and u.trigger = 'undo'
       and u.settings ->> 'reverts' = $3 and u.state = 'completed') as undone
     from sluice.run where namespace_id = $1 and id = $2 and state = 'reverted'`,
    [namespaceId, origin, runName(origin)],
  )
  const row = rows[0]
  // Another undo of it stands: it stays reverted.
  if (row === undefined || row.undone) return
  const move = back[row.state_from]
  if (move !== undefined) await moveRun(client, { namespaceId, runId: origin }, move)
}

/** Gives an undo run the landing it has written. */
export async function setLanding(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
  landingId: string,
): Promise<void> {
  await client.query(
    'update sluice.run set landing_id = $3 where namespace_id = $1 and id = $2 and landing_id is null',
    [key.namespaceId, key.runId, landingId],
  )
}
