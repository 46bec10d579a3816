// People as they come: the first admin, signing in and out, invitations, other passwords, tokens; over real HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import { createNamespace } from '../db/migrate.ts'
import { countTry } from '../db/signInTries.ts'
import type { AddedMember, MemberList } from './members.ts'
import type { Me } from './me.ts'
import type { MadeToken, TokenList } from './tokens.ts'
import type { MadeLink } from './users.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
const passwords = { ada: 'a long enough password', bob: 'another one, also long' }
const ada = (): Browser => new Browser(port)

beforeAll(async () => {
  api = await ApiServer.open(database.connection, { baseUrl: 'http://sluice.example', perMinute: 1_000_000 })
  port = await api.listenOnTcp()
  await api.harness.db.withClient((client) => createNamespace(client, 'canada'))
})
afterAll(() => api.close())

/** The key of a link, which stands behind the #. */
const keyOf = ({ url }: MadeLink): string => url.split('#')[1]!

async function signedIn(email: string, password: string): Promise<Browser> {
  const browser = new Browser(port)
  const { status } = await browser.ask('POST', '/v1/sign-in', { email, password })
  expect(status).toBe(200)
  return browser
}

describe('#55 the first admin', () => {
  test('comes by a one-time link, once', async () => {
    const { body: link } = await api.ask<MadeLink>('POST', '/v1/links', { json: { kind: 'first_admin' } })
    expect(link.url).toMatch(/^http:\/\/sluice\.example\/welcome#[\w-]{43}$/)
    expect(link.expiresAt).toContain('2026-03-02T00:00:00')
    const browser = ada()
    const key = keyOf(link)
    expect((await browser.ask('POST', '/v1/links/look', { key })).body).toMatchObject({
      kind: 'first_admin',
      email: null,
    })

    const short = { key, email: 'Ada@Example.com ', name: 'Ada', password: 'short' }
    expect(await browser.ask('POST', '/v1/links/use', short)).toMatchObject({
      status: 422,
      body: { code: 'password.unfit' },
    })
    const used = await browser.ask('POST', '/v1/links/use', { ...short, password: passwords.ada })
    expect(used).toMatchObject({ status: 200, body: { email: 'ada@example.com', signedIn: true } })
    expect(used.headers['set-cookie']?.[0]).toMatch(
      /^sluice=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    )
    const { body: me } = await browser.ask<Me>('GET', '/v1/me')
    expect(me).toMatchObject({ via: 'session', admin: true, user: { email: 'ada@example.com', name: 'Ada' } })
    expect(me.namespaces.map(({ namespace, role }) => `${namespace} ${role}`).sort()).toEqual([
      'canada owner',
      'main owner',
    ])

    expect(await ada().ask('POST', '/v1/links/use', { ...short, password: passwords.ada })).toMatchObject({
      status: 410,
      body: { code: 'link.invalid' },
    })
    expect(await api.ask('POST', '/v1/links', { json: { kind: 'first_admin' } })).toMatchObject({
      status: 409,
      body: { code: 'user.not_first' },
    })
  })
})

describe('#55 signing in', () => {
  test('works with the right password, and out again', async () => {
    const browser = await signedIn(' ADA@example.com', passwords.ada)
    const cookie = browser.cookie!
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200)
    expect((await browser.ask('POST', '/v1/sign-out', {})).body).toEqual({ signedOut: true })
    expect(browser.cookie).toBeUndefined()
    expect((await browser.ask('GET', '/v1/me', undefined, { cookie })).status).toBe(401)
  })

  test('answers the same for a wrong password and for nobody', async () => {
    const wrong = await ada().ask('POST', '/v1/sign-in', {
      email: 'ada@example.com',
      password: 'wrong password!',
    })
    const nobody = await ada().ask('POST', '/v1/sign-in', {
      email: 'eve@example.com',
      password: 'wrong password!',
    })
    expect(wrong.status).toBe(401)
    expect(nobody.body).toEqual(wrong.body)
    expect(nobody.headers['set-cookie']).toBeUndefined()
  })

  test('is tried a few times, also where there is no such account', async () => {
    for (const email of ['mallory@example.com', 'ada@example.com']) {
      for (let k = 0; k < 8; k++)
        await countTry(api.harness.db.pool, email, '127.0.0.1', '2026-03-01T00:00:00Z')
      const answer = await ada().ask('POST', '/v1/sign-in', { email, password: 'wrong password!' })
      expect(answer.status).toBe(429)
    }
    const right = await ada().ask<{ code: string; advice: string }>('POST', '/v1/sign-in', {
      email: 'ada@example.com',
      password: passwords.ada,
    })
    expect(right.body).toMatchObject({
      code: 'access.too_many_tries',
      advice: expect.stringContaining('15 minutes'),
    })
    await api.harness.db.pool.query('delete from sluice.sign_in_tries')
  })

  test('of a page elsewhere does not count', async () => {
    const browser = await signedIn('ada@example.com', passwords.ada)
    const body = { everywhere: false }
    const from = (headers: Record<string, string>) => browser.ask('POST', '/v1/sign-out', body, headers)
    expect((await from({ origin: 'http://evil.example' })).status).toBe(403)
    expect((await from({ origin: 'null' })).status).toBe(403)
    expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await from({ 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200)
  })

  test('over https gives a cookie for this host alone', async () => {
    const secure = await ApiServer.open(database.connection, { baseUrl: 'https://sluice.example' })
    const browser = new Browser(await secure.listenOnTcp(), {
      host: 'sluice.example',
      origin: 'https://sluice.example',
    })
    const answer = await browser.ask('POST', '/v1/sign-in', {
      email: 'ada@example.com',
      password: passwords.ada,
    })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-sluice=.*; Secure$/)
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200)
    // A cookie that anybody on the network could have set opens nothing.
    const planted = { cookie: browser.cookie!.replace('__Host-sluice', 'sluice') }
    expect((await browser.ask('GET', '/v1/me', undefined, planted)).status).toBe(401)
    await secure.close()
  })

  test('with another password ends every other session', async () => {
    const here = await signedIn('ada@example.com', passwords.ada)
    const elsewhere = await signedIn('ada@example.com', passwords.ada)
    const change = { current: passwords.ada, password: 'a quite different one' }
    expect(
      (await here.ask('POST', '/v1/me/password', { ...change, current: 'not this one at all' })).status,
    ).toBe(401)
    expect((await here.ask('POST', '/v1/me/password', change)).status).toBe(200)
    expect((await here.ask('GET', '/v1/me')).status).toBe(200)
    expect((await elsewhere.ask('GET', '/v1/me')).status).toBe(401)
    passwords.ada = change.password
  })

  test('nothing in the database opens a door', async () => {
    const browser = await signedIn('ada@example.com', passwords.ada)
    const key = browser.cookie!.split('=')[1]!
    const { rows } = await api.harness.db.pool.query<{ text: string }>(
      `select concat(s::text, u::text, l::text) as text from sluice.session s, sluice.user u, sluice.link l`,
    )
    const dump = rows.map(({ text }) => text).join('\n')
    expect(dump).toContain('scrypt:32768:8:3:')
    expect(dump).not.toContain(key)
    expect(dump).not.toContain(passwords.ada)
  })
})

