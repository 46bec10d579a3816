// Single sign-on with a real identity provider (OpenID Connect) over real HTTP: who is let in as whom, and who is not.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import { client, IdentityProvider } from '../../test/support/identityProvider.ts'
import { person } from '../../test/support/persons.ts'
import { hashOf } from '../db/keys.ts'
import { makeLink } from '../db/links.ts'
import { findNamespace } from '../db/imports.ts'
import { changeUser, findUser } from '../db/users.ts'
import type { Me } from './me.ts'
import type { Access, SignOnSettings } from './place.ts'

const database = testDatabase()
let provider: IdentityProvider
let api: ApiServer
let port = 0
/** What the server is set up with; a test may say otherwise before it asks. */
const settings: { -readonly [K in keyof SignOnSettings]: SignOnSettings[K] } = {
  issuer: '',
  clientId: client.id,
  clientSecret: client.secret,
  name: 'Example Inc.',
  domains: ['example.com'],
  newPeople: null,
}
const access: { -readonly [K in keyof Access]?: Access[K] } = {
  signOn: settings,
  outboundAllow: ['127.0.0.0/8'],
}

beforeAll(async () => {
  provider = await IdentityProvider.open()
  settings.issuer = provider.issuer
  api = await ApiServer.open(database.connection, access)
  port = await api.listenOnTcp()
  await provider.serve(`http://127.0.0.1:${port}/v1/sign-in/oidc/callback`)
})
afterAll(async () => {
  await api.close()
  await provider.close()
})
beforeEach(() => {
  settings.domains = ['example.com']
  settings.newPeople = null
})

/** A browser that follows redirects between the two, with the cookies of each place. */
class Traveller {
  readonly #cookies = new Map<string, Map<string, string>>()

  async get(url: string): Promise<Response> {
    const { origin } = new URL(url)
    const jar = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }

  /** Follows until a page of ours that is none of the steps; answers its path. */
  async follow(url: string): Promise<string> {
    let place = url
    for (let steps = 0; steps < 12; steps++) {
      const answer = await this.get(place)
      const location = answer.headers.get('location')
      if (location === null) throw new Error(`${answer.status} at ${place}: ${await answer.text()}`)
      place = new URL(location, place).href
      const { port: at, pathname } = new URL(place)
      if (Number(at) === port && !pathname.startsWith('/v1/sign-in/oidc')) return place.slice(ours('').length)
    }
    throw new Error('redirected without end')
  }

  async me(): Promise<Me | number> {
    const answer = await this.get(ours('/v1/me'))
    return answer.status === 200 ? ((await answer.json()) as Me) : answer.status
  }
}

const ours = (path: string): string => `http://127.0.0.1:${port}${path}`

/** Somebody of the provider signs in; answers where they end, and who they are here then. */
async function comes(
  account: string,
  said: { email?: string; email_verified?: boolean; name?: string },
  back = '/n/main/runs?state=held',
): Promise<{ ends: string; me: Me | number }> {
  provider.accounts.set(account, said)
  provider.next = account
  const browser = new Traveller()
  const ends = await browser.follow(ours(`/v1/sign-in/oidc?back=${encodeURIComponent(back)}`))
  return { ends, me: await browser.me() }
}

const verified = (email: string) => ({ email, email_verified: true })
const problem = (code: string) => ({ ends: `/sign-in?problem=${code}`, me: 401 })

