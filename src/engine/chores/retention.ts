// The nightly chore that removes what is older than people want it to be.
import { allNamespaces } from '../../db/read/namespaces.ts'
import { readSettings } from '../../db/settings.ts'
import { sweep } from '../retention/sweep.ts'
import type { Chore } from './chore.ts'

const hour = 3_600_000

export const retention: Chore = {
  name: 'retention',
  cron: '13 3 * * *',
  run: async ({ db, store, clock, log }) => {
    for (const { id, name, schema } of await allNamespaces(db.pool)) {
      const { retention: kept } = await readSettings(db.pool, id)
      const removed = await sweep({ db, store }, { id, schema }, kept, clock.now())
      if (Object.values(removed).some((count) => count > 0))
        log.info({ namespace: name, ...removed }, 'retention')
    }
    // What writers that crashed left behind; nobody writes one blob for a day.
    await store.sweep(clock.now() - 24 * hour)
  },
}
