// Idempotency-Key on every request that makes something, one by one: the list is made from the table of rights (issue 5).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { walkEverything } from '../../test/support/walk/everything.ts'
import { Walker, type Repeat } from '../../test/support/walk/walker.ts'
import { takesKey } from './idempotency.ts'
import { routesWithNeeds } from './rights.ts'

const database = testDatabase()
const making = [...routesWithNeeds.keys()].filter((line) =>
  takesKey(...(line.split(' ') as [string, string])),
)
let api: ApiServer
let repeats: ReadonlyMap<string, readonly Repeat[]>

beforeAll(async () => {
  api = await ApiServer.open(database.connection, {
    perMinute: 1_000_000,
    baseUrl: 'http://sluice.example.com',
  })
  const walker = await Walker.open(api, true)
  await walkEverything(walker)
  repeats = Map.groupBy(walker.repeats, ({ route }) => route)
}, 120_000)
afterAll(() => api.close())

test.each(making)('%s makes it once for one key', (route) => {
  const seen = repeats.get(route) ?? []
  expect(seen.length, 'the walk in test/support/walk/ has to send it').toBeGreaterThan(0)
  for (const { first, second, other } of seen) {
    expect([first.status, first.text]).toEqual([
      expect.toSatisfy((status: number) => status < 300),
      first.text,
    ])
    const shownOnce = second.status === 409 && second.text.includes('idempotency.shown_once')
    const again = [second.status, second.text, second.headers['idempotency-replayed']]
    expect(again).toEqual(shownOnce ? again : [first.status, first.text, 'true'])
    expect([other.status, other.text]).toEqual([422, expect.stringContaining('idempotency.mismatch')])
  }
})

test('what is shown once is a secret, and nothing else', () => {
  const once = [...repeats].filter(([, seen]) => seen.some(({ second }) => second.status === 409))
  expect(once.map(([route]) => route.replace('/v1/namespaces/:namespace', '')).sort()).toEqual([
    'POST /members',
    'POST /tokens',
    'POST /v1/links',
    'POST /webhooks',
  ])
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
