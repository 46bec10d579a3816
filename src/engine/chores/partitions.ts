// Makes the ledger's partitions of the coming months (migrating made this month's).
import { ensurePartitions } from '../../db/partitions.ts'
import { dataSchemas } from '../../db/read/namespaces.ts'
import type { Chore } from './chore.ts'

export const partitions: Chore = {
  name: 'partitions',
  cron: '7 2 * * *',
  run: ({ db }) =>
    db.withClient(async (client) => {
      for (const schema of await dataSchemas(client)) await ensurePartitions(client, schema)
    }),
}
