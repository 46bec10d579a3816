// What the server does now and then: partitions of the coming months, and namespaces whose time is over.
import type { Database } from '../db/client.ts'
import { ensurePartitions } from '../db/partitions.ts'
import { dataSchemas } from '../db/read/namespaces.ts'
import type { Log } from './log.ts'

const day = 24 * 60 * 60 * 1000

/** Looks once a day (migrating made this month's); answers how to stop looking. */
export function keepPartitions(database: Database, log: Log): () => Promise<void> {
  const look = (): void => {
    database
      .withClient(async (client) => {
        for (const schema of await dataSchemas(client)) await ensurePartitions(client, schema)
      })
      .catch((error: unknown) => log.error(error, 'partitions'))
  }
  const timer = setInterval(look, day)
  timer.unref()
  return async () => clearInterval(timer)
}

/** Drops what has expired, now (a server that was killed may have left some) and every hour; answers how to stop. */
export function clearAway(dropExpired: () => Promise<void>, log: Log): () => Promise<void> {
  const clear = (): void => {
    dropExpired().catch((error: unknown) => log.error(error, 'clearing away'))
  }
  clear()
  const timer = setInterval(clear, day / 24)
  timer.unref()
  // What is being dropped when the server ends is found again at its next start.
  return async () => clearInterval(timer)
}
