// Doing something to a job: its row is locked, what is not possible now is refused with what is, the job is answered.
import type pg from 'pg'
import type { z } from 'zod'
import { jobMachine } from '../core/jobState.ts'
import { possibleVerbs, whyNot, type JobVerb } from '../core/jobVerbs.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { lockJob, type LockedJob } from '../db/jobs.ts'
import { findJobById } from '../db/read/jobs.ts'
import type { ApiContext } from './context.ts'
import { jobOf, type jobParams } from './jobParams.ts'
import { detailOf } from './jobs.ts'
import { factsOf, type JobDetail } from './jobView.ts'

export interface OfJob {
  readonly client: pg.ClientBase
  readonly namespace: Namespace
  readonly locked: LockedJob
  /** Throws `job.move_illegal` where the verb is not possible now, with what is. */
  readonly demand: (verb: JobVerb) => void
}

/** Runs `use` in a transaction with the job locked, and answers the job as it is afterwards. */
export async function withLockedJob(
  context: ApiContext,
  params: z.infer<typeof jobParams>,
  use: (of: OfJob) => Promise<void>,
): Promise<JobDetail> {
  const { namespace, job } = await jobOf(context, params)
  await context.database.transaction(async (client) => {
    const locked = await lockJob(client, namespace, job.id)
    if (locked === undefined) throw failure('not_found', { noun: 'job', id: params.job })
    await use({ client, namespace, locked, demand: (verb) => demandVerb(locked, verb) })
  })
  const after = await findJobById(context.database.pool, namespace, job.id)
  if (after === undefined) throw failure('not_found', { noun: 'job', id: params.job })
  return detailOf(context, after)
}

function demandVerb(locked: LockedJob, verb: JobVerb): void {
  const facts = factsOf(locked, locked.setup)
  const why = whyNot(verb, facts)
  if (why === null) return
  throw failure('job.move_illegal', {
    job: locked.name,
    state: jobMachine.states[locked.state].label.toLowerCase(),
    move: verb === 'run' ? 'run now' : verb,
    why,
    moves: possibleVerbs(facts).join(', '),
  })
}
