// Rows that failed, page by page; and mending them by rules and by single cells.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { RunErrors } from './errors.ts'
import type { ImportAnswer } from './imports.ts'

const database = testDatabase()
let api: ApiServer

const good = Array.from({ length: 60 }, (_, i) => `D${i},d${i}@example.com,2024-05-0${1 + (i % 9)},Ulm`)
const people = [
  'customer_id,email,born,city',
  'C1,ada(at)example.com,1990-01-01,"Bad, Ischl"',
  'C2,bob@example.com,last spring,Wien',
  'C3,cid(at)example.com,1991-02-03,Graz',
  'C4,"broken',
  ...good,
].join('\n')

interface Counted {
  readonly rows: number
  readonly last: number
  readonly examples: readonly { line: number; before: string; after: string }[]
  readonly looked: number
  readonly complete: boolean
}

interface Page {
  readonly skipped: number
  readonly columns: string[]
  readonly rows: {
    record: number
    line: number
    code: string
    column: string | null
    cells: (string | null)[]
  }[]
  readonly next: string | null
}

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import(people.replace('C4,"broken\n', ''))
})
afterAll(() => api.close())

const rejects = async (query = ''): Promise<Page> =>
  (await api.ask<Page>('GET', `/runs/r1001/rejects?${query}`)).body
const fix = (json: unknown) => api.ask<ImportAnswer & { rows: number }>('POST', '/runs/r1001/fixes', { json })
const count = (json: unknown) => api.ask<Counted>('POST', '/runs/r1001/fixes/count', { json })
const address = { code: 'email.invalid', column: 'email' }

test('P7: the rows that failed, as the file has them, by cause and page by page', async () => {
  const all = await rejects()
  expect(all.columns).toEqual(['customer_id', 'email', 'born', 'city'])
  expect(all.rows.map(({ record, line, code, column }) => [record, line, code, column])).toEqual([
    [1, 2, 'email.invalid', 'email'],
    [2, 3, 'date.invalid', 'born'],
    [3, 4, 'email.invalid', 'email'],
  ])
  expect(all.rows[0]!.cells).toEqual(['C1', 'ada(at)example.com', '1990-01-01', 'Bad, Ischl'])
  const of = new URLSearchParams(address)
  const first = await rejects(`${of.toString()}&limit=1`)
  expect(first.rows.map(({ record }) => record)).toEqual([1])
  const second = await rejects(`${of.toString()}&limit=1&cursor=${first.next}`)
  expect(second.rows.map(({ record }) => record)).toEqual([3])
  expect((await rejects(`${of.toString()}&cursor=${second.next ?? 0}&limit=5`)).next).toBeNull()
})

test('the middle of a long list is reached by passing over what lies before it', async () => {
  const second = await rejects('skip=1&limit=1')
  expect({ ...second, rows: second.rows.map(({ record }) => record) }).toMatchObject({
    skipped: 1,
    rows: [2],
  })
  const beyond = await rejects(`code=email.invalid&skip=5`)
  expect(beyond).toMatchObject({ skipped: 2, rows: [], next: null })
})

test('how many rows fixes would change is counted before anything is done, with what the last rule makes of them', async () => {
  const at = { cause: address, column: 'email', steps: [{ replace: { text: '(at)', with: '@' } }] }
  const upper = { cause: null, column: 'city', steps: [{ case: 'upper' }] }
  expect((await count({ rules: [at] })).body).toEqual({
    rows: 2,
    last: 2,
    examples: [
      { line: 2, before: 'ada(at)example.com', after: 'ada@example.com' },
      { line: 4, before: 'cid(at)example.com', after: 'cid@example.com' },
    ],
    looked: 3,
    complete: true,
  })
  expect((await count({ rules: [at, upper], exclude: [3] })).body).toMatchObject({ rows: 2, last: 2 })
  expect((await count({ rules: [upper, upper] })).body).toMatchObject({ rows: 3, last: 0, examples: [] })
  const stranger = { cause: null, column: 'mail', steps: ['trim'] }
  expect((await count({ rules: [stranger] })).body).toMatchObject({ code: 'step.column_missing' })
})

test('a dry run says what fixes would do; nothing is written', async () => {
  const rules = [{ cause: address, column: 'email', steps: [{ replace: { text: '(at)', with: '@' } }] }]
  const { status, body } = await fix({ rules, dryRun: true })
  expect({ status, rows: body.rows }).toEqual({ status: 201, rows: 2 })
  const { run } = await api.settled(body.run)
  expect(run).toMatchObject({ dryRun: true, parent: 'r1001' })
  expect(run.validation!['dryRun']).toMatchObject({ counters: { 'finished.created': 2 } })
})

test('a rule for a cause, a cell by hand, one row left out: a child run of just what changed', async () => {
  const { body } = await fix({
    rules: [{ cause: address, column: 'email', steps: [{ replace: { text: '(at)', with: '@' } }] }],
    edits: [{ record: 2, column: 'born', value: '1992-03-04' }],
    exclude: [3],
  })
  expect(body).toMatchObject({ what: 'started', rows: 2 })
  const child = await api.settled(body.run)
  expect(child).toMatchObject({
    run: { trigger: 'retry', parent: 'r1001', state: 'completed' },
    counters: { total: 2, finished: { created: 2 } },
  })
})

test('rows that were mended since are not among the open ones, and rules pass over them', async () => {
  expect((await rejects('open=true')).rows.map(({ record }) => record)).toEqual([3])
  expect((await rejects('open=true&skip=1')).rows).toEqual([])
  expect((await rejects()).rows).toHaveLength(3)
  const at = { cause: address, column: 'email', steps: [{ replace: { text: '(at)', with: '@' } }] }
  expect((await count({ rules: [at] })).body).toMatchObject({ rows: 1, looked: 1 })
  const again = { record: 2, column: 'city', value: 'Linz' }
  expect((await count({ rules: [at], edits: [again] })).body).toMatchObject({ rows: 2, looked: 2 })
  const { body } = await api.ask<RunErrors>('GET', '/runs/r1001/errors')
  expect(body).toMatchObject({ failed: 3, mended: 2 })
  const causes = Object.fromEntries(
    body.causes.map(({ code, count: failed, mended }) => [code, [failed, mended]]),
  )
  expect(causes).toEqual({ 'date.invalid': [1, 1], 'email.invalid': [2, 1] })
})

test('fixes that change nothing, or name a column that is not there, are refused', async () => {
  const same = [{ record: 1, column: 'email', value: 'ada(at)example.com' }]
  expect(await fix({ edits: same })).toMatchObject({ status: 422, body: { code: 'fixes.nothing' } })
  const stranger = [{ record: 1, column: 'mail', value: 'x' }]
  expect((await fix({ edits: stranger })).body).toMatchObject({ code: 'step.column_missing' })
  expect(await api.ask('GET', '/runs/r1002/rejects')).toMatchObject({ status: 404 })
})
