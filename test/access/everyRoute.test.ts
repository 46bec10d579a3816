// Every route × every role × own and other namespaces, no session, dead sessions and dead tokens; and paths written
// otherwise (issue 5, #55). Made from the table of rights, so that no route is left out.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { needOf, routesWithNeeds, type Need } from '../../src/api/rights.ts'
import { rightNames, rightsOf, roleNames, tokenRights, type Role } from '../../src/core/access.ts'
import { putMember } from '../../src/db/members.ts'
import { createNamespace } from '../../src/db/migrate.ts'
import { makeToken, revokeToken } from '../../src/db/tokens.ts'
import { changeUser, createUser, startSession } from '../../src/db/users.ts'
import { testDatabase } from '../postgres.ts'
import { ApiServer, token as homeToken } from '../support/apiServer.ts'
import { Browser } from '../support/browser.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
const now = '2026-03-01T00:00:00Z'
const users = new Map<string, number>()
const namespaces = new Map<string, number>()

beforeAll(async () => {
  api = await ApiServer.open(database.connection, { perMinute: 10_000_000 })
  port = await api.listenOnTcp()
  const { pool } = api.harness.db
  await api.harness.db.withClient((client) => createNamespace(client, 'canada'))
  const { rows } = await pool.query<{ name: string; id: number }>('select name, id from sluice.namespace')
  for (const { name, id } of rows) namespaces.set(name, id)
  for (const name of [...roleNames, 'stranger', 'disabled', 'admin_of_all']) {
    const email = `${name}@example.com`
    const admin = name === 'admin_of_all'
    const { id } = await createUser(pool, { email, name, password: null, admin, now })
    users.set(name, id)
    const role = roleNames.find((one) => one === name) ?? (name === 'disabled' ? 'owner' : undefined)
    const added = { userId: id, by: 'local', now }
    if (role !== undefined) await putMember(pool, namespaces.get('main')!, { ...added, role })
    // A member of canada is no more in main for it.
    if (name === 'stranger') await putMember(pool, namespaces.get('canada')!, { ...added, role: 'owner' })
  }
})
afterAll(() => api.close())

const kept = new Map<string, Promise<Browser>>()

/** Routes that end sessions; what was kept of them is no good afterwards. */
function endsSessions({ method, route }: Line): boolean {
  return route === '/v1/sign-out' || (method === 'DELETE' && route.startsWith('/v1/me/sessions'))
}

/** A session of somebody, the same one each time; made long ago: one that has ended. */
function session(name: string, at = now): Promise<Browser> {
  const key = `${name} ${at}`
  const there = kept.get(key) ?? newSession(name, at)
  kept.set(key, there)
  return there
}

async function newSession(name: string, at: string): Promise<Browser> {
  const browser = new Browser(port)
  const from = { now: at, address: null, browser: null }
  browser.cookie = `sluice=${await startSession(api.harness.db.pool, users.get(name)!, from)}`
  return browser
}

let made = 0
type TokenOf = typeof newToken
const tokens = new Map<string, ReturnType<TokenOf>>()

/** A token of somebody, the same one each time. */
const tokenOf: TokenOf = (...of) => {
  const key = JSON.stringify(of)
  const there = tokens.get(key) ?? newToken(...of)
  tokens.set(key, there)
  return there
}

async function newToken(
  namespace: string,
  owner: string | null,
  { days = null as number | null, at = now } = {},
): Promise<{ browser: Browser; name: string }> {
  const name = `t${made++}`
  const userId = owner === null ? null : users.get(owner)!
  const order = { name, userId, rights: tokenRights, by: 'test', now: at, days }
  const { key } = await makeToken(api.harness.db.pool, namespaces.get(namespace)!, order)
  return { browser: new Browser(port, { authorization: `Bearer ${key}` }), name }
}

let gone: Promise<{ revoked: { browser: Browser }; disabled: Browser }> | undefined

/** A token that was revoked, and the session of somebody who was switched off. */
function dead(): NonNullable<typeof gone> {
  gone ??= (async () => {
    const { pool } = api.harness.db
    const revoked = await newToken('main', 'owner')
    await revokeToken(pool, namespaces.get('main')!, revoked.name, { userId: null, now })
    const disabled = await newSession('disabled', now)
    const off = { disabled: true }
    await api.harness.db.transaction((client) => changeUser(client, 'disabled@example.com', off, now))
    return { revoked, disabled }
  })()
  return gone
}

