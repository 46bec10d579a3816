// Bulk bodies over real HTTP: CSV and JSON, plain and packed, tried dry, refused in words, broken off.
import { readdir } from 'node:fs/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, breakOff, type Answer } from '../../test/support/apiServer.ts'
import { until } from '../../test/until.ts'
import type { ProblemAnswer } from './answers.ts'
import type { BulkAnswer } from './bulk.ts'
import type { ProfileDetailView, ProfilePage } from './profileViews.ts'
import type { RunPage } from './runs.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

type Query = Readonly<Record<string, string | readonly string[]>>

function pathOf(format: 'csv' | 'json', query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one): [string, string] => [name, one]),
  )
  return `/bulk/${format}?${new URLSearchParams(pairs).toString()}`
}

function post<T = BulkAnswer>(
  format: 'csv' | 'json',
  bytes: string | Buffer,
  query: Query = {},
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return api.ask<T>('POST', pathOf(format, query), { bytes, headers })
}

/** Sends it while a worker works, and waits for its end. */
function done(
  format: 'csv' | 'json',
  bytes: string | Buffer,
  query: Query = {},
  headers: Record<string, string> = {},
): Promise<Answer<BulkAnswer>> {
  return api.harness.whileWorking(() => post(format, bytes, { wait: '60', ...query }, headers))
}

async function attributesOf(email: string): Promise<Record<string, unknown>> {
  const found = await api.ask<ProfilePage>('GET', `/profiles?identifier=${encodeURIComponent(email)}`)
  const id = found.body.profiles[0]!.id
  const { body } = await api.ask<ProfileDetailView>('GET', `/profiles/${id}`)
  return Object.fromEntries(body.attributes.map(({ key, value }) => [key, value]))
}

const people =
  'customer_id,email,city\nC1,ada@example.com,London\nC2,bob@example.com,Wien\nC3,nobody,Rome\nC4,dora@example.com,Bonn\n'

describe('LY-29 a bulk request', () => {
  test('imports CSV and says what became of it', async () => {
    const { status, body } = await done('csv', people, { filename: 'people.csv' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      run: 'r1001',
      what: 'started',
      job: 'people.csv',
      state: 'completed_with_errors',
      over: true,
      message_count: 4,
      rejected_count: 1,
      links: {
        run: '/v1/namespaces/main/runs/r1001',
        errors: '/v1/namespaces/main/runs/r1001/errors',
        errorFile: '/v1/namespaces/main/runs/r1001/artifacts/errors',
      },
    })
    expect(body.fields).toEqual([
      { field: 'customer_id', becomes: '@customer_id' },
      { field: 'email', becomes: '@email' },
      { field: 'city', becomes: 'city:text' },
    ])
    expect(await attributesOf('ada@example.com')).toMatchObject({ city: 'London' })
    for (const href of Object.values(body.links)) expect((await api.ask('GET', href!)).status).toBe(200)
  })

  test('the same body again is skipped and names the run, packed or not', async () => {
    for (const [bytes, headers] of [
      [people, {}],
      [gzipSync(people), { 'content-encoding': 'gzip' }],
      [zstdCompressSync(people), { 'content-encoding': 'zstd' }],
      [gzipSync(people), {}],
    ] as const) {
      const { status, body } = await post('csv', bytes, { filename: 'people.csv' }, headers)
      expect([status, body.what, body.by]).toEqual([200, 'skipped', 'r1001'])
      expect([body.message_count, body.rejected_count]).toEqual([4, 1])
    }
  })

  test('is answered at once with 202 while it is under way', async () => {
    const { status, body } = await post('csv', 'customer_id,city\nC9,Oslo\n')
    expect(status).toBe(202)
    expect(body).toMatchObject({ job: 'bulk', state: 'queued', over: false })
    expect([body.message_count, body.rejected_count]).toEqual([null, null])
    expect((await api.settled(body.run)).run.state).toBe('completed')
  })

  test('takes a JSON list, JSON lines, and what is remembered of such fields', async () => {
    const list = JSON.stringify([
      { customer_id: 'J1', email: 'jan@example.com', score: 7, tags: ['a', 'b'] },
      { customer_id: 'J2', email: 'jo@example.com', score: 8, tags: [] },
    ])
    const first = await done('json', list, { job: 'app', map: 'score=points:integer' })
    expect(first.body).toMatchObject({ state: 'completed', message_count: 2, rejected_count: 0 })
    expect(await attributesOf('jan@example.com')).toMatchObject({ points: 7, tags: ['a', 'b'] })
    const lines = '{"customer_id":"J3","email":"joe@example.com","score":9,"tags":["c"]}\n'
    const second = await done('json', lines, { job: 'app' })
    expect(second.body).toMatchObject({ state: 'completed', message_count: 1, mappingFrom: first.body.run })
    expect(await attributesOf('joe@example.com')).toMatchObject({ points: 9 })
  })
})

