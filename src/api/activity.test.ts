// The activity of a job over time (LY-19).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { ActivityView } from './activity.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  const people = (lines: string[]): string => `customer_id,email\n${lines.join('\n')}\n`
  await api.import(people(['C1,a@example.com', 'C2,nobody']))
  await api.import(people(['C1,b@example.com', 'C3,c@example.com']))
  await api.import(people(['C1,b@example.com', 'C4,d@example.com']))
  const ended = (run: number, at: string): Promise<unknown> =>
    api.harness.db.pool.query('update sluice.run set ended_at = $2 where id = $1', [run, at])
  await ended(1001, '2026-02-01T22:30:00Z')
  await ended(1002, '2026-02-01T23:30:00Z')
  await ended(1003, '2026-02-04T12:00:00Z')
})
afterAll(() => api.close())

const path = '/jobs/people.csv/activity?from=2026-02-01&to=2026-02-05'

test('LY-19 added, updated, removed, omitted and failed by the day, also where nothing ran', async () => {
  const { body } = await api.ask<ActivityView>('GET', path)
  expect(
    body.spans.map(({ at, runs, added, updated, unchanged, failed }) => [
      at,
      runs,
      added,
      updated,
      unchanged,
      failed,
    ]),
  ).toEqual([
    ['2026-02-01T00:00:00', 2, 2, 1, 0, 1],
    ['2026-02-02T00:00:00', 0, 0, 0, 0, 0],
    ['2026-02-03T00:00:00', 0, 0, 0, 0, 0],
    ['2026-02-04T00:00:00', 1, 1, 0, 1, 0],
    ['2026-02-05T00:00:00', 0, 0, 0, 0, 0],
  ])
  expect(body.total).toEqual({
    runs: 3,
    added: 3,
    updated: 1,
    unchanged: 1,
    removed: 0,
    omitted: 0,
    failed: 1,
  })
})

test('days begin in the zone of the namespace, or the one asked for', async () => {
  const { body } = await api.ask<ActivityView>('GET', `${path}&zone=Europe/Vienna`)
  expect(body.spans.slice(0, 2).map(({ at, runs }) => [at, runs])).toEqual([
    ['2026-02-01T00:00:00', 1],
    ['2026-02-02T00:00:00', 1],
  ])
})

test('without a time it is the last 30 days; one that cannot be shown is refused', async () => {
  const { body } = await api.ask<ActivityView>('GET', '/jobs/people.csv/activity')
  expect({ from: body.from, to: body.to, runs: body.total.runs }).toEqual({
    from: '2026-01-30T00:00:00.000Z',
    to: '2026-03-01T00:00:00.000Z',
    runs: 3,
  })
  const refused = { status: 400, body: { code: 'activity.span' } }
  expect(await api.ask('GET', '/jobs/people.csv/activity?from=2026-02-05&to=2026-02-01')).toMatchObject(
    refused,
  )
  expect(await api.ask('GET', '/jobs/people.csv/activity?from=2020-01-01&by=hour')).toMatchObject(refused)
  expect(await api.ask('GET', '/jobs/people.csv/activity?zone=Vienna')).toMatchObject({ status: 400 })
})
