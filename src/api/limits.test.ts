// What strangers may send, and how long things may be called; over real HTTP.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, token } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import { putMember } from '../db/members.ts'
import { createUser } from '../db/users.ts'
import { bodyBytes } from './limits.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
let local: Browser
const stranger = (): Browser => new Browser(port)

beforeAll(async () => {
  api = await ApiServer.open(database.connection, { strangersSeconds: 0.1 })
  port = await api.listenOnTcp()
  local = new Browser(port, { authorization: `Bearer ${token}` })
})
afterAll(() => api.close())

const long = { email: 'ada@example.com', password: 'x'.repeat(bodyBytes.strangers) }
const tooLarge = { status: 400, body: { detail: expect.stringContaining('too large') } }

describe('#5 a body that is held in memory', () => {
  test.each([
    '/v1/sign-in',
    '/v1/sign-in/code',
    '/v1/password-reset',
    '/v1/links/use',
    '/v1/nowhere',
    '/nowhere',
  ])('of a stranger is small: %s', async (path) => {
    expect(await stranger().ask('POST', path, long)).toMatchObject(tooLarge)
  })

  test('of who is known may be larger; of who is not, it is not even read', async () => {
    const path = '/v1/namespaces/main/settings'
    expect((await local.ask('PATCH', path, long)).body).toMatchObject({ code: 'settings.unknown' })
    expect((await stranger().ask('PATCH', path, long)).status).toBe(401)
    const larger = { label: 'x'.repeat(bodyBytes.known) }
    expect(await local.ask('PATCH', path, larger)).toMatchObject(tooLarge)
  })

  test('of a stranger must come soon; a file may take its time', async () => {
    const begin = (path: string, headers: Record<string, string>) => {
      const asking = request({ host: '127.0.0.1', port, method: 'POST', path, headers, agent: false })
      const ended = new Promise<string>((resolve) => {
        asking.on('error', () => resolve('cut off'))
        asking.on('response', (answer) => {
          answer.resume()
          resolve(String(answer.statusCode))
        })
      })
      return { asking, ended }
    }
    const authorization = `Bearer ${token}`
    const file = begin('/v1/namespaces/main/uploads', { authorization, 'content-type': 'text/csv' })
    file.asking.write('id,city\n')
    for (const path of ['/v1/sign-in', '/nowhere']) {
      const { asking, ended } = begin(path, { 'content-type': 'application/json', 'content-length': '100' })
      asking.write('{"email":')
      expect(await ended).toBe('cut off')
    }
    file.asking.end('1,Wien\n')
    expect(await file.ended).toBe('201')
  })
})

test('#55 a member with a long address is changed and removed like any other', async () => {
  const { pool } = api.harness.db
  const email = `${'a'.repeat(60)}@${'long.'.repeat(30)}example.com`
  const now = '2026-03-01T00:00:00Z'
  const { id } = await createUser(pool, { email, name: 'Ada', password: null, admin: false, now })
  await putMember(pool, 1, { userId: id, role: 'operator', by: 'local', now })
  const path = `/v1/namespaces/main/members/${encodeURIComponent(email)}`
  expect((await local.ask('PATCH', path, { role: 'viewer' })).body).toMatchObject({ role: 'viewer' })
  expect((await local.ask('DELETE', path)).body).toMatchObject({ removed: email })
  expect(
    (await local.ask('PATCH', `/v1/users/${encodeURIComponent(email)}`, { disabled: true })).status,
  ).toBe(200)
})