const places: Readonly<Record<string, string>> = {
  ':run': 'r999999',
  ':record': '1',
  ':upload': '00000000-0000-4000-8000-000000000000',
  ':job': 'nothing',
  ':profile': '999999',
  ':message': '999999',
  ':member': 'nobody@example.com',
  ':user': 'nobody@example.com',
  ':name': 'errors',
  ':token': 'nothing',
  ':session': '999999',
  ':approval': 'a999999',
  ':webhook': 'nothing',
  ':secret': 'nothing',
  ':code': 'not_found',
}

/** A route's path, about nothing that exists. */
function pathOf(route: string, namespace: string): string {
  return route.replaceAll(/:\w+/g, (name) => (name === ':namespace' ? namespace : (places[name] ?? 'x')))
}

interface Line {
  readonly method: string
  readonly route: string
  readonly need: Need
}
const lines: Line[] = [...routesWithNeeds].map(([line, need]) => {
  const [method, route] = line.split(' ') as [string, string]
  return { method, route, need }
})
const inNamespaces = lines.filter(({ need }) => rightNames.some((right) => right === need))

const bodiless: ReadonlySet<string> = new Set(['GET', 'DELETE', 'OPTIONS'])
/** Who balances load asks these without knowing anybody, and is answered whatever it sends. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

type Verdict = 'let in' | 'sign in' | 'no right' | 'no namespace' | 'refused'

/** What the guard said; `let in` whatever the route made of a request about nothing. */
async function verdict(browser: Browser, { method, route }: Line, namespace = 'main'): Promise<Verdict> {
  const path = pathOf(route, namespace)
  const body = bodiless.has(method) ? undefined : {}
  const answer = await browser.ask<{ code?: string; detail?: string }>(method, path, body)
  const { code, detail } = answer.body
  if (code === 'access.sign_in') return 'sign in'
  if (code === 'access.no_right') return 'no right'
  if (code === 'access.denied') return 'refused'
  if (code === 'not_found' && detail === `There is no namespace ${namespace}.`) return 'no namespace'
  return 'let in'
}

function expected(role: Role, need: Need): Verdict {
  if (need === 'public' || need === 'known') return 'let in'
  if (need === 'instance') return 'no right'
  return rightsOf(role).includes(need) ? 'let in' : 'no right'
}

describe.each(lines)('#55 $method $route', (line) => {
  const { need } = line
  afterEach(() => {
    if (endsSessions(line)) kept.clear()
  })

  test(`needs ${need}: every role has it or is refused`, async () => {
    const found = await Promise.all(
      roleNames.map(async (role) => [role, await verdict(await session(role), line)] as const),
    )
    expect(found).toEqual(roleNames.map((role) => [role, expected(role, need)]))
  })

  test('nobody, and who was somebody once, is nobody', async () => {
    const { revoked, disabled } = await dead()
    const callers = {
      'no session': new Browser(port),
      'a session of another key': Object.assign(new Browser(port), { cookie: `sluice=${'x'.repeat(43)}` }),
      'an idle session': await session('owner', '2026-02-20T00:00:00Z'),
      'an old session': await session('owner', '2026-01-01T00:00:00Z'),
      'a disabled user': disabled,
      'a token of a disabled user': (await tokenOf('main', 'disabled')).browser,
    }
    const wrong = {
      'a revoked token': revoked.browser,
      'an expired token': (await tokenOf('main', 'owner', { days: 1, at: '2026-02-01T00:00:00Z' })).browser,
      'no token of ours': new Browser(port, { authorization: `Bearer ${homeToken}x` }),
      'another way of signing in': new Browser(port, { authorization: `Basic ${homeToken}` }),
    }
    for (const [name, caller] of Object.entries(callers)) {
      const open = need === 'public' && (probes.has(line.route) || name !== 'a token of a disabled user')
      expect([name, await verdict(caller, line)]).toEqual([name, open ? 'let in' : 'sign in'])
    }
    // Who sends a token is judged by it, also where none is needed.
    for (const [name, caller] of Object.entries(wrong))
      expect([name, await verdict(caller, line)]).toEqual([
        name,
        probes.has(line.route) ? 'let in' : 'sign in',
      ])
  })
})

