// Idempotency-Key over real HTTP: made once, answered the same, refused where it is another request.
import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, breakOff } from '../../test/support/apiServer.ts'
import { raw, type Raw } from '../../test/support/raw.ts'
import { until } from '../../test/until.ts'
import { keepAnswer, removeOldKeys, takeKey } from '../db/idempotency.ts'
import type { AuditPage } from './audit.ts'
import type { JobPage } from './jobs.ts'
import { makeOpenApi } from './openapi.ts'
import { takesKey } from './idempotency.ts'
import { routesWithHeaders } from './requestHeaders.ts'
import { routesWithNeeds } from './rights.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

interface Sent {
  readonly json?: unknown
  readonly bytes?: string | Buffer
  readonly headers?: Record<string, string>
}

function post(path: string, key: string, { json, bytes, headers = {} }: Sent): Promise<Raw> {
  const type = json === undefined ? 'application/octet-stream' : 'application/json'
  return raw(
    {
      socketPath: api.socket,
      method: 'POST',
      path: `/v1/namespaces/main${path}`,
      headers: { 'content-type': type, 'idempotency-key': key, ...headers },
    },
    json === undefined ? bytes : JSON.stringify(json),
  )
}

const codeOf = ({ text }: Raw): unknown => (JSON.parse(text) as { code?: string }).code
const idOf = ({ text }: Raw): unknown => (JSON.parse(text) as { id?: string }).id

describe('the same request with the same key', () => {
  test('makes a job once, and is answered the same', async () => {
    const key = randomUUID()
    const first = await post('/jobs', key, { json: { job: 'once' } })
    const second = await post('/jobs', key, { json: { job: 'once' } })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.text).toBe(first.text)
    expect(second.headers).toMatchObject({
      'idempotency-replayed': 'true',
      'content-type': first.headers['content-type'],
      etag: first.headers.etag,
    })
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    const { body } = await api.ask<JobPage>('GET', '/jobs')
    expect(body.jobs.filter(({ job }) => job === 'once')).toHaveLength(1)
  })

  test('leaves one line in the audit', async () => {
    const key = randomUUID()
    for (const _ of [1, 2, 3]) await post('/jobs', key, { json: { job: 'audited' } })
    const { body } = await api.ask<AuditPage>('GET', '/audit')
    expect(body.lines.filter(({ what }) => what === 'audited')).toHaveLength(1)
  })

  test('lands a file once, by its bytes', async () => {
    const key = randomUUID()
    const bytes = gzipSync('customer_id\nC1\n')
    const first = await post('/uploads?file_name=a.csv', key, { bytes })
    const second = await post('/uploads?file_name=a.csv', key, { bytes })
    expect(idOf(second)).toBe(idOf(first))
    expect(second.headers['idempotency-replayed']).toBe('true')
    const other = await post('/uploads?file_name=a.csv', key, { bytes: gzipSync('customer_id\nC2\n') })
    expect([other.status, codeOf(other)]).toEqual([422, 'idempotency.mismatch'])
  })

  test('starts a bulk import once', async () => {
    const key = randomUUID()
    const bytes = 'customer_id,email\nB1,b1@example.com\n'
    const first = await post('/bulk/csv', key, { bytes })
    const second = await post('/bulk/csv', key, { bytes })
    expect([first.status, second.status, second.text]).toEqual([202, 202, first.text])
    await api.settled((JSON.parse(first.text) as { run: string }).run)
  })

  test('two at the same moment: one is made', async () => {
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/jobs', key, { json: { job: 'together' } })),
    )
    const made = answers.filter(({ status, headers }) => status === 201 && !headers['idempotency-replayed'])
    expect(made).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 201).map(codeOf)
    expect(others.every((code) => code === 'idempotency.in_progress')).toBe(true)
  })
})

describe('another request with the same key', () => {
  test.each([
    ['another body', '/jobs', 'another'],
    ['another address', '/jobs?more=1', 'body'],
  ])('is refused: %s', async (name, path, job) => {
    const key = randomUUID()
    expect((await post('/jobs', key, { json: { job: `${name}: body` } })).status).toBe(201)
    const other = await post(path, key, { json: { job: `${name}: ${job}` } })
    expect([other.status, codeOf(other)]).toEqual([422, 'idempotency.mismatch'])
  })

  test('is another where the route or the namespace is another', async () => {
    const key = randomUUID()
    expect((await post('/jobs', key, { json: { job: 'by route' } })).status).toBe(201)
    expect((await post('/uploads', key, { bytes: 'customer_id\n1\n' })).status).toBe(201)
  })
})

