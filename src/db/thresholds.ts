// Numbers of jobs that are watched: which jobs have them, what of them is judged already, and what was told.
import type pg from 'pg'
import { jobSetupSchema } from '../core/jobSetup.ts'
import { namespaceSettingsSchema } from '../core/namespaceSettings.ts'
import type { Problem } from '../core/problem.ts'
import { thresholdSchema, type Threshold } from '../core/setup/policies.ts'

/** Active jobs with thresholds, and those that had some when they were looked at last. */
export async function watchedJobs(client: pg.ClientBase | pg.Pool): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `select j.id from sluice.job j join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
     join sluice.namespace n on n.id = j.namespace_id
     where j.state = 'active' and n.dropping_at is null
       and (jsonb_array_length(coalesce(v.setup -> 'thresholds', '[]')) > 0
         or exists (select from sluice.threshold_watch w where w.job_id = j.id))
     order by j.id`,
  )
  return rows.map(({ id }) => id)
}

export interface WatchedJob {
  readonly id: number
  readonly namespaceId: number
  readonly name: string
  /** Of its schedule: its own, or that of the namespace. */
  readonly zone: string
  /** Since when it is switched on; milliseconds since 1970. */
  readonly activeSince: number
  readonly watches: readonly Watch[]
}

/** One threshold of a job, and how it stands. */
export interface Watch {
  readonly threshold: Threshold
  /** Periods that began before this instant are judged, or not to be judged; milliseconds since 1970. */
  readonly judgedTo: number
  /** Periods in a row that were outside the limits. */
  readonly outside: number
  /** What is to be said of it now; null: it is within the limits, or tolerated. */
  readonly problem: Problem | null
}

const lockClass = 7_305_234

/**
 * An active job with what is watched of it, or null. Whoever asks for the same job waits until this transaction is over:
 * nothing is judged twice. Thresholds that are new are judged from when they were set, those that are gone are forgotten.
 */
export async function lockWatched(client: pg.ClientBase, id: number): Promise<WatchedJob | null> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [lockClass, id])
  // A second statement sees what was committed while the first waited.
  const { rows } = await client.query<{ row: JobRow }>(
    `select json_build_object('namespaceId', j.namespace_id, 'name', j.name, 'setup', v.setup, 'settings', n.settings,
       'activeSince', floor(extract(epoch from j.state_at) * 1000)) as row
     from sluice.job j join sluice.job_version v on v.job_id = j.id and v.version = j.last_version
     join sluice.namespace n on n.id = j.namespace_id
     where j.id = $1 and j.state = 'active' and n.dropping_at is null`,
    [id],
  )
  if (rows[0] === undefined) return null
  const { namespaceId, name, setup: kept, settings, activeSince } = rows[0].row
  const setup = jobSetupSchema.parse(kept)
  await keepWatches(client, id, setup.thresholds)
  return {
    id,
    namespaceId,
    name,
    zone: setup.schedule?.zone ?? namespaceSettingsSchema.parse(settings ?? {}).zone,
    activeSince,
    watches: await readWatches(client, id),
  }
}

interface JobRow {
  readonly namespaceId: number
  readonly name: string
  readonly setup: unknown
  readonly settings: unknown
  readonly activeSince: number
}

async function keepWatches(
  client: pg.ClientBase,
  id: number,
  thresholds: readonly Threshold[],
): Promise<void> {
  const wanted = JSON.stringify(thresholds)
  await client.query(
    `delete from sluice.threshold_watch where job_id = $1
       and threshold not in (select value from jsonb_array_elements($2::jsonb))`,
    [id, wanted],
  )
  // It was set by the oldest version since the last one without it.
  await client.query(
    `insert into sluice.threshold_watch (job_id, threshold, judged_to)
     select $1, t.value, (
       select coalesce(min(v.created_at), clock_timestamp()) from sluice.job_version v
       where v.job_id = $1 and v.version > (
         select coalesce(max(o.version), 0) from sluice.job_version o
         where o.job_id = $1 and not coalesce(o.setup -> 'thresholds', '[]') @> jsonb_build_array(t.value)))
     from jsonb_array_elements($2::jsonb) t
     where not exists (select from sluice.threshold_watch w where w.job_id = $1 and w.threshold = t.value)
     on conflict do nothing`,
    [id, wanted],
  )
}

async function readWatches(client: pg.ClientBase, id: number): Promise<Watch[]> {
  const { rows } = await client.query<{ row: Omit<Watch, 'threshold'> & { threshold: unknown } }>(
    `select json_build_object('threshold', threshold, 'outside', outside, 'problem', problem,
       'judgedTo', floor(extract(epoch from judged_to) * 1000)) as row
     from sluice.threshold_watch where job_id = $1 order by threshold`,
    [id],
  )
  return rows.map(({ row }) => ({ ...row, threshold: thresholdSchema.parse(row.threshold) }))
}

/** Notes how a threshold stands. `at`: when it was looked at, ISO 8601. */
export async function noteJudged(
  client: pg.ClientBase,
  job: number,
  { threshold, judgedTo, outside, problem }: Watch,
  at: string,
): Promise<void> {
  await client.query(
    `update sluice.threshold_watch set judged_to = $3, outside = $4, problem = $5::jsonb,
       told_at = case when $5::jsonb is not null then coalesce(told_at, $6) end
     where job_id = $1 and threshold = $2`,
    [
      job,
      JSON.stringify(threshold),
      new Date(judgedTo).toISOString(),
      outside,
      problem === null ? null : JSON.stringify(problem),
      at,
    ],
  )
}