describe.each(inNamespaces)('#55 in another namespace: $method $route', (line) => {
  test('who does not belong to it finds none', async () => {
    for (const role of roleNames)
      expect([role, await verdict(await session(role), line, 'canada')]).toEqual([role, 'no namespace'])
    expect(await verdict(await session('stranger'), line)).toBe('no namespace')
    const { browser } = await tokenOf('canada', null)
    expect(await verdict(browser, line)).toBe('no namespace')
    const { browser: lost } = await tokenOf('main', 'stranger')
    expect(await verdict(lost, line)).toBe('no namespace')
  })

  test('who looks after the installation is let in, and a token as far as it may', async () => {
    expect(await verdict(await session('admin_of_all'), line, 'canada')).toBe('let in')
    expect(await verdict(new Browser(port, { authorization: `Bearer ${homeToken}` }), line)).toBe('let in')
    const { browser } = await tokenOf('main', null)
    const may = tokenRights.some((right) => right === line.need)
    expect(await verdict(browser, line)).toBe(may ? 'let in' : 'no right')
    const { browser: weak } = await tokenOf('main', 'viewer')
    expect(await verdict(weak, line)).toBe(line.need === 'view' ? 'let in' : 'no right')
  })
})

/** Ways to write a path that some servers take for the plain one. */
const variants: readonly (readonly [name: string, write: (path: string) => string])[] = [
  ['a slash behind', (path) => `${path}/`],
  ['two slashes before', (path) => `/${path}`],
  ['two slashes within', (path) => path.replace('/v1/', '/v1//')],
  ['a dot', (path) => path.replace('/v1/', '/v1/./')],
  ['up and down', (path) => path.replace('/v1/', '/v1/problems/../')],
  ['up, encoded', (path) => path.replace('/v1/', '/v1/problems/%2e%2e/')],
  ['up, encoded twice', (path) => path.replace('/v1/', '/v1/problems/%252e%252e/')],
  ['capitals', (path) => path.toUpperCase()],
  ['a letter encoded', (path) => path.replace('/v1/', '/%76%31/')],
  ['slashes encoded', (path) => path.replaceAll('/', '%2f').replace('%2f', '/')],
  ['a semicolon', (path) => `${path};/v1/problems/not_found`],
  ['a NUL', (path) => `${path}%00`],
  ['a suffix', (path) => `${path}.json`],
  ['a fragment', (path) => `${path}%23`],
  ['backslashes', (path) => path.replaceAll('/', '\\').replace('\\', '/')],
]

describe.each(variants)('#55 %s', (_, write) => {
  test('gives nobody more than the plain path', async () => {
    const stranger = await session('stranger')
    const viewer = await session('viewer')
    const nobody = new Browser(port)
    const let_in: string[] = []
    for (const { method, route, need } of lines) {
      if (need === 'public') continue
      const path = write(pathOf(route, 'main'))
      const callers = [
        nobody,
        ...(need === 'known' ? [] : [stranger]),
        ...(need === 'known' || need === 'view' ? [] : [viewer]),
      ]
      const body = bodiless.has(method) ? undefined : {}
      const answers = await Promise.all(callers.map((caller) => caller.ask(method, path, body)))
      for (const { status } of answers)
        if (![400, 401, 403, 404, 405, 414].includes(status)) let_in.push(`${method} ${path}: ${status}`)
    }
    expect(let_in).toEqual([])
  })
})

test('#55 HEAD is judged like GET, and other methods reach nothing', async () => {
  const nobody = new Browser(port)
  for (const { method, route, need } of lines) {
    if (method !== 'GET' || need === 'public') continue
    // Streams have no HEAD.
    const expected = route.endsWith('/live') ? 404 : 401
    expect([route, (await nobody.ask('HEAD', pathOf(route, 'main'))).status]).toEqual([route, expected])
  }
  for (const method of ['OPTIONS', 'TRACE', 'PROPFIND'])
    expect((await nobody.ask(method, '/v1/namespaces/main/runs')).status).toBe(404)
})

test('#55 a method may be named in no other way', async () => {
  const viewer = await session('viewer')
  const disguise = {
    'x-http-method-override': 'DELETE',
    'x-original-url': '/v1/stop',
    'x-rewrite-url': '/v1/stop',
  }
  expect((await viewer.ask('GET', '/v1/namespaces/main/runs', undefined, disguise)).status).toBe(200)
  expect(needOf('DELETE', '/v1/namespaces/:namespace/runs')).toBeUndefined()
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
