// Jobs whose sample nobody reads any more, because the server ended meanwhile: they say so, and can be sampled again.
import { giveUpSampling } from '../db/jobs.ts'
import type { Duty, DutyContext } from './duty.ts'

/** Reading a sample takes seconds; on a slow share perhaps a minute. */
const patienceMs = 5 * 60_000

export class StaleSampling implements Duty {
  readonly #db: DutyContext['db']

  constructor({ db }: Pick<DutyContext, 'db'>) {
    this.#db = db
  }

  async runOnce(now: Date): Promise<void> {
    await giveUpSampling(this.#db.pool, new Date(now.getTime() - patienceMs).toISOString())
  }
}
