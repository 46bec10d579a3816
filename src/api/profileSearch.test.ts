// Finding people over HTTP by any text, by how an identifier begins, and quickly; and the catalogue with who uses it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiServer } from '../../test/support/apiServer.ts'
import { testDatabase } from '../../test/postgres.ts'
import type { AttributesView } from './attributes.ts'
import type { ProfilePage } from './profileViews.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  const rows = Array.from(
    { length: 40 },
    (_, i) => `k${i + 10},p${i}@x.org,${i % 2 === 0 ? 'Wien' : 'Graz'},${i}`,
  )
  await api.import(`customer_id,email,city,points\n${rows.join('\n')}\nz1,Ada_50%@y.org,Linz an der Wien,7\n`)
})
afterAll(() => api.close())

const found = async (query: string): Promise<ProfilePage> =>
  (await api.ask<ProfilePage>('GET', `/profiles?${query}`)).body

test('a text in any attribute or identifier, in small or capital letters', async () => {
  expect((await found('text=WIEN&limit=100')).profiles).toHaveLength(21)
  expect((await found('text=an%20der')).profiles.map(({ attributes }) => attributes['points'])).toEqual([7])
  expect((await found('text=_50%25')).profiles).toHaveLength(1)
  expect((await found('text=%40y.ORG')).profiles).toHaveLength(1)
  expect((await found('text=nobody')).profiles).toEqual([])
  expect((await api.ask<{ count: number }>('GET', '/profiles/count?text=wien')).body).toEqual({ count: 21 })
})

test('an identifier that begins with a text: in the order of identifiers, a few', async () => {
  const { profiles, next } = await found('starts=k1&limit=3')
  expect(profiles.map(({ attributes }) => attributes['points'])).toEqual([0, 1, 2])
  expect(next).toBeNull()
  expect((await found('starts=ADA_50')).profiles.map(({ identifiers }) => identifiers)).toEqual([
    [
      { kind: 'customer_id', value: 'z1' },
      { kind: 'email', value: 'Ada_50%@y.org' },
    ],
  ])
  expect((await found('starts=%25')).profiles).toEqual([])
})

test('quick pages lead through everybody once, also where few fit', async () => {
  const ids: number[] = []
  for (let cursor: number | null = 0; cursor !== null;) {
    const page: ProfilePage = await found(`quick=true&where=city%3DGraz&limit=7&cursor=${cursor}`)
    ids.push(...page.profiles.map(({ id }) => id))
    cursor = page.next
  }
  expect(new Set(ids).size).toBe(20)
  expect(ids).toHaveLength(20)
})

test('the catalogue says since when, how full, and which jobs', async () => {
  await api.harness.db.pool.query('analyze')
  const { attributes } = (await api.ask<AttributesView>('GET', '/attributes')).body
  const city = attributes.find(({ key }) => key === 'city')
  expect(city).toMatchObject({ run: 'r1001', filled: 1, jobs: { count: 1 } })
  expect(Date.parse(city!.since)).toBeGreaterThan(0)
})
