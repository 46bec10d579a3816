// The duty that processes waiting records: new ones of staged jobs when their time has come, and failures to be tried again.
import { processingDue } from '../core/waiting.ts'
import { waitingJobs } from '../db/waiting.ts'
import type { SourceContext } from '../pipeline/landingRecords.ts'
import { processWaiting } from '../pipeline/processWaiting.ts'
import type { Duty } from './duty.ts'

export class RecordRetries implements Duty {
  readonly #context: SourceContext

  constructor(context: SourceContext) {
    this.#context = context
  }

  /** Starts at most one processing run per job; the next call starts the next. */
  async runOnce(now: Date): Promise<void> {
    for (const job of await waitingJobs(this.#context.db.pool)) {
      const staged = job.setup.staged !== null
      // Retries that are due need not wait for the schedule of a job that is not staged.
      if (staged && processingDue(job.setup, job.last) > now.getTime()) continue
      await processWaiting(this.#context, job, { now, fresh: staged, by: null })
    }
  }
}
