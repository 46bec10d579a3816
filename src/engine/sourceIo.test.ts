// Which folders jobs of a namespace may read, on a real database.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ImportHarness } from '../../test/support/importHarness.ts'
import { createNamespace } from '../db/migrate.ts'
import { findNamespace } from '../db/imports.ts'
import { sourceIo } from './sourceIo.ts'

const database = testDatabase()
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  await h.db.withClient((client) => createNamespace(client, 'canada'))
})
afterAll(() => h.close())

const ioOf = async (name: string, root: string | null = '/srv/in') =>
  sourceIo({ db: h.db, clock: { now: () => 0 }, root }, await findNamespace(h.db.pool, name))

test('#5 every namespace reads its own folder below the root, and the first one none of those', async () => {
  const [main, canada] = [await ioOf('main'), await ioOf('canada')]
  expect([main.root, canada.root]).toEqual(['/srv/in', '/srv/in/canada'])
  expect((await ioOf('canada', null)).root).toBeNull()
  expect(await Promise.all(['canada', 'Canada', 'main', 'crm'].map((name) => main.ofOthers(name)))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(await canada.ofOthers('canada'), 'a folder of that name in its own').toBe(false)
})
