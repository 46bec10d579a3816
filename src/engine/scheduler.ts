// The scheduler: starts the runs that are due, follows jobs with those that run after them, and ends what has come to its end.
import { occurrences, type Timing } from '../core/schedule/occurrences.ts'
import { overlapProblem, owed, type Owed } from '../core/schedule/owed.ts'
import { quietProblem } from '../core/schedule/quiet.ts'
import { localText } from '../core/schedule/words.ts'
import type pg from 'pg'
import { startFollower } from '../db/follows.ts'
import { startJobRun } from '../db/jobRuns.ts'
import { moveJob } from '../db/moves.ts'
import {
  dueJobs,
  endedJobs,
  growingSkip,
  growSkip,
  insertSkipped,
  lockScheduled,
  nextDueAfter,
  notePlan,
  takeFollowers,
  unfollowedRuns,
  unplannedJobs,
  type EndedRun,
  type ScheduledJob,
} from '../db/schedules.ts'
import type { Duty, DutyContext } from './duty.ts'

/** Jobs looked at in one go. */
const together = 200
/** Transactions at the same time. */
const abreast = 3
/** How long a job that cannot be scheduled is left alone, so that it holds up no other; milliseconds. */
const restMs = 60_000

/** Any number of processes may run one: PostgreSQL decides who starts what. */
export class Scheduler implements Duty {
  readonly #context: Pick<DutyContext, 'db' | 'log'>
  /** Jobs that could not be scheduled, until when they rest. */
  readonly #resting = new Map<number, number>()

  constructor(context: Pick<DutyContext, 'db' | 'log'>) {
    this.#context = context
  }

  /** Does everything that is due; answers when the next job is. */
  async runOnce(now: Date): Promise<Date | undefined> {
    const { pool } = this.#context.db
    for (const [id, until] of this.#resting) if (until <= now.getTime()) this.#resting.delete(id)
    await this.#all((but) => unplannedJobs(pool, but, together), now, plan)
    await this.#all((but) => dueJobs(pool, now, but, together), now, startDue)
    await this.#follow(now)
    await this.#end(now)
    return (await nextDueAfter(pool, now)) ?? undefined
  }

  /** Until nothing is left: each job in a transaction of its own, so that one that cannot be scheduled stops no other. */
  async #all(
    find: (but: number[]) => Promise<number[]>,
    now: Date,
    act: (client: pg.ClientBase, job: ScheduledJob, now: number) => Promise<void>,
  ): Promise<void> {
    // What another scheduler is at is left to it.
    const looked = new Set<number>()
    for (;;) {
      const ids = await find([...this.#resting.keys(), ...looked])
      if (ids.length === 0) return
      const waiting = ids.values()
      const lane = async (): Promise<void> => {
        for (const id of waiting) if (!(await this.#one(id, now, act))) looked.add(id)
      }
      await Promise.all(Array.from({ length: abreast }, lane))
    }
  }

  /** Answers false where somebody else has the job. */
  async #one(
    id: number,
    now: Date,
    act: (client: pg.ClientBase, job: ScheduledJob, now: number) => Promise<void>,
  ): Promise<boolean> {
    try {
      return await this.#context.db.transaction(async (client) => {
        const job = await lockScheduled(client, id)
        if (job !== null) await act(client, job, now.getTime())
        return job !== null
      })
    } catch (error) {
      this.#context.log.error({ job: id, error: String(error) }, 'a job cannot be scheduled')
      this.#resting.set(id, now.getTime() + restMs)
      return true
    }
  }

  async #follow(now: Date): Promise<void> {
    const { db, log } = this.#context
    for (const ended of await unfollowedRuns(db.pool, together))
      await db
        .transaction((client) => startFollowers(client, ended, now.getTime()))
        .catch((error: unknown) =>
          log.error({ run: ended.run, error: String(error) }, 'a run cannot be followed'),
        )
  }

