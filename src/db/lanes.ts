// Lanes: in which one a new run goes, which runs wait for theirs, and what keeps one back although its lane is free.
import { previewLane, workingRunStates } from '../core/run.ts'
import { ordinaryTriggers } from '../core/triggers.ts'

/** SQL of the lane of a new run: that of its job's version, or of previews where nothing is written for now. */
export function laneSql(job: string, version: string, settings: string): string {
  return `case when ${settings}::jsonb ->> 'dryRun' = 'true' or ${settings}::jsonb ->> 'preview' = 'true' then '${previewLane}'
    else coalesce((select v.setup ->> 'lane' from sluice.job_version v where v.job_id = ${job} and v.version = ${version}), 'main') end`
}

const names = (list: readonly string[]): string => `'${list.join("', '")}'`

/** Whether a run waits for its lane; in these words, so that the index run_waiting answers it. */
export function waits(row: string): string {
  return `${row}.state in (${names(['queued', ...workingRunStates])}) and not ${row}.holds_lane`
}

const ordinary = (row: string): string => `${row}.trigger in (${names(ordinaryTriggers)})`

/**
 * What keeps a run `c` of job `j` back although its lane is free: rows of the runs `o` that do, as `from …` without its
 * first word.
 */
export const keptBackBy = {
  /** One undo at a time: what stands must not change under it. */
  undo: `sluice.run o where c.trigger = 'undo' and o.namespace_id = c.namespace_id and o.trigger = 'undo'
    and o.id < c.id and o.state in ('queued', 'fetching', 'validating', 'importing', 'processing', 'retry_wait', 'stopping')`,
  /** A job never overlaps itself, whatever lanes its versions name. */
  job_busy: `sluice.run o where c.lane <> '${previewLane}' and o.job_id = c.job_id and o.ended_at is null and o.id <> c.id
    and o.lane <> '${previewLane}' and o.holds_lane`,
  /** A job that runs again and again finishes its open run before the next one. */
  job_open: `sluice.run o where j.kind = 'recurring' and ${ordinary('c')} and c.lane <> '${previewLane}' and o.job_id = c.job_id
    and o.ended_at is null and o.id < c.id and ${ordinary('o')} and o.lane <> '${previewLane}' and o.state in ('retry_wait', 'held')`,
} as const

/** A job that is switched off begins nothing but dry runs; what has begun may end. */
export const jobIsOff = `(c.started_at is null and ${ordinary('c')} and c.lane <> '${previewLane}' and j.kind = 'recurring' and j.state in ('paused', 'halted'))`

/** Minutes without a sign of progress after which a run that holds its lane is shown as stalled. */
const stalledMinutes = 10

const moved = 'greatest(r.state_at, r.progress_at, r.claimed_at)'

/** Since when a run `r` that should be moving does not; null: it moves, or says what it waits for. */
export const stalledSince = `case when r.holds_lane and r.state in (${names(workingRunStates)}) and r.sleeping is null
    and ${moved} < clock_timestamp() - interval '${stalledMinutes} minutes' then ${moved} end`
