// Tags of answers over real HTTP: 304 for what the caller has, 412 for an edit of what has changed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { raw, type Raw } from '../../test/support/raw.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import('customer_id,email\nC1,ada@example.com\n')
  await api.ask('POST', '/jobs', { json: { job: 'nightly' } })
})
afterAll(() => api.close())

function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  json?: unknown,
): Promise<Raw> {
  const type = json === undefined ? {} : { 'content-type': 'application/json' }
  return raw(
    { socketPath: api.socket, method, path: `/v1/namespaces/main${path}`, headers: { ...type, ...headers } },
    json === undefined ? undefined : JSON.stringify(json),
  )
}

test.each(['/runs/r1001', '/profiles/1', '/attributes', '/runs?limit=1'])(
  'who has %s already is told so',
  async (path) => {
    const first = await ask('GET', path)
    expect([first.status, first.headers.etag]).toEqual([200, expect.stringMatching(/^W\/"[\w-]+"$/)])
    const again = await ask('GET', path, { 'if-none-match': `"other", ${first.headers.etag}` })
    expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, first.headers.etag])
    expect((await ask('GET', path, { 'if-none-match': '"other"' })).status).toBe(200)
  },
)

test('what changed is answered in full', async () => {
  const { headers } = await ask('GET', '/jobs/nightly/versions')
  await ask('PATCH', '/jobs/nightly', {}, { name: 'nightlier' })
  expect((await ask('GET', '/jobs/nightlier/versions', { 'if-none-match': headers.etag! })).status).toBe(200)
})

test('a refusal has no tag', async () => {
  expect((await ask('GET', '/runs/r9999')).headers.etag).toBeUndefined()
})

test('settings: an edit that names what it looked at does not overwrite what somebody else chose', async () => {
  const { headers } = await ask('GET', '/settings')
  const tag = headers.etag!
  const mine = await ask('PATCH', '/settings', { 'if-match': tag }, { quota: 1000 })
  expect([mine.status, mine.headers.etag]).toEqual([200, expect.not.stringMatching(tag)])
  const late = await ask('PATCH', '/settings', { 'if-match': tag }, { quota: 2000 })
  expect([late.status, (JSON.parse(late.text) as { code: string }).code]).toEqual([412, 'edit.outdated'])
  const now = await ask('GET', '/settings')
  expect(now.headers.etag).toBe(mine.headers.etag)
  expect((JSON.parse(now.text) as { settings: { quota: number } }).settings.quota).toBe(1000)
  expect(
    (await ask('PATCH', '/settings', { 'if-match': `"x", ${now.headers.etag}` }, { quota: null })).status,
  ).toBe(200)
  // Programs that do not ask for it are not held to it.
  expect((await ask('PATCH', '/settings', {}, { quota: 5 })).status).toBe(200)
  expect((await ask('PATCH', '/settings', { 'if-match': '*' }, { quota: null })).status).toBe(200)
})

test('settings: of two edits at once that looked at the same, one is refused', async () => {
  const { headers } = await ask('GET', '/settings')
  const both = await Promise.all(
    [1, 2].map((quota) =>
      ask('PATCH', '/settings', { 'if-match': headers.etag! }, { quota: quota * 1_000_000 }),
    ),
  )
  expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 412]))
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
