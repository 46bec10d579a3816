// Rows that failed, page by page; and mending them by rules and by single cells.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
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

interface Page {
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

test('fixes that change nothing, or name a column that is not there, are refused', async () => {
  const same = [{ record: 1, column: 'email', value: 'ada(at)example.com' }]
  expect(await fix({ edits: same })).toMatchObject({ status: 422, body: { code: 'fixes.nothing' } })
  const stranger = [{ record: 1, column: 'mail', value: 'x' }]
  expect((await fix({ edits: stranger })).body).toMatchObject({ code: 'step.column_missing' })
  expect(await api.ask('GET', '/runs/r1002/rejects')).toMatchObject({ status: 404 })
})