describe('#55 members', () => {
  test('who has no user is invited by a link, and joins with it', async () => {
    const admin = await signedIn('ada@example.com', passwords.ada)
    const { body: added } = await admin.ask<AddedMember>('POST', '/v1/namespaces/main/members', {
      email: 'bob@example.com',
      role: 'operator',
    })
    expect(added.member).toBeNull()
    expect(
      (await admin.ask<MemberList>('GET', '/v1/namespaces/main/members')).body.invitations,
    ).toMatchObject([{ email: 'bob@example.com', role: 'operator', invitedBy: 'ada@example.com' }])
    const bob = new Browser(port)
    const used = { key: keyOf(added.link!), name: 'Bob', password: passwords.bob, email: 'eve@example.com' }
    expect((await bob.ask('POST', '/v1/links/use', used)).body).toEqual({
      email: 'bob@example.com',
      signedIn: true,
    })
    const { body: me } = await bob.ask<Me>('GET', '/v1/me')
    expect(me.admin).toBe(false)
    expect(me.namespaces).toMatchObject([{ namespace: 'main', role: 'operator' }])
    expect(
      (await bob.ask('POST', '/v1/namespaces/main/members', { email: 'c@example.com', role: 'viewer' })).body,
    ).toMatchObject({ code: 'access.no_right' })
  })

  test('who has a user is added at once; a namespace of others does not exist', async () => {
    const admin = await signedIn('ada@example.com', passwords.ada)
    const bob = await signedIn('bob@example.com', passwords.bob)
    const nowhere = await bob.ask('GET', '/v1/namespaces/nowhere/runs')
    expect(nowhere).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const others = await bob.ask('GET', '/v1/namespaces/canada/runs')
    expect(JSON.stringify(others.body)).toBe(JSON.stringify(nowhere.body).replaceAll('nowhere', 'canada'))
    const order = { email: 'bob@example.com', role: 'admin' }
    expect((await admin.ask<AddedMember>('POST', '/v1/namespaces/canada/members', order)).body).toMatchObject(
      {
        member: { email: 'bob@example.com', role: 'admin' },
        link: null,
      },
    )
    expect((await admin.ask('POST', '/v1/namespaces/canada/members', order)).body.code).toBe('member.there')
    expect((await bob.ask('GET', '/v1/namespaces/canada/runs')).status).toBe(200)
  })

  test('nobody reaches above themselves, and an owner stays', async () => {
    const bob = await signedIn('bob@example.com', passwords.bob)
    const admin = await signedIn('ada@example.com', passwords.ada)
    const members = '/v1/namespaces/canada/members'
    expect((await bob.ask('POST', members, { email: 'x@example.com', role: 'owner' })).body.code).toBe(
      'member.above',
    )
    expect((await bob.ask('PATCH', `${members}/bob@example.com`, { role: 'owner' })).body.code).toBe(
      'member.above',
    )
    // Who could see the link could become somebody else.
    expect((await bob.ask('POST', members, { email: 'x@example.com', role: 'viewer' })).body.code).toBe(
      'member.not_shown',
    )
    expect((await admin.ask('POST', members, { email: 'ada@example.com', role: 'owner' })).status).toBe(201)
    expect((await bob.ask('DELETE', `${members}/ada@example.com`)).body.code).toBe('member.above')
    expect((await admin.ask('DELETE', `${members}/ada@example.com`)).body.code).toBe('member.last_owner')
    expect((await bob.ask('DELETE', `${members}/nobody@example.com`)).status).toBe(404)
    const invited = `${members}/owner@example.com`
    await admin.ask('POST', members, { email: 'owner@example.com', role: 'owner' })
    expect((await bob.ask('DELETE', invited)).body.code).toBe('member.above')
    expect((await admin.ask('DELETE', invited)).body).toMatchObject({ was: 'invitation' })
  })

  test('another password comes by a link from who looks after the installation', async () => {
    const admin = await signedIn('ada@example.com', passwords.ada)
    const bob = await signedIn('bob@example.com', passwords.bob)
    expect((await bob.ask('POST', '/v1/links', { kind: 'reset', email: 'ada@example.com' })).status).toBe(403)
    const order = { kind: 'reset', email: 'bob@example.com' }
    const { body: first } = await admin.ask<MadeLink>('POST', '/v1/links', order)
    const { body: link } = await admin.ask<MadeLink>('POST', '/v1/links', order)
    const password = 'what bob likes better'
    const use = (made: MadeLink) =>
      new Browser(port).ask('POST', '/v1/links/use', { key: keyOf(made), password })
    expect((await use(first)).body.code).toBe('link.invalid')
    expect((await use(link)).body).toMatchObject({ signedIn: true })
    expect((await use(link)).body.code).toBe('link.invalid')
    expect((await bob.ask('GET', '/v1/me')).status).toBe(401)
    passwords.bob = password
  })

  test('who is switched off is out at once; the last admin stays', async () => {
    const admin = await signedIn('ada@example.com', passwords.ada)
    const bob = await signedIn('bob@example.com', passwords.bob)
    const off = await admin.ask('PATCH', '/v1/users/bob@example.com', { disabled: true })
    expect(off.body).toMatchObject({ email: 'bob@example.com', disabledAt: expect.any(String) })
    expect((await bob.ask('GET', '/v1/me')).status).toBe(401)
    expect(
      (await ada().ask('POST', '/v1/sign-in', { email: 'bob@example.com', password: passwords.bob })).status,
    ).toBe(401)
    expect((await admin.ask('PATCH', '/v1/users/ada@example.com', { disabled: true })).body.code).toBe(
      'user.last_admin',
    )
    expect((await admin.ask('PATCH', '/v1/users/ada@example.com', { admin: false })).body.code).toBe(
      'user.last_admin',
    )
    await admin.ask('PATCH', '/v1/users/bob@example.com', { disabled: false })
  })
})