  async #end(now: Date): Promise<void> {
    for (const id of await endedJobs(this.#context.db.pool, now))
      await this.#context.db.transaction(async (client) => {
        // Looked at once more with its row locked: a run may have begun.
        const job = await lockScheduled(client, id)
        if (job !== null && job.open.length === 0) await moveJob(client, id, 'complete')
      })
  }
}

function timingOf({ setup, zone, activation }: ScheduledJob): Timing | null {
  return setup.schedule === null ? null : { schedule: setup.schedule, zone, activation }
}

/** Works out when a job is due next, from the newest version of it. */
async function plan(client: pg.ClientBase, job: ScheduledJob, now: number): Promise<void> {
  // Another scheduler may have done so in the meantime.
  if (job.plannedVersion === job.version) return
  const { plannedVersion, nextDue, activation } = job
  // Nothing is lost by an edit: what was due and not started yet is looked at with the new version.
  const since = nextDue !== null && nextDue <= now ? nextDue - 1 : now
  await noteNext(client, job, plannedVersion === null ? activation : since)
}

/** `after`: nothing up to this instant is owed, milliseconds since 1970. */
async function noteNext(client: pg.ClientBase, job: ScheduledJob, after: number): Promise<void> {
  const timing = timingOf(job)
  const next = timing === null ? undefined : occurrences(timing, after + 1).next().value
  await notePlan(client, job, {
    nextDue: next?.at ?? null,
    endsAt: job.setup.schedule?.end ?? null,
    runsAfter: job.setup.after,
  })
}

async function startDue(client: pg.ClientBase, job: ScheduledJob, now: number): Promise<void> {
  const timing = timingOf(job)
  // Another scheduler was faster.
  if (job.nextDue === null || job.nextDue > now) return
  // It was edited a moment ago: what is due by the new version is found once that is planned.
  if (job.plannedVersion !== job.version) return plan(client, job, now)
  if (timing !== null && !(job.fresh && job.nextDue < job.activation))
    for (const one of owed(timing, job.nextDue, now, job.open)) await carryOut(client, job, one)
  await noteNext(client, job, now)
}

async function carryOut(client: pg.ClientBase, job: ScheduledJob, one: Owed): Promise<void> {
  const dueAt = new Date(one.dueAt).toISOString()
  const settings = one.count === 1 ? {} : { occurrences: one.count }
  if (one.skipped === null) {
    const { id: jobId, namespaceId } = job
    await startJobRun(client, { namespaceId, jobId, trigger: 'schedule', dueAt, settings })
    return
  }
  if (one.skipped.code === 'schedule.overlap' && (await grown(client, job, one, dueAt))) return
  // In quiet hours runs wait for their end, so nobody wonders that more of them do not.
  const rests = quietProblem({ trigger: 'schedule', quiet: job.setup.quiet, zone: job.zone }, one.dueAt)
  const expected = one.skipped.code !== 'schedule.no_such_day' && rests === null
  await insertSkipped(client, job, { dueAt, trigger: 'schedule', problem: one.skipped, settings, expected })
}

/** One line for all that were refused because of the same open run. */
async function grown(client: pg.ClientBase, job: ScheduledJob, one: Owed, dueAt: string): Promise<boolean> {
  const before = await growingSkip(client, job, String(one.skipped!.details!['run']))
  if (before === null) return false
  const occurrences = before.occurrences + one.count
  const problem = overlapProblem(
    job.setup.schedule!.overlap,
    job.open,
    occurrences,
    localText(one.dueAt, job.zone),
  )!
  await growSkip(client, job, before.run, { dueAt, occurrences, problem })
  return true
}

/** The run is marked and its followers are started, or neither. */
async function startFollowers(client: pg.ClientBase, ended: EndedRun, now: number): Promise<void> {
  for (const id of (await takeFollowers(client, ended)) ?? []) {
    const job = await lockScheduled(client, id, true)
    if (job !== null) await startFollower(client, job, { run: ended.run, count: 1 }, now)
  }
}
