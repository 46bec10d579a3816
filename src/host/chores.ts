// What the server does now and then: partitions of the coming months.
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
