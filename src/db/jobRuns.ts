// Starting a run of a job as it is defined now; what it reads is fetched by the run itself.
import type pg from 'pg'
import type { Trigger } from '../core/triggers.ts'
import { takeRunId } from './imports.ts'
import { laneSql } from './lanes.ts'
import { logQueued } from './log.ts'

export interface NewJobRun {
  readonly namespaceId: number
  readonly jobId: number
  readonly trigger: Trigger
  /** The instant of the schedule it stands for, ISO 8601; at most one run per instant of a job. */
  readonly dueAt?: string | null
  /** Who, where a person started it. */
  readonly by?: string | null
  /** A file that was given by hand, landed already; null: the run fetches what it reads. */
  readonly landingId?: string | null
  /** More of the run's settings. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/**
 * Makes a queued run of the job's newest version, in the lane of its setup. Answers its id, or null where the instant has
 * its run already. Call it in a transaction: the number of the run and the run stand or fall together.
 */
export async function startJobRun(client: pg.ClientBase, order: NewJobRun): Promise<number | null> {
  // The job's row first: two schedulers at the same instant wait here, and the second finds the first one's run.
  const { rows } = await client.query<{ last_version: number }>(
    `select last_version from sluice.job j where namespace_id = $1 and id = $2 and not exists (
       select from sluice.run r where r.job_id = j.id and r.due_at = $3) for update`,
    [order.namespaceId, order.jobId, order.dueAt ?? null],
  )
  if (rows[0] === undefined) return null
  const runId = await takeRunId(client, order.namespaceId)
  const { rowCount } = await client.query(
    `with job as (update sluice.job set last_number = last_number + 1, updated_at = now() where id = $3 returning id, last_number),
       run as (insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, lane, due_at, started_by, settings, same_as, landing_id, stages)
         select $1, $2::bigint, job.id, v.version, job.last_number, $4, ${laneSql('job.id', '$8', '$7')}, $5, $6, $7, 'run/' || $2::bigint, l.id,
           -- What was landed before the run began counts as its fetch (BS-12..14).
           case when l.id is null then '{}' else jsonb_build_object('fetching', jsonb_build_object('started', l.started_at,
             'ended', l.landed_at, 'seconds', round(extract(epoch from l.landed_at - l.started_at)::numeric, 3))) end
         from job join sluice.job_version v on v.job_id = job.id and v.version = $8
         left join sluice.landing l on l.namespace_id = $1 and l.id = $9
         on conflict (job_id, due_at) where due_at is not null do nothing returning id)
     select id from run`,
    [
      order.namespaceId,
      runId,
      order.jobId,
      order.trigger,
      order.dueAt ?? null,
      order.by ?? null,
      JSON.stringify(order.settings ?? {}),
      rows[0].last_version,
      order.landingId ?? null,
    ],
  )
  if (rowCount !== 1) return null
  await logQueued(client, order.namespaceId, runId)
  await client.query(`select pg_notify('sluice_work', '')`)
  return runId
}
