// Builds the indexes by which a part of an identifier is found in a large ledger.
import { buildIdentifierIndexes } from '../../db/identifierIndex.ts'
import { allNamespaces } from '../../db/read/namespaces.ts'
import type { Chore } from './chore.ts'

export const identifiers: Chore = {
  name: 'identifiers',
  cron: '*/15 * * * *',
  run: ({ db, log }) =>
    db.withClient(async (client) => {
      for (const namespace of await allNamespaces(client)) {
        const made = await buildIdentifierIndexes(client, namespace)
        if (made.length > 0) log.info({ made }, 'indexes of identifiers were built')
      }
    }),
}