describe('#55 tokens', () => {
  test('are shown once, do what they may and no more, and end when revoked', async () => {
    const bob = await signedIn('bob@example.com', passwords.bob)
    const path = '/v1/namespaces/main/tokens'
    expect((await bob.ask('POST', path, { name: 'ci', rights: ['view', 'settings'] })).body).toMatchObject({
      code: 'token.rights',
      advice: expect.stringContaining('view, download_personal, import, run, undo, edit_jobs'),
    })
    expect((await bob.ask('POST', path, { name: 'ci', rights: ['tokens'] })).body.code).toBe('token.rights')
    const { body: made } = await bob.ask<MadeToken>('POST', path, { name: 'ci', rights: ['view'] })
    expect(made).toMatchObject({ owner: 'bob@example.com', expiresAt: expect.stringContaining('2026-05-30') })
    expect(made.token).toMatch(/^sluice_[\w-]{43}$/)
    expect((await bob.ask('POST', path, { name: 'ci', rights: ['view'] })).body.code).toBe('token.name_taken')

    const program = new Browser(port, { authorization: `Bearer ${made.token}` })
    expect((await program.ask<Me>('GET', '/v1/me')).body).toMatchObject({
      name: 'token ci of bob@example.com',
      admin: false,
    })
    expect((await program.ask('GET', '/v1/namespaces/main/runs')).status).toBe(200)
    expect((await program.ask('GET', '/v1/namespaces/canada/runs')).status).toBe(404)
    expect((await program.ask('POST', '/v1/namespaces/main/runs/r1001/stop', {})).status).toBe(403)
    expect((await program.ask('POST', '/v1/sign-out', {})).body.code).toBe('access.people_only')

    const { body: list } = await bob.ask<TokenList>('GET', path)
    expect(list.tokens).toMatchObject([
      { name: 'ci', prefix: made.token.slice(0, 13), usedAt: expect.any(String) },
    ])
    expect(JSON.stringify(list)).not.toContain(made.token)
    expect((await bob.ask('DELETE', `${path}/ci`)).body).toEqual({ revoked: 'ci' })
    expect((await program.ask('GET', '/v1/namespaces/main/runs')).status).toBe(401)
  })

  test('never may more than whose they are may today', async () => {
    const admin = await signedIn('ada@example.com', passwords.ada)
    const bob = await signedIn('bob@example.com', passwords.bob)
    const order = { name: 'robot', rights: ['view', 'run'], days: null }
    const { body: made } = await bob.ask<MadeToken>('POST', '/v1/namespaces/main/tokens', order)
    const program = new Browser(port, { authorization: `Bearer ${made.token}` })
    const stop = () => program.ask('POST', '/v1/namespaces/main/runs/r999999/stop', {})
    expect((await stop()).status).toBe(404)
    await admin.ask('PATCH', '/v1/namespaces/main/members/bob@example.com', { role: 'viewer' })
    expect((await stop()).body.code).toBe('access.no_right')
    await admin.ask('DELETE', '/v1/namespaces/main/members/bob@example.com')
    expect(await stop()).toMatchObject({ status: 404, body: { detail: 'There is no namespace main.' } })
  })
})

