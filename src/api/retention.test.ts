// The forecast over HTTP: every kind, with its number of days, and what changes when the setting does.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { RetentionForecast } from './retention.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

const forecast = async (): Promise<RetentionForecast> =>
  (await api.ask<RetentionForecast>('GET', '/retention/forecast')).body

test('an empty namespace keeps nothing and loses nothing', async () => {
  const { kinds, jobs } = await forecast()
  expect(kinds.map(({ kind, days, kept }) => [kind, days, kept.count])).toEqual([
    ['artifacts', 30, 0],
    ['landings', 90, 0],
    ['changes', 90, 0],
    ['ledger', 90, 0],
    ['jobs', 90, 0],
    ['logs', 30, 0],
  ])
  expect(jobs).toEqual([])
})

test('what is kept is weighed, and says when the oldest of it goes', async () => {
  await api.upload('customer_id\nC1\n')
  await api.harness.db.pool.query(`update sluice.landing set landed_at = '2026-02-01T00:00:00Z'`)
  const landings = (await forecast()).kinds.find(({ kind }) => kind === 'landings')
  expect(landings).toMatchObject({ kept: { count: 1 }, firstGoes: '2026-05-02T00:00:00.000Z' })
  expect(landings!.kept.bytes).toBeGreaterThan(0)
})

test('kept for ever is never due', async () => {
  await api.ask('PATCH', '/settings', { json: { retention: { landings: null } } })
  const landings = (await forecast()).kinds.find(({ kind }) => kind === 'landings')
  expect(landings).toMatchObject({
    days: null,
    firstGoes: null,
    settlesAtBytes: null,
    due: { in30Days: { count: 0 } },
  })
})

test('a change is weighed before it is made: as if it were kept shorter, or for ever', async () => {
  const ask = async (query: string) =>
    (await api.ask<RetentionForecast>('GET', `/retention/forecast?${query}`)).body.kinds.find(
      ({ kind }) => kind === 'landings',
    )!
  expect(await ask('landings=1')).toMatchObject({ days: 1, due: { now: { count: 1 } } })
  expect(await ask('landings=never')).toMatchObject({ days: null, due: { now: { count: 0 } } })
  expect(await ask('logs=7')).toMatchObject({ days: null })
  expect((await api.ask('GET', '/retention/forecast?landings=0')).status).toBe(400)
})
