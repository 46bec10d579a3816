// Settings of a namespace over HTTP: read with defaults, changed in part, refused as a whole.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { SettingsView } from './settings.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

test('LY-13, LY-14, LY-15, BC-24 what nobody chose has the defaults of the pages', async () => {
  const { body } = await api.ask<SettingsView>('GET', '/settings')
  expect(body.settings).toMatchObject({
    dialect: 'sluice',
    zone: 'UTC',
    quota: null,
    retention: { jobs: 90, pausedDefinitions: true, artifacts: 30, audit: 400 },
  })
  expect(body.settings).toEqual(body.defaults)
})

test('a change names only what it changes; the rest stays', async () => {
  await api.ask('PATCH', '/settings', { json: { retention: { jobs: 30 } } })
  const { body } = await api.ask<SettingsView>('PATCH', '/settings', { json: { zone: 'Europe/Vienna' } })
  expect(body.settings).toMatchObject({ zone: 'Europe/Vienna', retention: { jobs: 30, landings: 90 } })
})

test.each([
  [{ colour: 'red' }, 'settings.unknown', 'colour'],
  [{ retention: { weeks: 3 } }, 'settings.unknown', 'retention.weeks'],
  [{ zone: 'Vienna' }, 'settings.invalid', 'zone'],
  [{ dialect: 'klingon' }, 'settings.invalid', 'dialect'],
  [{ retention: { audit: 89 } }, 'settings.invalid', 'retention.audit'],
  [{ retention: 30 }, 'settings.unknown', 'retention'],
  [{ notify: { emails: ['nobody'] } }, 'settings.invalid', 'notify.emails.0'],
])('%j is refused and nothing changes', async (json, code, name) => {
  const before = await api.ask<SettingsView>('GET', '/settings')
  const { status, body } = await api.ask<{ code: string; details: { name: string } }>('PATCH', '/settings', {
    json,
  })
  expect({ status, code: body.code, name: body.details.name }).toEqual({ status: 400, code, name })
  expect((await api.ask('GET', '/settings')).body).toEqual(before.body)
})

test('BC-24 where there is a quota, it is said how much of the month is taken', async () => {
  const none = await api.ask<SettingsView>('GET', '/settings')
  expect(none.body.use).toBeNull()
  const { body } = await api.ask<SettingsView>('PATCH', '/settings', { json: { quota: 10_000_000 } })
  expect(body.use).toMatchObject({ used: 0, quota: 10_000_000 })
  expect(body.use!.until).toMatch(/^\d{4}-\d\d-01$/)
})
