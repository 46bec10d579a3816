// The only place a state changes: one conditional update per move. No row back means someone was first.
import type pg from 'pg'
import { jobMachine, type JobMove, type JobState } from '../core/jobState.ts'
import { jobMoveLog, runMoveLog } from '../core/logKinds.ts'
import { recordMachine, recordStateNumber, skipReasonNumber } from '../core/record.ts'
import {
  laneRunStates,
  runMachine,
  runStages,
  settledRunStates,
  type RunMove,
  type RunState,
} from '../core/run.ts'
import type { Problem } from '../core/problem.ts'
import { ordinaryTriggers } from '../core/triggers.ts'
import { quoteName } from './sql.ts'

export interface RunKey {
  readonly namespaceId: number
  readonly runId: number
}

export interface RunChanges {
  readonly problem?: Problem | null
  readonly total?: number
  readonly validation?: unknown
  readonly totals?: unknown
  readonly artifacts?: unknown
  readonly skippedFor?: number
  /** Who, where a person does it. */
  readonly by?: string
}

const stageNames = `array['${runStages.join("','")}']`
const settledNames = `array['${settledRunStates.join("','")}']`

// Times per stage add up over attempts: a resumed stage starts its clock again and keeps what it had.
const stageTimes = `stages
  || case when state = any(${stageNames}) then jsonb_build_object(state, coalesce(stages -> state, '{}') || jsonb_build_object(
       'ended', clock_timestamp(),
       'seconds', coalesce((stages -> state ->> 'seconds')::numeric, 0)
         + round(extract(epoch from clock_timestamp() - coalesce((stages -> state ->> 'started')::timestamptz, clock_timestamp()))::numeric, 3)))
     else '{}' end
  || case when $4 = any(${stageNames}) then jsonb_build_object($4, coalesce(stages -> $4, '{}') || jsonb_build_object('started', clock_timestamp()))
     else '{}' end`

const list = (names: readonly string[]): string => `array['${names.join("','")}']`

/**
 * What a run does to its job: a halted run halts it; a one-time job is done when its run is, and under way again when
 * that goes on. Retries and undos change nothing.
 */
const followed = `update sluice.job j set
    state = n.state, state_from = j.state, state_at = clock_timestamp(), updated_at = now(),
    problem = case when n.state = 'halted' then m.problem end
  from moved m join sluice.job k on k.id = m.job_id, lateral (select case
    when m.trigger <> all(${list(ordinaryTriggers)}) then null
    when k.state = 'active' and m.state = 'halted' then 'halted'
    when k.kind <> 'one_time' then null
    when k.state = 'active' and m.state = any(array['failed','partial']) then 'halted'
    when k.state = any(array['active','halted']) and m.state = any(array['completed','completed_with_errors','stopped','skipped']) then 'completed'
    when k.state = any(array['completed','halted']) and m.state <> all(${settledNames}) then 'active' end) n (state)
  where j.id = k.id and j.state = k.state and n.state is not null returning j.id`

const moveSql = `
  with moved as (update sluice.run set
    state = $4, state_from = state, state_at = clock_timestamp(),
    stages = ${stageTimes},
    started_at = coalesce(started_at, clock_timestamp()),
    -- An undo does not change when a run ended.
    ended_at = case when $4 <> all(${settledNames}) then null when state = any(${settledNames}) then ended_at else clock_timestamp() end,
    sleeping = null,
    holds_lane = $4 = any(${list(laneRunStates)}),
    problem = case when $6::boolean then $7::jsonb else problem end,
    total = coalesce($8, total),
    validation = coalesce($9::jsonb, validation),
    totals = coalesce($10::jsonb, totals),
    artifacts = artifacts || coalesce($11::jsonb, '{}'),
    skipped_for = coalesce($12, skipped_for),
    leased_by = case when $4 = any(${settledNames}) then null else leased_by end,
    lease_until = case when $4 = any(${settledNames}) then null else lease_until end
  where namespace_id = $1 and id = $2 and state = any($3) and ($5::bigint is null or attempt = $5)
  returning namespace_id, id, job_id, trigger, state, state_from, problem),
  job as (${followed}),
  logged as (insert into sluice.log (namespace_id, job_id, run_id, kind, by, details)
    select namespace_id, job_id, id, $13::text, $14::text,
      jsonb_strip_nulls(jsonb_build_object('from', state_from, 'problem', case when $6::boolean then $7::jsonb end))
    from moved where $13::text is not null)
  select state, pg_notify('sluice_work', '') from moved`

