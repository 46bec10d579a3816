// The profile store as JSON lines: what a line says, one snapshot, and connections that go back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../test/postgres.ts'
import { ApiServer } from '../../../test/support/apiServer.ts'
import { until } from '../../../test/until.ts'
import { findNamespace } from '../imports.ts'
import { profileLines } from './profileLines.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

async function lines(where: string[] = [], between: () => Promise<void> = async () => {}): Promise<object[]> {
  const { db } = api.harness
  const namespace = await findNamespace(db.pool, 'main')
  const found: object[] = []
  for await (const block of profileLines(db, namespace, where)) {
    const text = Buffer.from(block).toString()
    expect(text.endsWith('\n')).toBe(true)
    found.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    )
    await between()
  }
  return found
}

test('a line has attributes by key and identifiers by kind; what has no value is left out', async () => {
  await api.import(
    [
      '{"customer_id":"C1","email":"Ada@x.io","phone":"+4312345678","city":"Wien\\n\\"Süd\\"","score":7,"vip":true,"since":"2026-03-01"}',
      '{"customer_id":"C1","phone":"+4312345679"}',
      '{"email":"b@x.io","city":"Graz"}',
      '',
    ].join('\n'),
    {},
    'people.jsonl',
  )
  const [ada, other] = await lines()
  expect(ada).toMatchObject({
    customer_id: 'C1',
    email: 'Ada@x.io',
    city: 'Wien\n"Süd"',
    score: 7,
    vip: true,
    since: '2026-03-01',
  })
  expect(other).toEqual({ email: 'b@x.io', city: 'Graz' })
  expect(await lines(['city=Graz'])).toEqual([other])
  expect(await lines(['customer_id='])).toEqual([other])
  await expect(lines(['town=Graz'])).rejects.toThrow('there is no attribute town')
})

test('one snapshot: what changes while it is read is not in it', async () => {
  const rows = Array.from({ length: 2_500 }, (_, i) => `S${i},s${i}@x.io,Kiel`)
  await api.import(['customer_id,email,city', ...rows, ''].join('\n'), {}, 'many.csv')
  const { pool } = api.harness.db
  let blocks = 0
  const found = await lines(['city=Kiel'], async () => {
    if (blocks++ === 0) await pool.query(`update sluice_main.profile set city = 'Bonn' where city = 'Kiel'`)
  })
  expect(found).toHaveLength(2_500)
  expect(blocks).toBeGreaterThan(2)
  expect(await lines(['city=Kiel'])).toEqual([])
})

test('who stops reading early leaves no transaction behind', async () => {
  const { db } = api.harness
  const namespace = await findNamespace(db.pool, 'main')
  for await (const _block of profileLines(db, namespace, [])) break
  // The server notices a moment later that its client is gone.
  const gone = await until(async () => {
    const { rowCount } = await db.pool.query(
      `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    )
    return rowCount === 0
  })
  expect(gone).toBe(true)
})
