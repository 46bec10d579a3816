// Jobs that run after others: who follows whom, the runs that begin by it, and those that nobody was there for.
import type pg from 'pg'
import { runName } from '../core/names.ts'
import { problem } from '../core/problems.ts'
import { overlapProblem } from '../core/schedule/owed.ts'
import { localText } from '../core/schedule/words.ts'
import { ordinaryTriggers } from '../core/triggers.ts'
import { startJobRun } from './jobRuns.ts'
import type { LockedJob } from './jobs.ts'
import { insertSkipped, type ScheduledJob } from './schedules.ts'

const lockClass = 7_305_233

/**
 * Until the transaction ends nobody else of the namespace says which job follows which: two edits at the same moment could
 * close a circle that neither of them sees.
 */
export async function lockFollows(client: pg.ClientBase, namespaceId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [lockClass, namespaceId])
}

type Follower = Pick<ScheduledJob, 'id' | 'namespaceId' | 'version' | 'setup' | 'zone' | 'open'>

/** What a job runs after: the last run it follows, and how many it stands for. */
export interface Followed {
  readonly run: number
  readonly count: number
}

/**
 * Starts the run of a job that follows another one, or says why it does not begin: one may wait behind the open one, as
 * with a schedule. Answers its id; null: it was skipped. `now`: milliseconds since 1970. Call it with the job locked.
 */
export async function startFollower(
  client: pg.ClientBase,
  job: Follower,
  { run, count }: Followed,
  now: number,
): Promise<number | null> {
  const { id: jobId, namespaceId, zone, setup, open } = job
  const settings = { after: runName(run), ...(count === 1 ? {} : { occurrences: count }) }
  const refused = overlapProblem(setup.schedule?.overlap ?? 'queue', open, count, localText(now, zone))
  if (refused === null) return startJobRun(client, { namespaceId, jobId, trigger: 'after', settings })
  await insertSkipped(client, job, {
    dueAt: null,
    trigger: 'after',
    problem: refused,
    settings,
    expected: true,
  })
  return null
}

/** Runs of the job it follows that ended well while it was switched off. Instants in milliseconds since 1970. */
export interface MissedFollows extends Followed {
  readonly first: number
  readonly last: number
}

/**
 * What a job that is paused or halted missed of the job it follows; null: nothing. Runs whose followers have not been
 * looked for are none: the scheduler finds it when it is switched on by then. Call it with the job locked.
 */
export async function missedFollows(
  client: pg.ClientBase,
  { id, setup }: Pick<LockedJob, 'id' | 'setup'>,
): Promise<MissedFollows | null> {
  if (setup.after === null) return null
  const { rows } = await client.query<{ run: number | null; count: number; first: number; last: number }>(
    `select max(r.id) as run, count(*) as count, floor(extract(epoch from min(r.ended_at)) * 1000)::bigint as first,
       floor(extract(epoch from max(r.ended_at)) * 1000)::bigint as last
     from sluice.job f
     join sluice.job p on p.namespace_id = f.namespace_id and p.name = f.runs_after and p.state <> 'archived'
     join sluice.run r on r.job_id = p.id
     where f.id = $1 and f.runs_after = $2 and f.state in ('paused', 'halted') and r.ended_at > f.state_at and r.followed
       and r.state in ('completed', 'completed_with_errors') and r.trigger = any($3)`,
    [id, setup.after, ordinaryTriggers],
  )
  const { run, count, first, last } = rows[0]!
  return run === null ? null : { run, count, first, last }
}

/**
 * Makes up for what a job missed that is switched on again, by its policy `missed`: one run for all of it, or one line
 * that says so. Answers the run. Call it with the job locked.
 */
export async function makeUpFollows(
  client: pg.ClientBase,
  job: Follower,
  missed: MissedFollows,
  now: number,
): Promise<number | null> {
  if (job.setup.schedule?.missed !== 'skip') return startFollower(client, job, missed, now)
  const { count, first, last, run } = missed
  const [from, to] = [localText(first, job.zone), localText(last, job.zone)]
  await insertSkipped(client, job, {
    dueAt: null,
    trigger: 'after',
    problem: problem('schedule.missed_while_off', {
      count: count === 1 ? '1 run' : `${count} runs`,
      when: from === to ? `at ${to}` : `from ${from} to ${to}`,
    }),
    settings: { after: runName(run), ...(count === 1 ? {} : { occurrences: count }) },
    expected: true,
  })
  return null
}
