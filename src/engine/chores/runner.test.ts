// Chores are done once they are ordered, tried again when they fail, and finished before the server leaves.
import { mkdtemp, rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../test/postgres.ts'
import { silentLog } from '../../../test/support/importHarness.ts'
import { until } from '../../../test/until.ts'
import { folderStore } from '../../blobs/folder.ts'
import { systemClock } from '../../core/clock.ts'
import { addChore, choresSchema } from '../../db/chores.ts'
import { openDatabase, type Database } from '../../db/client.ts'
import type { Chore, ChoreContext } from './chore.ts'
import { chores as all } from './list.ts'
import { prepareChores, startChores } from './runner.ts'

const database = testDatabase()
let db: Database
let folder: string
let context: ChoreContext
beforeAll(async () => {
  db = openDatabase(database.connection, 'test')
  folder = await mkdtemp('/tmp/sluice-chores-')
  const secret = (): Promise<string> => Promise.reject(new Error('no secrets here'))
  const outside = { mail: null, baseUrl: null, allowed: [], secret }
  context = { db, store: folderStore(folder), clock: systemClock, log: silentLog, outside }
  await prepareChores(context)
})
afterAll(async () => {
  await db.end()
  await rm(folder, { recursive: true, force: true })
})

const done: unknown[] = []
const note: Chore = {
  name: 'note',
  cron: null,
  run: async (_, payload) => void done.push(payload),
}

async function waiting(): Promise<{ key: string | null; attempts: number; last_error: string | null }[]> {
  return (await db.pool.query(`select key, attempts, last_error from ${choresSchema}.jobs`)).rows
}

test('an order stands or falls with its transaction, and one of a key waits at a time', async () => {
  const refused = db.transaction(async (client) => {
    await addChore(client, { name: 'note', payload: { n: 0 } })
    throw new Error('rolled back')
  })
  await expect(refused).rejects.toThrow('rolled back')
  await addChore(db.pool, { name: 'note', payload: { n: 1 }, key: 'one' })
  await addChore(db.pool, { name: 'note', payload: { n: 2 }, key: 'one' })
  expect(await waiting()).toMatchObject([{ key: 'one' }])
  const stop = await startChores(context, [note])
  await until(async () => done.length > 0)
  await stop()
  expect(done).toEqual([{ n: 2 }])
  expect(await waiting()).toEqual([])
})

test('one that fails is kept, with what went wrong, to be tried again', async () => {
  const fails: Chore = { name: 'fails', cron: null, run: () => Promise.reject(new Error('no luck')) }
  await addChore(db.pool, { name: 'fails' })
  const stop = await startChores(context, [fails])
  const [kept] = await until(async () => {
    const rows = await waiting()
    return rows[0]?.last_error == null ? undefined : rows
  })
  await stop()
  expect(kept).toMatchObject({ attempts: 1, last_error: expect.stringContaining('no luck') })
})

/** Of chores that are about one thing: something that is not there. */
const payloads: Record<string, object> = {
  send_message: { message: 0 },
  send_digest: { namespaceId: 0, recipient: 'nobody@example.com' },
  send_link: { kind: 'reset', email: 'nobody@example.com' },
}

test.each(all.map((chore) => [chore.name, chore] as const))(
  '%s runs on a fresh database and does nothing there',
  async (_, chore) => expect(await chore.run(context, payloads[chore.name] ?? {})).toBeUndefined(),
)
