// One's own sessions, name and address; over real HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import { silentLog } from '../../test/support/importHarness.ts'
import { browserOf, password, person } from '../../test/support/persons.ts'
import { makeLink } from '../db/links.ts'
import { countTry } from '../db/signInTries.ts'
import { prepareChores } from '../engine/chores/runner.ts'
import type { Me, SignInOptions } from './me.ts'
import type { SessionList } from './sessions.ts'
import type { UserView } from './users.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
let ada = 0
let bob = 0
/** What the page to sign in is told while there is nobody. */
let before: SignInOptions
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

beforeAll(async () => {
  api = await ApiServer.open(database.connection, { baseUrl: 'http://sluice.example', mail: true })
  await prepareChores({ db: api.harness.db, log: silentLog })
  port = await api.listenOnTcp()
  before = (await new Browser(port).ask<SignInOptions>('GET', '/v1/sign-in/options')).body
  ada = await person(api, 'ada', 'all')
  bob = await person(api, 'bob', 'operator')
})
afterAll(() => api.close())

const sessionsOf = async (browser: Browser): Promise<SessionList['sessions']> =>
  (await browser.ask<SessionList>('GET', '/v1/me/sessions')).body.sessions
const me = async (browser: Browser): Promise<Me> => (await browser.ask<Me>('GET', '/v1/me')).body
const status = async (browser: Browser): Promise<number> => (await browser.ask('GET', '/v1/me')).status

describe('#5 one’s own sessions', () => {
  test('are listed with device and address, this one marked, and end one by one or all the others', async () => {
    const [here, there, elsewhere] = [
      await browserOf(api, port, bob, firefox),
      await browserOf(api, port, bob),
      await browserOf(api, port, bob),
    ]
    const listed = await sessionsOf(here)
    expect(listed).toHaveLength(3)
    const own = listed.find(({ thisOne }) => thisOne)!
    expect(own).toMatchObject({ device: 'Firefox on Linux', address: '127.0.0.1' })
    expect(own.endsAt).toContain('2026-03-08T00:00:00')

    const gone = (await sessionsOf(there)).find(({ thisOne }) => thisOne)!
    expect((await here.ask('DELETE', `/v1/me/sessions/${gone.id}`)).body).toEqual({ ended: 1 })
    expect(await status(there)).toBe(401)
    expect((await here.ask('DELETE', `/v1/me/sessions/${gone.id}`)).status).toBe(404)
    expect((await here.ask('DELETE', '/v1/me/sessions')).body).toEqual({ ended: 1 })
    expect([await status(elsewhere), await status(here)]).toEqual([401, 200])

    // Its own one: signed out, and the cookie goes.
    await here.ask('DELETE', `/v1/me/sessions/${own.id}`)
    expect(here.cookie).toBeUndefined()
  })

  test('of somebody else are as good as not there', async () => {
    const [mine, theirs] = [await browserOf(api, port, bob), await browserOf(api, port, ada)]
    const other = (await sessionsOf(theirs)).find(({ thisOne }) => thisOne)!
    expect((await mine.ask('DELETE', `/v1/me/sessions/${other.id}`)).status).toBe(404)
    expect(await status(theirs)).toBe(200)
  })

  test('are for people: a token and this machine have none', async () => {
    expect((await api.ask('GET', '/v1/me/sessions')).status).toBe(403)
  })
})

describe('#5 who one is', () => {
  test('is asked for in the ways there are; before the first admin that there is none', async () => {
    expect(before).toEqual({ passwordReset: true, signOn: null, firstAdmin: true })
    const now = await new Browser(port).ask<SignInOptions>('GET', '/v1/sign-in/options')
    expect(now.body).toEqual({ ...before, firstAdmin: false })
  })

  test('says in one answer all that a page needs to begin with', async () => {
    const found = await me(await browserOf(api, port, bob))
    expect(found).toMatchObject({
      via: 'session',
      admin: false,
      user: { email: 'bob@example.com', hasPassword: true, twoFactor: { on: false, recoveryCodes: 0 } },
      namespaces: [{ namespace: 'main', label: 'main', role: 'operator', zone: 'UTC', dialect: 'sluice' }],
      options: { passwordReset: true, signOn: null, firstAdmin: false },
    })
    expect(found.namespaces[0]!.rights).toContain('run')
  })

  test('another name holds at once', async () => {
    const browser = await browserOf(api, port, bob)
    const changed = await browser.ask<Me>('PATCH', '/v1/me', { name: ' Bob B. ' })
    expect(changed.body.user?.name).toBe('Bob B.')
    expect((await me(browser)).user?.name).toBe('Bob B.')
    expect((await browser.ask('PATCH', '/v1/me', { name: ' ' })).status).toBe(400)
  })
})

describe('#5 another address', () => {
  const order = (email: string, typed = password) => ({ email, password: typed })

  test('needs the password, and a link that is mailed there', async () => {
    const browser = await browserOf(api, port, bob)
    expect(
      (await browser.ask('POST', '/v1/me/email', order('new@example.com', 'wrong password'))).status,
    ).toBe(401)
    const asked = await browser.ask('POST', '/v1/me/email', order('new@example.com'))
    expect(asked.body).toEqual({ email: 'bob@example.com', mailed: true })
    const taken = await browser.ask('POST', '/v1/me/email', order('ada@example.com'))
    expect(taken.body, 'that somebody has it is told to nobody').toEqual(asked.body)

    const { key } = await makeLink(
      api.harness.db.pool,
      { kind: 'email', userId: bob, email: 'new@example.com' },
      { by: 'bob@example.com', now: '2026-03-01T00:00:00Z' },
    )
    const stranger = new Browser(port)
    const look = await stranger.ask('POST', '/v1/links/look', { key })
    expect(look.body).toMatchObject({ kind: 'email', email: 'new@example.com', known: true })
    const used = await stranger.ask('POST', '/v1/links/use', { key })
    expect(used.body).toEqual({ email: 'new@example.com', signedIn: false })
    expect(stranger.cookie).toBeUndefined()
    expect((await me(browser)).user?.email).toBe('new@example.com')
    expect((await stranger.ask('POST', '/v1/links/use', { key })).status).toBe(410)
  })

  test('who looks after the installation changes their own and that of others at once', async () => {
    const browser = await browserOf(api, port, ada)
    const own = await browser.ask('POST', '/v1/me/email', order('ada2@example.com'))
    expect(own.body).toEqual({ email: 'ada2@example.com', mailed: false })
    const other = await browser.ask<UserView>('PATCH', '/v1/users/new@example.com', {
      email: 'bob@example.com',
    })
    expect(other.body.email).toBe('bob@example.com')
    const taken = await browser.ask('PATCH', '/v1/users/bob@example.com', { email: 'ada2@example.com' })
    expect(taken.body).toMatchObject({ code: 'user.email_taken' })
  })

  test('guessing the password by way of it counts as trying to sign in', async () => {
    const browser = await browserOf(api, port, bob)
    for (let k = 0; k < 8; k++)
      await countTry(api.harness.db.pool, 'bob@example.com', '127.0.0.1', '2026-03-01T00:00:00Z')
    expect((await browser.ask('POST', '/v1/me/email', order('x@example.com'))).status).toBe(429)
  })
})
