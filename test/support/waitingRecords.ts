// Records that wait for an answer from outside: no destination of this version answers later, so a test puts them there.
import { join } from 'node:path'
import { Client } from 'pg'
import { findNamespace } from '../../src/db/imports.ts'
import { letWait, takeRecords } from '../../src/db/recordMoves.ts'
import { connectionOf, placeIn } from '../../src/host/postgres/place.ts'

/** Makes all new records of the first namespace wait, as such a destination would leave them. Answers how many. */
export async function letNewWait(folder: string): Promise<number> {
  const client = new Client(await connectionOf(placeIn(join(folder, 'home'))))
  await client.connect()
  try {
    const { id: namespaceId, schema } = await findNamespace(client, 'main')
    const { rows } = await client.query<{ run: string; month: string }>(
      `select distinct run::text as run, run_month::text as month from ${schema}.record where state = 0`,
    )
    let many = 0
    for (const { run, month } of rows) {
      const runId = Number(run)
      const open = { namespaceId, runId, schema, month }
      await client.query('begin')
      const taken = await takeRecords(client, open, { by: runId, fresh: true, dueBy: 'infinity', limit: 100 })
      const ordinals = taken.map(({ ordinal }) => ordinal)
      many += (await letWait(client, open, ordinals)).length
      await client.query('commit')
    }
    return many
  } finally {
    await client.end()
  }
}
