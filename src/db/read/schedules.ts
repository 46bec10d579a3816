// The schedule of a job as it is looked at, and how long its runs usually take.
import type pg from 'pg'
import { jobSetupSchema } from '../../core/jobSetup.ts'
import type { Quiet } from '../../core/setup/policies.ts'
import type { Schedule } from '../../core/setup/schedule.ts'
import { ordinaryTriggers } from '../../core/triggers.ts'
import type { Namespace } from '../imports.ts'
import { findJob } from './jobs.ts'

export interface JobSchedule {
  readonly id: number
  readonly name: string
  readonly schedule: Schedule | null
  readonly quiet: Quiet | null
  /** Since when it is active, milliseconds since 1970; undefined: it never was. */
  readonly activation: number | undefined
}

/** The schedule in the newest version of a job, by name or id, or undefined. */
export async function findSchedule(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  nameOrId: string,
): Promise<JobSchedule | undefined> {
  const job = await findJob(client, namespace, nameOrId)
  if (job === undefined) return undefined
  const { schedule, quiet } = jobSetupSchema.parse(job.setup ?? {})
  return {
    id: job.id,
    name: job.name,
    schedule,
    quiet,
    activation: job.activated_at === null ? undefined : Date.parse(job.activated_at),
  }
}

/** Runs looked at to know how long one usually takes (BL-10). */
const runsLookedAt = 5

/** The median of how long the last runs that did their work took, in seconds; null: there was none. */
export async function usualSeconds(client: pg.ClientBase | pg.Pool, job: number): Promise<number | null> {
  const { rows } = await client.query<{ seconds: number | null }>(
    `select round(percentile_cont(0.5) within group (order by extract(epoch from x.took))::numeric, 3)::float as seconds from (
       select ended_at - started_at as took from sluice.run
       where job_id = $1 and trigger = any($2) and state in ('completed', 'completed_with_errors', 'reverted')
       order by number desc limit ${runsLookedAt}) x`,
    [job, ordinaryTriggers],
  )
  return rows[0]?.seconds ?? null
}

/** How many jobs are active that run on a schedule, after another one, or when a file arrives: a server must be there. */
export async function jobsByThemselves(client: pg.ClientBase | pg.Pool): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from sluice.job where state = 'active' and kind = 'recurring'`,
  )
  return rows[0]!.count
}