/**
 * Moves a run. `attempt` fences a worker's moves: one that lost its lease moves nothing.
 * Answers whether it moved; false: someone was first, look again.
 */
export async function moveRun(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
  move: RunMove,
  changes: RunChanges = {},
  attempt: number | null = null,
): Promise<boolean> {
  const { from, to } = runMachine.moves[move]
  const json = (value: unknown): string | null =>
    value === undefined || value === null ? null : JSON.stringify(value)
  const { rowCount } = await client.query(moveSql, [
    key.namespaceId,
    key.runId,
    from,
    to satisfies RunState,
    attempt,
    'problem' in changes,
    json(changes.problem),
    changes.total ?? null,
    json(changes.validation),
    json(changes.totals),
    json(changes.artifacts),
    changes.skippedFor ?? null,
    runMoveLog[move],
    changes.by ?? null,
  ])
  return rowCount === 1
}

export interface JobChanges {
  /** Null: the problem it had is over. */
  readonly problem?: Problem | null
  /** Who, where a person does it. */
  readonly by?: string
  /** More for the log. */
  readonly details?: Readonly<Record<string, unknown>>
}

const moveJobSql = `
  with moved as (update sluice.job set
    state = $3, state_from = state, state_at = clock_timestamp(), updated_at = now(), updated_by = coalesce($7::text, updated_by),
    activated_at = case when $3 = 'active' then clock_timestamp() else activated_at end,
    problem = case when $4::boolean then $5::jsonb else problem end
  where id = $1 and state = any($2) returning namespace_id, id, state, state_from),
  logged as (insert into sluice.log (namespace_id, job_id, kind, by, details)
    select namespace_id, id, $6::text, $7::text, $8::jsonb || jsonb_strip_nulls(jsonb_build_object('from', state_from, 'problem', case when $4::boolean then $5::jsonb end))
    from moved)
  select state, pg_notify('sluice_work', '') from moved`

/** Moves a job. Answers whether it moved; false: it is in another state by now, look again. */
export async function moveJob(
  client: pg.ClientBase | pg.Pool,
  jobId: number,
  move: JobMove,
  changes: JobChanges = {},
): Promise<boolean> {
  const { from, to } = jobMachine.moves[move]
  const { rowCount } = await client.query(moveJobSql, [
    jobId,
    from,
    to satisfies JobState,
    'problem' in changes,
    changes.problem == null ? null : JSON.stringify(changes.problem),
    jobMoveLog[move],
    changes.by ?? null,
    JSON.stringify(changes.details ?? {}),
  ])
  return rowCount === 1
}

const skipFrom = recordMachine.moves.skip.from.map((state) => recordStateNumber[state])

/** Skips those of the records that are still to be processed. Answers them with the state each was in. */
export async function skipOpenRecords(
  client: pg.ClientBase,
  schema: string,
  run: number,
  month: string,
  ordinals: readonly number[],
): Promise<{ readonly ordinal: number; readonly was: number }[]> {
  const record = `${quoteName(schema)}.record`
  const { rows } = await client.query<{ ordinal: number; was: number }>(
    `with due as (
       select ordinal, state from ${record}
       where run_month = $1 and run = $2 and ordinal = any($3) and state = any($4) order by ordinal for update)
     update ${record} r
     set state = ${recordStateNumber.skipped}, reason = ${skipReasonNumber.manual}, settled_by = $2, updated_at = now()
     from due where r.run_month = $1 and r.run = $2 and r.ordinal = due.ordinal
     returning r.ordinal, due.state as was`,
    [month, run, ordinals, skipFrom],
  )
  return rows
}
