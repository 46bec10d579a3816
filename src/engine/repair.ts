// The repair: what is stuck is shown, and goes on without a person.
import { freeOrphans, giveUpStalled, noteStalled } from '../db/repairs.ts'
import type { Duty, DutyContext } from './duty.ts'

/**
 * Leases that ran out and stops that nobody answers are the business of claims (db/leases.ts). This looks for what no claim
 * finds: workers that live and get no further, lanes nobody works in, sleepers without an end.
 */
export class Repair implements Duty {
  readonly #context: Pick<DutyContext, 'db' | 'log'>

  constructor(context: Pick<DutyContext, 'db' | 'log'>) {
    this.#context = context
  }

  async runOnce(): Promise<void> {
    const { db, log } = this.#context
    const stalled = await noteStalled(db.pool)
    const givenUp = await giveUpStalled(db.pool)
    const orphans = await freeOrphans(db.pool)
    if (stalled + givenUp + orphans > 0) log.warn({ stalled, givenUp, orphans }, 'something was stuck')
  }
}
