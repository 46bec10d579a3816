// Looks whether there is news in the log, and orders the chore that tells people: within seconds, for one cheap look.
import { addChore } from '../../db/chores.ts'
import { hasUntold } from '../../db/messages.ts'
import type { Duty, DutyContext } from '../duty.ts'

export class NewsBell implements Duty {
  readonly #db: DutyContext['db']

  constructor({ db }: Pick<DutyContext, 'db'>) {
    this.#db = db
  }

  async runOnce(): Promise<void> {
    if (await hasUntold(this.#db.pool)) await addChore(this.#db.pool, { name: 'tell', key: 'tell' })
  }
}