describe('#5 single sign-on', () => {
  test('lets nobody in before there is a first admin', async () => {
    settings.newPeople = { namespace: 'main', role: 'owner' }
    expect(await comes('early', verified('early@example.com'))).toEqual(problem('sign_on.unknown'))
    await person(api, 'root', 'all')
  })

  test('lets in who has a user, by their verified address, and leads them back to where they were', async () => {
    await person(api, 'ada', 'operator')
    const { ends, me } = await comes('ada-1', verified('Ada@Example.com'))
    expect(ends).toBe('/n/main/runs?state=held')
    expect(me).toMatchObject({
      via: 'session',
      user: { email: 'ada@example.com' },
      options: { signOn: { name: 'Example Inc.' } },
    })
    // From now on it is the account that counts, whatever its address is.
    const again = await comes('ada-1', { email: 'lovelace@example.com', email_verified: false })
    expect(again.me).toMatchObject({ user: { email: 'ada@example.com' } })
  })

  test('an address that is not verified, of another domain, or of nobody lets nobody in', async () => {
    await person(api, 'bob', 'viewer')
    expect(await comes('evil', { email: 'bob@example.com', email_verified: false })).toEqual(
      problem('sign_on.unverified'),
    )
    expect(await comes('evil', { email: 'bob@example.com' })).toEqual(problem('sign_on.unverified'))
    expect(await comes('other', verified('bob@example.com.evil.example'))).toEqual(problem('sign_on.domain'))
    expect(await comes('none', {})).toEqual(problem('sign_on.domain'))
    expect(await comes('carl', verified('carl@example.com'))).toEqual(problem('sign_on.unknown'))
    expect(await findUser(api.harness.db.pool, 'carl@example.com')).toBeUndefined()
    const { rows } = await api.harness.db.pool.query<{ who: string; result: string }>(
      `select who, result from sluice.audit where did = 'Sign in at the identity provider' and who like 'bob@example.com' order by id`,
    )
    expect(rows.map(({ result }) => result)).toEqual(['sign_on.unverified', 'sign_on.unverified'])
  })

  test('makes a user of who is invited, with the role they were invited as', async () => {
    const { id: namespaceId } = await findNamespace(api.harness.db.pool, 'main')
    const order = { kind: 'invitation', namespaceId, email: 'dora@example.com', role: 'approver' } as const
    await makeLink(api.harness.db.pool, order, { by: 'root@example.com', now: '2026-03-01T00:00:00Z' })
    const { me } = await comes('dora', { ...verified('dora@example.com'), name: 'Dora' })
    expect(me).toMatchObject({
      user: { email: 'dora@example.com', name: 'Dora', hasPassword: false },
      namespaces: [{ namespace: 'main', role: 'approver' }],
    })
  })

  test('makes a user of anybody where the settings say so, and of nobody who is switched off', async () => {
    settings.newPeople = { namespace: 'main', role: 'viewer' }
    expect((await comes('emil', verified('emil@example.com'))).me).toMatchObject({
      admin: false,
      namespaces: [{ namespace: 'main', role: 'viewer' }],
    })
    await api.harness.db.transaction((db) =>
      changeUser(db, 'emil@example.com', { disabled: true }, '2026-03-01T00:00:00Z'),
    )
    expect(await comes('emil', verified('emil@example.com'))).toEqual(problem('sign_on.switched_off'))
  })

  test('a second account of the same address is somebody else, until the user was switched off and on', async () => {
    await person(api, 'fay', 'viewer')
    const fay = verified('fay@example.com')
    expect((await comes('fay-1', fay)).me).toMatchObject({ user: { email: 'fay@example.com' } })
    expect(await comes('fay-2', fay)).toEqual(problem('sign_on.other_account'))
    expect((await comes('fay-1', fay)).me).toMatchObject({ user: { email: 'fay@example.com' } })
    for (const disabled of [true, false])
      await api.harness.db.transaction((db) =>
        changeUser(db, 'fay@example.com', { disabled }, '2026-03-01T00:00:00Z'),
      )
    expect((await comes('fay-2', fay)).me).toMatchObject({ user: { email: 'fay@example.com' } })
    expect(await comes('fay-1', fay)).toEqual(problem('sign_on.other_account'))
  })

  test('leads back to our own pages only', async () => {
    for (const back of ['//evil.example/', 'https://evil.example/', '/\\evil.example', 'x'])
      expect([back, (await comes('ada-1', verified('ada@example.com'), back)).ends]).toEqual([back, '/'])
  })

  test('a way back that another browser began, a second time, or with another state leads to nothing', async () => {
    provider.next = 'ada-1'
    const browser = new Traveller()
    const away = await browser.get(ours('/v1/sign-in/oidc'))
    const began = away.headers.get('set-cookie')!
    expect(began).toMatch(
      /^sluice-sign-on=[\w-]{43}; Path=\/v1\/sign-in\/oidc; Max-Age=600; HttpOnly; SameSite=Lax$/,
    )
    const toProvider = new URL(away.headers.get('location')!)
    expect(toProvider.searchParams.get('code_challenge_method')).toBe('S256')
    // On to the provider, as far as the way back to us.
    let place = toProvider.href
    while (!place.includes('/callback')) {
      const { headers } = await browser.get(place)
      place = new URL(headers.get('location')!, place).href
    }
    const stranger = new Traveller()
    expect(await stranger.follow(place)).toBe('/sign-in?problem=sign_on.failed')
    expect(await stranger.me()).toBe(401)
    const forged = new URL(place)
    forged.searchParams.set('state', 'another')
    expect(await browser.follow(forged.href)).toBe('/sign-in?problem=sign_on.failed')
    expect(await browser.follow(place), 'the try is used up').toBe('/sign-in?problem=sign_on.failed')
    expect(await browser.me()).toBe(401)
  })
})

