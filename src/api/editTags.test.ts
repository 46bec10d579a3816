// If-Match on what two people may edit: members, users, tokens, webhooks, secrets; over real HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putMember } from '../db/members.ts'
import { createUser } from '../db/users.ts'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { raw } from '../../test/support/raw.ts'

const database = testDatabase()
const now = '2026-03-01T00:00:00Z'
const place = '/v1/namespaces/main'
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  const { pool } = api.harness.db
  const { rows } = await pool.query<{ id: number }>(`select id from sluice.namespace where name = 'main'`)
  for (const name of ['owner', 'ada', 'bob']) {
    const email = `${name}@example.com`
    const { id } = await createUser(pool, { email, name, password: null, admin: false, now })
    const role = name === 'owner' ? 'owner' : 'viewer'
    await putMember(pool, rows[0]!.id, { userId: id, role, by: 'local', now })
  }
})
afterAll(() => api.close())

interface Seen {
  readonly status: number
  readonly etag: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(method: string, path: string, ifMatch?: string, json?: unknown): Promise<Seen> {
  const headers = {
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
  }
  const sent = json === undefined ? undefined : JSON.stringify(json)
  const answer = await raw({ socketPath: api.socket, method, path, headers }, sent)
  const body = JSON.parse(answer.text) as Seen['body']
  return { status: answer.status, etag: answer.headers.etag, body }
}

interface Edit {
  readonly noun: string
  /** Makes it, or makes it once more after it is gone. */
  readonly make: () => Promise<unknown>
  readonly list: string
  readonly path: string
  readonly method: string
  readonly first: unknown
  readonly second?: unknown
  /** Whether it is still there afterwards. */
  readonly stays: boolean
}

const stored = (value: string) => () => ask('PUT', `${place}/secrets/shop`, undefined, { value })
let added = 0
const member = (email: string) => async () => {
  const { body } = await ask('GET', `${place}/members/${email}`)
  if (body['code'] !== 'not_found') return
  const role = added++ % 2 === 0 ? 'operator' : 'viewer'
  await ask('POST', `${place}/members`, undefined, { email, role })
}
const token = () => ask('POST', `${place}/tokens`, undefined, { name: 'ci', rights: ['view'] })
const webhook = () =>
  ask('POST', `${place}/webhooks`, undefined, { name: 'chat', url: 'https://example.com/hook' })

const edits: readonly Edit[] = [
  {
    noun: 'the role of a member',
    make: member('ada@example.com'),
    list: `${place}/members`,
    path: `${place}/members/ada@example.com`,
    method: 'PATCH',
    first: { role: 'operator' },
    second: { role: 'admin' },
    stays: true,
  },
  {
    noun: 'a member',
    make: member('bob@example.com'),
    list: `${place}/members`,
    path: `${place}/members/bob@example.com`,
    method: 'DELETE',
    first: undefined,
    stays: false,
  },
  {
    noun: 'a user',
    make: async () => undefined,
    list: '/v1/users',
    path: '/v1/users/ada@example.com',
    method: 'PATCH',
    first: { disabled: true },
    second: { disabled: false },
    stays: true,
  },
  {
    noun: 'a token',
    make: token,
    list: `${place}/tokens`,
    path: `${place}/tokens/ci`,
    method: 'DELETE',
    first: undefined,
    stays: false,
  },
  {
    noun: 'a webhook',
    make: webhook,
    list: `${place}/webhooks`,
    path: `${place}/webhooks/chat`,
    method: 'DELETE',
    first: undefined,
    stays: false,
  },
  {
    noun: 'the value of a secret',
    make: stored('one'),
    list: `${place}/secrets`,
    path: `${place}/secrets/shop`,
    method: 'PUT',
    first: { value: 'two' },
    second: { value: 'three' },
    stays: true,
  },
  {
    noun: 'a secret',
    make: stored('one'),
    list: `${place}/secrets`,
    path: `${place}/secrets/shop`,
    method: 'DELETE',
    first: undefined,
    stays: false,
  },
]

describe.each(edits)('$noun ($method)', ({ make, list, path, method, first, second, stays }) => {
  test('answers a tag, in the list too; who edits what somebody else edited since is told so', async () => {
    await make()
    const seen = await ask('GET', path)
    expect([seen.status, seen.etag]).toEqual([200, expect.stringMatching(/^"[\w-]+"$/)])
    expect(seen.body['etag']).toBe(seen.etag)
    const { body } = await ask('GET', list)
    expect(Object.values(body).flat()).toContainEqual(expect.objectContaining({ etag: seen.etag }))

    expect((await ask(method, path, seen.etag, first)).status).toBe(200)
    // Meanwhile somebody made another one of the same name, or what was edited is another one now.
    if (!stays) await make()
    const late = await ask(method, path, seen.etag, second)
    expect([late.status, late.body['code']]).toEqual([412, 'edit.outdated'])

    const again = await ask('GET', path)
    expect(again.etag).not.toBe(seen.etag)
    expect((await ask(method, path, `"x", W/${again.etag}`, second)).status, 'weak by a proxy').toBe(200)
    if (!stays) await make()
    expect((await ask(method, path, undefined, first)).status, 'without the header as ever').toBe(200)
  })

  test('of two at the same moment one is second', async () => {
    await make()
    const { etag } = await ask('GET', path)
    const both = await Promise.all([1, 2].map(() => ask(method, path, etag, second ?? first)))
    const [done, refused] = both.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(done).toBe(200)
    // What is gone by then is not there any more.
    expect(stays ? [412] : [404, 412]).toContain(refused)
  })

  test('what is gone is not there to edit', async () => {
    const gone = path.replace(/[^/]+$/, path.includes('@') ? 'nobody@example.com' : 'nothing')
    const { status, body } = await ask(method, gone, '"x"', second ?? first)
    expect([404, 412]).toContain(status)
    expect(['not_found', 'secret.missing', 'edit.outdated']).toContain(body['code'])
  })
})

test('an edit answers the tag it has now', async () => {
  const path = `${place}/members/ada@example.com`
  const changed = await ask('PATCH', path, undefined, { role: 'approver' })
  expect(changed.etag).toBe((await ask('GET', path)).etag)
  const user = await ask('PATCH', '/v1/users/ada@example.com', undefined, { disabled: true })
  expect(user.etag).toBe((await ask('GET', '/v1/users/ada@example.com')).etag)
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
