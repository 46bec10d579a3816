// Namespaces: making one that stays, who sees it, settings of its own, and dropping it with its name typed twice.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { Browser } from '../../test/support/browser.ts'
import { browserOf, person } from '../../test/support/persons.ts'
import type { Me } from './me.ts'
import type { NamespaceList } from './namespaces.ts'
import type { SettingsView } from './settings.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
let root: Browser
let olga: Browser

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  port = await api.listenOnTcp()
  root = await browserOf(api, port, await person(api, 'root', 'all'))
  olga = await browserOf(api, port, await person(api, 'olga', 'operator'))
})
afterAll(() => api.close())

const order = {
  name: 'canada',
  label: 'Canada (French)',
  zone: 'America/Montreal',
  dialect: 'bluecore',
  quota: 10_000_000,
  owner: 'olga@example.com',
}

test('#5 one that stays is made with label, zone, words, quota and owner of its own', async () => {
  expect((await olga.ask('POST', '/v1/namespaces', order)).status).toBe(403)
  for (const name of ['Canada', '1st', 'a-b', 'try_it', ''])
    expect([name, (await root.ask('POST', '/v1/namespaces', { name })).status]).toEqual([name, 400])
  const nobody = await root.ask('POST', '/v1/namespaces', { ...order, owner: 'nobody@example.com' })
  expect(nobody.status).toBe(404)
  const made = await root.ask('POST', '/v1/namespaces', order)
  expect([made.status, made.body]).toMatchObject([
    201,
    { name: 'canada', label: 'Canada (French)', role: 'owner', zone: 'America/Montreal', expiresAt: null },
  ])
  expect((await root.ask('POST', '/v1/namespaces', order)).body).toMatchObject({
    code: 'namespace.name_taken',
  })

  const mine = await olga.ask<NamespaceList>('GET', '/v1/namespaces')
  expect(mine.body.namespaces.map(({ name, role, label }) => [name, role, label])).toEqual([
    ['canada', 'owner', 'Canada (French)'],
    ['main', 'operator', 'main'],
  ])
  const { body: me } = await olga.ask<Me>('GET', '/v1/me')
  expect(me.namespaces[0]).toMatchObject({ dialect: 'bluecore', zone: 'America/Montreal', role: 'owner' })
})

test('#5 settings hold in their namespace alone; the label is one of them', async () => {
  const path = '/v1/namespaces/canada/settings'
  const changed = await olga.ask<SettingsView>('PATCH', path, { label: 'Québec', retention: { jobs: 5 } })
  expect(changed.body.settings).toMatchObject({ label: 'Québec', quota: 10_000_000, retention: { jobs: 5 } })
  const main = await olga.ask<SettingsView>('GET', '/v1/namespaces/main/settings')
  expect(main.body.settings).toMatchObject({ label: '', zone: 'UTC', quota: null, retention: { jobs: 90 } })
})

test('#5 it is dropped by its owner, with its name typed once more; main never', async () => {
  const drop = (browser: Browser, name: string, confirm = '') =>
    browser.ask('DELETE', `/v1/namespaces/${name}${confirm}`)
  expect((await drop(olga, 'main', '?confirm=main')).body).toMatchObject({ code: 'access.no_right' })
  expect((await drop(root, 'main', '?confirm=main')).body).toMatchObject({ code: 'namespace.first' })
  expect((await drop(olga, 'canada')).body).toMatchObject({ code: 'namespace.permanent' })
  expect((await drop(olga, 'canada', '?confirm=Canada')).body).toMatchObject({ code: 'namespace.permanent' })
  expect((await drop(olga, 'canada', '?confirm=canada')).body).toEqual({ dropped: 'canada' })
  const { body: me } = await olga.ask<Me>('GET', '/v1/me')
  expect(me.namespaces.map(({ namespace }) => namespace)).toEqual(['main'])
  const { body } = await root.ask<{ lines: { action: string; what: string }[] }>('GET', '/v1/audit')
  expect(body.lines.map(({ action, what }) => `${action} ${what}`)).toContain('namespaces.remove canada')
})
