// Corrections and retries as a caller of the API meets them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { CorrectionsAnswer } from './corrections.ts'
import type { RunErrors } from './errors.ts'
import type { ImportAnswer } from './imports.ts'
import type { Inspection } from './inspect.ts'
import type { RetryAnswerView, SkipAnswerView } from './recordMoveViews.ts'
import type { RecordPageView } from './records.ts'
import type { RunView } from './runView.ts'

const database = testDatabase()
let api: ApiServer

// Enough good addresses for the column to be taken for what it is.
const good = Array.from({ length: 12 }, (_, i) => `D${i},d${i}@example.com,Ulm`)
const people = [
  'customer_id,email,city',
  'C1,ada@example.com,London',
  'C2,broken,Wien',
  'C3,broken,Graz',
  ...good,
].join('\n')

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import(people)
})
afterAll(() => api.close())

const post = <T>(path: string, json: unknown) => api.ask<T>('POST', path, { json })

test('an upload is looked at, and imported as a child (P7)', async () => {
  const { body: errors } = await api.ask<string>('GET', '/runs/r1001/artifacts/errors')
  const semicolons = errors.replace('broken', 'bob@example.com').replaceAll(',', ';')
  const { id } = await api.upload(semicolons, 'corrected.csv')
  const { body: look } = await post<CorrectionsAnswer>(`/uploads/${id}/corrections`, {})
  expect(look.corrections).toMatchObject({
    runs: [{ id: 'r1001', file: 'people.csv' }],
    job: 'people.csv',
    dialect: { delimiter: ';' },
    records: 2,
    changed: 1,
    unchanged: 1,
  })
  const { status, body } = await post<ImportAnswer>('/corrections', { upload: id })
  expect({ status, body }).toMatchObject({ status: 201, body: { run: 'r1002', what: 'started' } })
  const child = await api.settled('r1002')
  expect(child).toMatchObject({
    run: { trigger: 'retry', parent: 'r1001', parents: ['r1001'], state: 'completed' },
    counters: { finished: { created: 1 }, skipped: { unchanged_correction: 1 } },
  })
  const { body: parent } = await api.ask<RunView>('GET', '/runs/r1001')
  expect(parent.run).toMatchObject({ children: ['r1002'], mended: { failed: 2, mended: 1, left: 1 } })
  expect((await api.ask<RunErrors>('GET', '/runs/r1001/errors')).body).toMatchObject({ failed: 2, mended: 1 })
})

test('rows name what they go back to and what retried them; lists mean the newest', async () => {
  const records = async (query: string) =>
    (await api.ask<RecordPageView>('GET', `/records?${query}`)).body.records.map(
      ({ id, origin, retriedIn }) => `${id} ${origin} ${retriedIn}`,
    )
  expect(await records('run=r1001&state=failed')).toEqual(['r1001/3 null null'])
  expect(await records('run=r1001&state=failed&all_attempts=true')).toEqual([
    'r1001/2 null r1002/1',
    'r1001/3 null null',
  ])
  expect(await records('run=r1002&outcome=created')).toEqual(['r1002/1 r1001/2 null'])
})

test('an ordinary upload is no error file', async () => {
  const { id } = await api.upload(people)
  expect((await post(`/uploads/${id}/corrections`, {})).body).toEqual({ corrections: null })
  expect(await post('/corrections', { upload: id })).toMatchObject({
    status: 422,
    body: { code: 'corrections.none' },
  })
})

test('records are counted, retried and skipped', async () => {
  const choice = { filter: { run: 'r1001', code: 'email.invalid' } }
  expect((await post<RetryAnswerView>('/records/retry', { ...choice, dryRun: true })).body).toEqual({
    asOf: expect.any(String),
    changed: 1,
    left: [],
    runs: [
      {
        run: null,
        parent: 'r1001',
        records: 1,
        version: 1,
        parentVersion: 1,
        latest: 1,
        note: null,
        staged: false,
      },
    ],
  })
  const { body } = await post<RetryAnswerView>('/records/retry', { ids: ['r1001/3', 'r1001/2'] })
  expect(body).toMatchObject({
    changed: 1,
    left: [{ record: 'r1001/2', count: 1 }],
    runs: [{ run: 'r1003' }],
  })
  expect((await api.settled('r1003')).counters.failed.total).toBe(1)
  expect((await post<SkipAnswerView>('/records/skip', { ids: ['r1001/1'] })).body).toMatchObject({
    changed: 0,
  })
})

test.each([
  ['nothing', {}, 400, 'retry.nothing'],
  ['both', { ids: ['r1001/1'], filter: { run: 'r1001' } }, 400, 'retry.nothing'],
  ['everything', { filter: {} }, 400, 'retry.nothing'],
  ['no such run', { filter: { run: 'r77' } }, 404, 'not_found'],
  ['not a record', { ids: ['r1001'] }, 400, 'invalid_request'],
])('%s is refused', async (_, json, status, code) => {
  expect(await post('/records/retry', json)).toMatchObject({ status, body: { code } })
})

test('what is not said about a dialect is detected', async () => {
  const { id } = await api.upload('email;city\nada@example.com;London\nbob@example.com;Wien\n')
  const { body } = await post<Inspection>(`/uploads/${id}/inspect`, { dialect: { encoding: 'utf-8' } })
  expect(body.dialect).toMatchObject({ delimiter: ';', headerLines: 1 })
})