describe('LY-D10', () => {
  test('dryrun: says what would be rejected, and writes nothing', async () => {
    const before = await api.ask<{ count: number }>('GET', '/profiles/count')
    const { status, body } = await api.harness.whileWorking(() =>
      post('csv', 'customer_id,email\nD1,d@example.com\nD2,none of these\n', { dryrun: 'true' }),
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({ dryRun: true, over: true, message_count: 2, rejected_count: 1 })
    expect((await api.ask('GET', '/profiles/count')).body).toEqual(before.body)
  })

  test('headers and delimiter: a file without header', async () => {
    const { body } = await done('csv', 'H1|h1@example.com|Graz\nH2|h2@example.com|Linz\n', {
      headers: 'customer_id,email,city',
      delimiter: 'pipe',
      job: 'without-header',
    })
    expect(body).toMatchObject({ state: 'completed', message_count: 2 })
    expect(await attributesOf('h2@example.com')).toMatchObject({ city: 'Linz' })
  })

  test('append: constant fields, in both ways of writing', async () => {
    await done('csv', 'customer_id,email\nA1,a1@example.com\n', {
      append: ['source:news: letter=1', 'origin=web:shop'],
    })
    expect(await attributesOf('a1@example.com')).toMatchObject({
      source: 'news: letter=1',
      origin: 'web:shop',
    })
  })

  test('droperrors: goes on however many records fail', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `X${i},${i < 20 ? `x${i}@example.com` : 'at home'}\n`)
    const text = `customer_id,email\n${rows.join('')}`
    const mapped = { map: 'email=@email' }
    const held = await done('csv', text, { ...mapped, job: 'careful' })
    expect(held.body).toMatchObject({
      state: 'held',
      over: true,
      message_count: 200,
      rejected_count: 180,
      problem: { code: 'breaker.rejects' },
    })
    await api.ask('POST', `/runs/${held.body.run}/drop`)
    const { body } = await done('csv', text, { ...mapped, droperrors: 'true', job: 'careless' })
    expect(body).toMatchObject({ state: 'completed_with_errors', message_count: 200, rejected_count: 180 })
  })

  test('objects inside a list are refused where they cannot be a value', async () => {
    const { body } = await done(
      'json',
      '{"customer_id":"O1","tags":["x"]}\n{"customer_id":"O2","tags":[{"name":"x"}]}\n[1]\n',
    )
    expect(body).toMatchObject({ message_count: 3, rejected_count: 2 })
    const errors = await api.ask<{ causes: { code: string }[] }>('GET', body.links.errors)
    expect(errors.body.causes.map(({ code }) => code).sort()).toEqual([
      'list.objects',
      'read.json_not_object',
    ])
  })
})

test('a field that comes late in a large body is named as left out', async () => {
  const line = (i: number, more: object): string =>
    JSON.stringify({ customer_id: `L${i}`, email: `l${i}@example.com`, pad: 'x'.repeat(3_000), ...more })
  const count = 11_500
  const lines = Array.from({ length: count }, (_, i) => line(i, i === count - 1 ? { late: 'v' } : {}))
  const { body } = await done('json', lines.join('\n'), { job: 'late', dryrun: 'true' })
  expect(body).toMatchObject({ over: true, message_count: count, unmapped: ['late'] })
})

test('LY-31 timestamp_field: the later record wins, whatever comes first', async () => {
  const text =
    'customer_id,email,city,at\nT1,t1@example.com,New,2024-05-02T10:00:00Z\nT1,t1@example.com,Old,2024-05-01T10:00:00Z\n'
  const { body } = await done('csv', text, { timestamp_field: 'at', job: 'times' })
  expect(body.fields).toContainEqual({ field: 'at', becomes: 'time of the record' })
  expect(await attributesOf('t1@example.com')).toMatchObject({ city: 'New' })
})

