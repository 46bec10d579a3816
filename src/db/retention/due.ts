// What is due to be removed before an instant: the same conditions decide what goes and what a forecast shows.

/** SQL that is true of a run none of whose records may still be processed; `schema`: of the namespace's data, quoted. */
const noOpenRecords = (run: string, schema: string): string =>
  `not exists (select from ${schema}.record o where o.run_month = ${run}.run_month and o.run = ${run}.id and o.state in (0, 1, 2, 6))`

/** A run that ended before $2, the cutoff. */
const endedBefore = (run: string): string =>
  `${run}.ended_at is not null and greatest(${run}.ended_at, ${run}.moved_at) < $2::timestamptz`

/** Parameters of every condition: $1 namespace id, $2 cutoff. */
export interface DueSql {
  readonly from: string
  /** What it takes up, in bytes. */
  readonly bytes: string
}

/** Runs with files for download. */
export const dueArtifacts: DueSql = {
  from: `sluice.run r where r.namespace_id = $1 and ${endedBefore('r')} and r.artifacts <> '{}'`,
  bytes: `coalesce((select sum((value ->> 'bytes')::bigint) from jsonb_each(r.artifacts)), 0)`,
}

/**
 * Landings no run needs any more: every run of theirs ended before the cutoff and has no record left to process. A
 * container goes when its parts have gone; what nobody imported goes after $3.
 */
export const dueLandings = (schema: string): DueSql => ({
  from: `sluice.landing l where l.namespace_id = $1 and l.purged_at is null
    and not exists (select from sluice.landing p where p.container_id = l.id and p.purged_at is null)
    and (case when exists (select from sluice.run r where r.landing_id = l.id)
         or exists (select from sluice.landing p where p.container_id = l.id) then l.landed_at < $2::timestamptz
      else l.landed_at < $3::timestamptz end)
    and not exists (select from sluice.run r where r.namespace_id = l.namespace_id and r.landing_id = l.id
      and not (${endedBefore('r')} and ${noOpenRecords('r', schema)}))`,
  bytes: `coalesce((l.manifest -> 'frames' -> -1 ->> 'offset')::bigint + (l.manifest -> 'frames' -> -1 ->> 'length')::bigint, 0)`,
})

/**
 * Runs whose changes are needed by no undo any more. Those of a run that was undone wait from that moment on: a run that
 * came between may still be undone, and looks behind them.
 */
export const dueChanges: DueSql = {
  from: `sluice.run r where r.namespace_id = $1 and ${endedBefore('r')} and not r.purged ? 'changes'
    and (r.state <> 'reverted' or r.state_at < $2::timestamptz)`,
  bytes: '0',
}

/** Runs that are gone from every list: nothing of them is left, and they are not among the last of a job that is used. */
export const dueRuns: DueSql = {
  from: `sluice.run r join sluice.job j on j.id = r.job_id where r.namespace_id = $1 and r.purged ?& array['ledger', 'changes']
    and r.artifacts = '{}' and not exists (select from sluice.landing l where l.id = r.landing_id and l.purged_at is null)
    and not exists (select from sluice.mapping_memory m where m.namespace_id = r.namespace_id and m.run_id = r.id)
    and case when j.state = 'archived' then j.state_at < $3::timestamptz
      else r.ended_at < $2::timestamptz and r.number <= j.last_number - $4 end`,
  bytes: '0',
}

/** Jobs that are over, or stand still, since before the cutoff; $3: paused ones too (E17). */
export const dueJobs: DueSql = {
  from: `sluice.job j where j.namespace_id = $1 and j.state_at < $2::timestamptz and j.updated_at < $2::timestamptz
    and (j.state in ('halted', 'completed') or (j.state = 'paused' and $3::boolean))
    and not exists (select from sluice.run r where r.job_id = j.id and (r.ended_at is null or r.waits))`,
  bytes: '0',
}

export const dueLogs: DueSql = {
  from: `sluice.log l where l.namespace_id = $1 and l.at < $2::timestamptz and l.told`,
  bytes: 'pg_column_size(l.*)',
}
