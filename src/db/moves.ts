// The only place a state changes: one conditional update per move. No row back means someone was first.
import type pg from 'pg'
import { jobMachine, type JobMove, type JobState } from '../core/jobState.ts'
import { countedRecords, groupedNumber } from '../core/countText.ts'
import { summaryOf, toCounters, type FlatCounters } from '../core/law.ts'
import { jobMoveLog, runMoveLog } from '../core/logKinds.ts'
import {
  laneRunStates,
  previewLane,
  runMachine,
  runStages,
  settledRunStates,
  workingRunStates,
  type RunMove,
  type RunState,
} from '../core/run.ts'
import type { Problem } from '../core/problem.ts'
import { ordinaryTriggers } from '../core/triggers.ts'

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
  /** What that person says about it. */
  readonly note?: string
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
 * that goes on; a success ends what the error window counts. Retries, undos and dry runs change nothing.
 */
const followed = `update sluice.job j set
    state = coalesce(n.state, j.state), updated_at = now(),
    state_from = case when n.state is null then j.state_from else j.state end,
    state_at = case when n.state is null then j.state_at else clock_timestamp() end,
    problem = case when n.state is null then j.problem when n.state = 'halted' then m.problem end,
    failures = case when w.well then 0 else j.failures end,
    failing_since = case when not w.well then j.failing_since end
  from moved m join sluice.job k on k.id = m.job_id, lateral (select case
    when m.dry then null
    when m.trigger = 'process' and k.state = 'active' and m.state = 'halted' then 'halted'
    when m.trigger <> all(${list(ordinaryTriggers)}) then null
    when k.state = 'active' and m.state = 'halted' then 'halted'
    when k.kind <> 'one_time' then null
    when k.state = 'active' and m.state = any(array['failed','partial']) then 'halted'
    when k.state = any(array['active','halted']) and m.state = any(array['completed','completed_with_errors','stopped','skipped']) then 'completed'
    when k.state = any(array['completed','halted']) and m.state <> all(${settledNames}) then 'active' end) n (state),
    lateral (select m.trigger = any(${list(ordinaryTriggers)}) and m.state = any(array['completed','completed_with_errors']) as well) w
  where j.id = k.id and j.state = k.state and (n.state is not null or (w.well and k.failures > 0)) returning j.id`

const working = list(workingRunStates)

/** What the engine keeps on a run, as it changes with the state. */
const engineColumns = `
    sleeping = null, wake_at = null, progress_at = null,
    -- It has got further: the sleep is over for good.
    sleeping_since = case when $4 = any(${working}) and state = any(${working}) or $4 = any(${settledNames}) then null else sleeping_since end,
    deaths = case when state = any(${working}) then 0 else deaths end,
    -- A person who says go on gives it all its attempts again.
    failed_attempts = case when state = any(${settledNames}) and $4 = 'queued' then 0 else failed_attempts end,
    -- A lane is taken by a claim (leases.ts) and lost with the work.
    holds_lane = holds_lane and $4 = any(${list(laneRunStates)}),
    -- What was only looked at goes on where its job's runs go.
    lane = case when lane = '${previewLane}' and state = 'held' and $4 = 'queued' then (
      select coalesce(v.setup ->> 'lane', 'main') from sluice.job_version v where v.job_id = run.job_id and v.version = run.job_version) else lane end,`

const moveSql = `
  with moved as (update sluice.run set
    state = $4, state_from = state, state_at = clock_timestamp(),
    stages = ${stageTimes},
    started_at = coalesce(started_at, clock_timestamp()),
    -- An undo does not change when a run ended.
    ended_at = case when $4 <> all(${settledNames}) then null when state = any(${settledNames}) then ended_at else clock_timestamp() end,
    ${engineColumns}
    problem = case when $6::boolean then $7::jsonb else problem end,
    total = coalesce($8, total),
    -- What somebody decided against is looked at afresh, should it ever go on (core/dropped.ts).
    validation = case when state = 'held' and $4 = 'stopped' then coalesce(validation, '{}') || '{"dropped": true}'
      else coalesce($9::jsonb, validation) end,
    totals = coalesce($10::jsonb, totals),
    artifacts = artifacts || coalesce($11::jsonb, '{}'),
    skipped_for = coalesce($12, skipped_for),
    leased_by = case when $4 = any(${settledNames}) then null else leased_by end,
    lease_until = case when $4 = any(${settledNames}) then null else lease_until end
  where namespace_id = $1 and id = $2 and state = any($3) and ($5::bigint is null or attempt = $5)
  returning namespace_id, id, job_id, trigger, state, state_from, problem, landing_id,
    coalesce(settings ->> 'dryRun' = 'true', false) as dry),
  job as (${followed}),
  logged as (insert into sluice.log (namespace_id, job_id, run_id, kind, by, details)
    select namespace_id, job_id, id, $13::text, $14::text,
      jsonb_strip_nulls(jsonb_build_object('from', state_from, 'problem', case when $6::boolean then $7::jsonb end,
        'file', case when $13 = 'fetched' then (select l.file_name from sluice.landing l where l.id = moved.landing_id) end)) || $15::jsonb
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
    JSON.stringify(toldOf(changes)),
  ])
  return rowCount === 1
}

/** The numbers that a line of the log tells: what was found, and what became of it. */
function toldOf({ total, validation, totals, note }: RunChanges): Record<string, unknown> {
  if (note !== undefined) return { note }
  const { rejected } = (validation ?? {}) as { rejected?: number }
  const bad = rejected === undefined || rejected === 0 ? 'none' : groupedNumber(rejected)
  const found = total === undefined ? {} : { found: `${countedRecords(total)}, ${bad} of them rejected` }
  if (totals === undefined) return found
  return { ...found, summary: summaryOf(toCounters(totals as FlatCounters, 0)) }
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
    activated_at = coalesce(activated_at, case when $3 = 'active' then clock_timestamp() end),
    failures = case when $3 = 'active' then 0 else failures end,
    failing_since = case when $3 = 'active' then null else failing_since end,
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
