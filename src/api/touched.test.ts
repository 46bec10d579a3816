// The profiles a run touched, over HTTP (BL-D03, BS-26).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { TouchedView } from './touched.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import('customer_id,city\nC1,Wien\nC2,Graz\nC3,Linz\n')
  // C1 changes twice, C2 is as it was, C4 is new.
  await api.import('customer_id,city\nC1,Bonn\nC2,Graz\nC4,Genf\nC1,Rom\n')
})
afterAll(() => api.close())

test('BL-D03, BS-26 each profile is named once, with what the run did to it first', async () => {
  const { body } = await api.ask<TouchedView>('GET', '/runs/r1002/profiles')
  expect(body).toMatchObject({ run: 'r1002', live: false, next: null })
  expect(body.profiles).toMatchObject([
    { what: 'updated', identifier: 'C1', record: 'r1002/1', exists: true },
    { what: 'created', identifier: 'C4', record: 'r1002/3', exists: true },
  ])
  const profile = await api.ask<{ id: number }>('GET', body.profiles[1]!.href)
  expect(profile.body.id).toBe(body.profiles[1]!.profile)
})

test('pages go on where the one before ended', async () => {
  const found: string[] = []
  for (let cursor: number | null = 0; cursor !== null;) {
    const path: string = `/runs/r1001/profiles?limit=2&cursor=${cursor}`
    const { body }: { body: TouchedView } = await api.ask<TouchedView>('GET', path)
    found.push(...body.profiles.map(({ identifier }) => identifier!))
    cursor = body.next
  }
  expect(found).toEqual(['C1', 'C2', 'C3'])
})

test('a run that has done nothing yet has touched nobody, and is still live', async () => {
  const { run } = await api.start('customer_id,city\nC9,Bern\n', {}, 'later.csv')
  expect((await api.ask<TouchedView>('GET', `/runs/${run}/profiles`)).body).toMatchObject({
    live: true,
    profiles: [],
    next: null,
  })
  await api.settled(run)
})