test('#55 too many requests are refused with the standard headers', async () => {
  const narrow = await ApiServer.open(database.connection, { perMinute: 3 })
  const browser = new Browser(await narrow.listenOnTcp())
  const answers = []
  for (let k = 0; k < 4; k++) answers.push(await browser.ask('GET', '/v1/problems/not_found'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
  expect(answers[0]!.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2' })
  expect(answers[3]!.headers['retry-after']).toMatch(/^\d+$/)
  expect(answers[3]!.body).toMatchObject({ code: 'access.too_many' })
  await narrow.close()
})

test('#55 whoever is refused is counted too', async () => {
  const narrow = await ApiServer.open(database.connection, { perMinute: 3 })
  const stranger = new Browser(await narrow.listenOnTcp(), { authorization: 'Bearer not-one-of-ours' })
  const statuses: number[] = []
  for (let k = 0; k < 5; k++) statuses.push((await stranger.ask('GET', '/v1/namespaces/main/runs')).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
  await narrow.close()
})

test('#55 every answer says what the browser may load, also a refusal', async () => {
  for (const path of ['/v1/problems/not_found', '/v1/namespaces/main/runs', '/nowhere']) {
    const { headers } = await ada().ask('GET', path)
    expect(headers['content-security-policy']).toContain(`default-src 'self'`)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['content-security-policy']).toContain(`frame-ancestors 'none'`)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  }
})