describe('what does not fit is refused in words, and leaves nothing', () => {
  const cases: [string, 'csv' | 'json', string | Buffer, Query, Record<string, string>, string, number][] = [
    ['an empty body', 'csv', '', {}, {}, 'file.empty', 422],
    ['an empty list', 'json', '[]', {}, {}, 'bulk.no_records', 422],
    ['a header alone', 'csv', 'customer_id,email\n', {}, {}, 'bulk.no_records', 422],
    ['a field that is not there', 'csv', people, { timestamp_field: 'cty' }, {}, 'bulk.field_unknown', 422],
    ['a wrong delimiter', 'csv', people, { delimiter: ';' }, {}, 'bulk.delimiter_absent', 422],
    ['too few headers', 'csv', 'C1,Wien\n', { headers: 'id' }, {}, 'bulk.headers_differ', 422],
    ['no header', 'csv', 'C1,a@example.com\nC2,b@example.com\n', {}, {}, 'bulk.header_missing', 422],
    ['lost line ends', 'csv', people.replaceAll('\n', ''), {}, {}, 'bulk.header_missing', 422],
    ['a header twice', 'csv', 'C1,Wien\n', { headers: 'id,id' }, {}, 'bulk.parameter_invalid', 422],
    ['a constant without value', 'csv', people, { append: 'source' }, {}, 'bulk.parameter_invalid', 422],
    ['a target nobody knows', 'csv', people, { map: 'city=@nothing' }, {}, 'bulk.parameter_invalid', 422],
    ['a parameter nobody knows', 'csv', people, { timestampfield: 'x' }, {}, 'query.unknown', 400],
    ['JSON for CSV', 'csv', '[{"a":1}]', {}, {}, 'bulk.other_format', 422],
    ['CSV for JSON', 'json', people, {}, {}, 'bulk.other_format', 422],
    ['a list of numbers', 'json', '[1,2]', {}, {}, 'bulk.other_format', 422],
    ['nobody to be found in it', 'csv', 'a,b\n1,2\n1,2\n', {}, {}, 'bulk.question_open', 422],
    [
      'an encoding nobody reads',
      'csv',
      people,
      {},
      { 'content-encoding': 'br' },
      'bulk.encoding_unknown',
      415,
    ],
    [
      'a lie about the encoding',
      'csv',
      people,
      {},
      { 'content-encoding': 'gzip' },
      'bulk.encoding_differs',
      400,
    ],
    ['half of a gzip', 'csv', gzipSync(people).subarray(0, 60), {}, {}, 'file.compression_damaged', 422],
    ['a form', 'csv', people, {}, { 'content-type': 'multipart/form-data; boundary=x' }, 'bulk.form', 415],
  ]
  test.each(cases)('%s', async (_, format, bytes, query, headers, code, status) => {
    const runs = await api.ask<RunPage>('GET', '/runs?limit=500')
    const landed = await landings()
    const answer = await post<ProblemAnswer>(format, bytes, query, headers)
    expect([answer.body.code, answer.status]).toEqual([code, status])
    expect(answer.body.detail).not.toMatch(/\{\w+\}|--/)
    expect(answer.body.advice).not.toMatch(/\{\w+\}|--/)
    expect((await api.ask<RunPage>('GET', '/runs?limit=500')).body.runs.length).toBe(runs.body.runs.length)
    expect(await landings()).toBe(landed)
  })

  test('a body that breaks off midway', async () => {
    const landed = await landings()
    const options = {
      socketPath: api.socket,
      method: 'POST',
      path: '/v1/namespaces/main/bulk/csv',
      headers: { 'content-length': '100000' },
    }
    await breakOff(options, people)
    await until(async () => (await unfinished()) === 0)
    expect(await landings()).toBe(landed)
  })
})

async function landings(): Promise<number> {
  const { rows } = await api.harness.db.pool.query<{ count: number }>(
    'select count(*)::int as count from sluice.landing',
  )
  return rows[0]!.count
}

async function unfinished(): Promise<number> {
  return (await readdir(`${api.harness.folder}/.new`).catch(() => [])).length
}

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