test('#5 over https the try is in a cookie that no neighbouring site can plant', async () => {
  const behind = await ApiServer.open(database.connection, { ...access, baseUrl: 'https://sluice.example' })
  const browser = new Browser(await behind.listenOnTcp(), { host: 'sluice.example' })
  const { headers } = await browser.ask('GET', '/v1/sign-in/oidc')
  const [kept] = headers['set-cookie']!
  expect(kept).toMatch(
    /^__Host-sluice-sign-on=[\w-]{43}; Path=\/; Secure; Max-Age=600; HttpOnly; SameSite=Lax$/,
  )
  const key = kept!.split(';')[0]!.split('=')[1]!
  const tries = async (): Promise<number> =>
    (await behind.harness.db.pool.query('select from sluice.sign_on_try where hash = $1', [hashOf(key)]))
      .rowCount!
  const back = (cookie: string) =>
    browser.ask('GET', '/v1/sign-in/oidc/callback?code=x&state=y', undefined, { cookie })
  const name = '__Host-sluice-sign-on'
  for (const planted of [`sluice-sign-on=${key}`, `${name}=${key}; ${name}=another`])
    expect((await back(planted)).headers.location).toBe('/sign-in?problem=sign_on.failed')
  expect(await tries(), 'what was planted is not even looked at').toBe(1)
  await back(`${name}=${key}`)
  expect(await tries()).toBe(0)
  await behind.close()
})

describe('#5 the provider itself', () => {
  /** A server of its own with other settings. */
  async function other(more: Partial<Access>): Promise<string> {
    const server = await ApiServer.open(database.connection, { ...access, ...more })
    const at = await server.listenOnTcp()
    const answer = await fetch(`http://127.0.0.1:${at}/v1/sign-in/oidc`, { redirect: 'manual' })
    await server.close()
    return answer.headers.get('location') ?? String(answer.status)
  }

  test('is spoken to only where outbound addresses may be; its absence is said to the browser', async () => {
    const own = { ...settings }
    expect(await other({ signOn: own, outboundAllow: [] })).toBe('/sign-in?problem=sign_on.unreachable')
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port: closed } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const away = { ...settings, issuer: `http://127.0.0.1:${closed}` }
    expect(await other({ signOn: away })).toBe('/sign-in?problem=sign_on.unreachable')
    expect(await other({ signOn: null })).toBe('/sign-in?problem=sign_on.off')
  })
})
