// Starts the chores in the server process, and orders what every start should see to.
import type { BlobStore } from '../blobs/store.ts'
import { systemClock } from '../core/clock.ts'
import { addChore } from '../db/chores.ts'
import type { Database } from '../db/client.ts'
import { chores } from '../engine/chores/list.ts'
import { dropExpired } from '../engine/chores/dropExpired.ts'
import { prepareChores, startChores } from '../engine/chores/runner.ts'
import type { Log } from './log.ts'

/** Answers how to stop them. */
export async function runChores(db: Database, store: BlobStore, hostLog: Log): Promise<() => Promise<void>> {
  const log = { ...hostLog, warn: (details: object, message: string) => hostLog.info(details, message) }
  const context = { db, store, clock: systemClock, log }
  await prepareChores(context)
  await addChore(db.pool, { name: dropExpired.name, key: dropExpired.name })
  return startChores(context, chores)
}