test('what was refused made nothing, so its key is free', async () => {
  const key = randomUUID()
  expect((await post('/jobs', key, { json: { job: '' } })).status).toBe(400)
  expect((await post('/jobs', key, { json: { job: 'taken' } })).status).toBe(201)
  const taken = randomUUID()
  expect((await post('/jobs', taken, { json: { job: 'taken' } })).status).toBe(409)
  expect((await post('/jobs', taken, { json: { job: 'not taken' } })).status).toBe(201)
})

test('a body that broke off is sent again with the same key', async () => {
  const key = randomUUID()
  const options = {
    socketPath: api.socket,
    method: 'POST',
    path: '/v1/namespaces/main/uploads',
    headers: { 'content-length': '1000', 'idempotency-key': key },
  }
  await breakOff(options, 'customer_id\n')
  const again = await until(async () => {
    const answer = await post('/uploads', key, { bytes: 'customer_id\nC7\n' })
    return answer.status !== 409 && answer
  })
  expect(again.status).toBe(201)
})

test('a secret that is shown once is not kept: the second time says that it was made', async () => {
  const key = randomUUID()
  const order = { json: { name: 'ci', rights: ['view'] } }
  const first = await post('/tokens', key, order)
  expect(first.status).toBe(201)
  const { token } = JSON.parse(first.text) as { token: string }
  const second = await post('/tokens', key, order)
  expect([second.status, codeOf(second)]).toEqual([409, 'idempotency.shown_once'])
  const { rows } = await api.harness.db.pool.query<{ all: string }>(
    `select coalesce(string_agg(k::text, ' '), '') as all from sluice.idempotency k`,
  )
  expect(rows[0]!.all).not.toContain(token)
})

test('a key that does not fit is refused', async () => {
  for (const key of ['', 'with blanks', 'x'.repeat(256)])
    expect((await post('/jobs', key, { json: { job: 'never' } })).status).toBe(400)
})

test('a key is forgotten after a day, and one of a server that died is free', async () => {
  const { pool } = api.harness.db
  const id = Buffer.from('a key of the test')
  const request = Buffer.from('a request')
  const order = { id, namespaceId: null, request }
  expect(await takeKey(pool, order)).toBeNull()
  expect(await takeKey(pool, order)).toMatchObject({ answer: null })
  await pool.query(`update sluice.idempotency set alive_at = now() - interval '2 minutes' where id = $1`, [
    id,
  ])
  expect(await takeKey(pool, order)).toBeNull()
  await keepAnswer(pool, id, request, { status: 201, headers: {}, body: '{}' })
  await pool.query(`update sluice.idempotency set alive_at = now() - interval '2 minutes' where id = $1`, [
    id,
  ])
  expect(await takeKey(pool, order)).toMatchObject({ answer: { status: 201, body: '{}' } })
  await pool.query(`update sluice.idempotency set made_at = now() - interval '25 hours' where id = $1`, [id])
  expect(await removeOldKeys(pool)).toBe(1)
})

test('every route that makes something says in the OpenAPI document that it takes a key', async () => {
  const document = (await makeOpenApi('0.0.0')) as {
    paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>
  }
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      route: [method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1')] as const,
      named: parameters.some((one) => one.in === 'header' && one.name === 'idempotency-key'),
    })),
  )
  for (const { route, named } of described) expect([route, named]).toEqual([route, takesKey(...route)])
  expect(described.filter(({ named }) => named).length).toBeGreaterThan(20)
  expect(takesKey('POST', '/v1/namespaces/:namespace/imports')).toBe(true)
  expect(takesKey('POST', '/v1/sign-in')).toBe(false)
})

test('every header a route is said to heed belongs to a route', () => {
  expect(routesWithHeaders.filter((route) => !routesWithNeeds.has(route))).toEqual([])
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
