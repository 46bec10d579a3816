// The hourly chore that removes what programs left behind: uploads in parts nobody went on with, and answers kept for repeats.
import { partsFolder } from '../../blobs/parts.ts'
import { removeOldKeys } from '../../db/idempotency.ts'
import { expiredResumables, removeResumable } from '../../db/resumable.ts'
import type { Chore, ChoreContext } from './chore.ts'

const atOnce = 100

export const leftovers = {
  name: 'leftovers',
  cron: '41 * * * *',
  run: async ({ db, store }: Pick<ChoreContext, 'db' | 'store'>) => {
    await removeOldKeys(db.pool)
    for (;;) {
      const over = await expiredResumables(db.pool, atOnce)
      // The bytes first: dying in between removes once more what is gone.
      for (const { id, namespace } of over) {
        await store.removeFolder(partsFolder(namespace, id))
        await removeResumable(db.pool, id)
      }
      if (over.length < atOnce) return
    }
  },
} satisfies Chore
