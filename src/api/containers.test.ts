// Workbooks, tables and archives by the API: parts are listed, unpacked once, and imported like any other file.
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { makeXlsx, makeZip } from '../../test/support/containers.ts'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { ProblemAnswer } from './answers.ts'
import type { ImportAnswer } from './imports.ts'
import type { Inspection } from './inspect.ts'
import type { RunErrors } from './errors.ts'
import type { RunView } from './runView.ts'
import type { UploadView } from './uploadView.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

const head = ['customer_id', 'email', 'birth_date', 'lifetime_value', 'city']
const people = [
  ['C1', 'ada@example.com', '1980-02-29', '120.5', 'London'],
  ['C2', 'bob@example.com', '1999-12-31', '8', 'Wien'],
  ['C3', 'cleo@example.com', '', '1000', ''],
]
const csv = [head, ...people].map((row) => row.join(',')).join('\n')

/** The people as a person would type them: dates are dates, numbers numbers, with a title above. */
function workbook(): Promise<Buffer> {
  const rows = people.map(([id, email, born, value, city]) => [
    { value: id!, type: String },
    { value: email!, type: String },
    born === '' ? null : { value: new Date(`${born}T00:00:00Z`), type: Date, format: 'dd.mm.yyyy' },
    { value: Number(value), type: Number },
    city === '' ? null : { value: city!, type: String },
  ])
  return writeExcelFile([[{ value: 'Customers in May', type: String }], [], head, ...rows]).toBuffer()
}

async function part(upload: UploadView, name: string): Promise<UploadView> {
  return (await api.ask<UploadView>('POST', `/uploads/${upload.id}/parts`, { json: { name } })).body
}

async function importPart(upload: UploadView): Promise<RunView> {
  const { body: found } = await api.ask<Inspection>('POST', `/uploads/${upload.id}/inspect`, { json: {} })
  const definition = {
    dialect: found.dialect,
    columns: found.columns.map(({ column }) => column),
    mapping: found.mapping,
  }
  const json = { upload: upload.id, job: upload.fileName, definition }
  const { body } = await api.ask<ImportAnswer>('POST', '/imports', { json })
  return api.settled(body.run)
}

test('a workbook, a Parquet file and an archive give the same profiles as the CSV file', async () => {
  const first = await api.import(csv)
  expect(first.counters).toMatchObject({ total: 3, finished: { created: 3 } })

  const book = await api.upload(await workbook(), 'customers.xlsx')
  expect(book.container).toEqual({
    kind: 'xlsx',
    parts: [{ name: 'Sheet1', noun: 'sheet', hidden: false, empty: false, bytes: null }],
  })
  const sheet = await part(book, 'Sheet1')
  expect(sheet).toMatchObject({
    fileName: 'customers.xlsx',
    container: null,
    part: { name: 'Sheet1', noun: 'sheet' },
  })
  expect((await importPart(sheet)).counters).toMatchObject({ total: 3, finished: { unchanged: 3 } })

  const columnData = head.map((name, k) => ({
    name,
    data: people.map((row) => row[k] || null),
    type: 'STRING' as const,
  }))
  const table = await part(
    await api.upload(Buffer.from(parquetWriteBuffer({ columnData })), 'people.parquet'),
    'table',
  )
  expect((await importPart(table)).counters).toMatchObject({ total: 3, finished: { unchanged: 3 } })

  const archive = await api.upload(makeZip([{ name: 'in/people.csv', content: csv }]), 'people.zip')
  const file = await part(archive, 'in/people.csv')
  const plain = await api.upload(csv)
  expect(file).toMatchObject({ fileName: 'people.zip/in/people.csv', contentSha256: plain.contentSha256 })
  expect((await importPart(file)).counters).toMatchObject({ total: 3, finished: { unchanged: 3 } })
})

test('the original stays as it came, and a part is unpacked once, also when two ask at the same moment', async () => {
  const bytes = await workbook()
  const book = await api.upload(bytes, 'twice.xlsx')
  expect(book).toMatchObject({ contentBytes: bytes.length, originalBytes: bytes.length })
  const both = await Promise.all([part(book, 'Sheet1'), part(book, 'Sheet1')])
  expect(both[0].id).toBe(both[1].id)
  const { body } = await api.ask<string>('GET', `/uploads/${both[0].id}/content`)
  expect(body.split('\n').slice(0, 4)).toEqual([
    '["Customers in May"]',
    '',
    JSON.stringify(head),
    '["C1","ada@example.com","1980-02-29","120.5","London"]',
  ])
})

test('a problem names the row of the sheet', async () => {
  const cells = (row: readonly string[]): string =>
    row.map((value) => `<c t="str"><v>${value}</v></c>`).join('')
  const good = Array.from(
    { length: 12 },
    (_, i) => `<row r="${i + 3}">${cells([`D${i}`, `d${i}@example.com`, 'Graz'])}</row>`,
  )
  const rows = `<row r="2">${cells(['customer_id', 'email', 'city'])}</row>${good.join('')}<row r="17">${cells(['C7', 'no-address', 'Wien'])}</row><row r="18">${cells(['C8', 'h@example.com'])}<c t="e"><v>#N/A</v></c></row>`
  const book = await api.upload(makeXlsx({ sheets: [{ name: 'S', rows }] }), 'rows.xlsx')
  const { run } = await importPart(await part(book, 'S'))
  const { body } = await api.ask<RunErrors>('GET', `/runs/${run.id}/errors`)
  const found = body.causes.flatMap(({ code, examples }) =>
    examples.map(({ line, value }) => ({ code, line, value })),
  )
  expect(found.sort((a, b) => a.line! - b.line!)).toEqual([
    { code: 'email.invalid', line: 17, value: 'no-address' },
    { code: 'read.cell_error', line: 18, value: '#N/A' },
  ])
  const { body: errors } = await api.ask<string>('GET', `/runs/${run.id}/artifacts/errors`)
  expect(errors).toContain(`${run.id},C8,h@example.com,,18,`)
})

test('a container is never read as a whole', async () => {
  const book = await api.upload(await workbook(), 'whole.xlsx')
  const inspected = await api.ask<ProblemAnswer>('POST', `/uploads/${book.id}/inspect`, { json: {} })
  expect(inspected).toMatchObject({ status: 409, body: { code: 'container.whole' } })
  const wrong = await api.ask<ProblemAnswer>('POST', `/uploads/${book.id}/parts`, { json: { name: 'Nope' } })
  expect(wrong).toMatchObject({ status: 404, body: { code: 'container.part_missing' } })
  const csvPart = await api.ask<ProblemAnswer>('POST', `/uploads/${(await api.upload(csv)).id}/parts`, {
    json: { name: 'x' },
  })
  expect(csvPart).toMatchObject({ status: 404, body: { code: 'container.part_missing' } })
})

test('a workbook in an archive is opened; an archive in an archive and what cannot be read are refused', async () => {
  const inner = makeZip([{ name: 'a.csv', content: csv }])
  const outer = await api.upload(
    makeZip([
      { name: 'book.xlsx', content: await workbook() },
      { name: 'inner.zip', content: inner },
    ]),
    'outer.zip',
  )
  const book = await part(outer, 'book.xlsx')
  expect(book.container?.kind).toBe('xlsx')
  expect((await part(book, 'Sheet1')).fileName).toBe('outer.zip/book.xlsx')
  const nested = await api.ask<ProblemAnswer>('POST', `/uploads/${outer.id}/parts`, {
    json: { name: 'inner.zip' },
  })
  expect(nested).toMatchObject({ status: 422, body: { code: 'container.nested' } })

  const landings = async (): Promise<number> =>
    (await api.harness.db.pool.query('select from sluice.landing')).rowCount!
  const before = await landings()
  const refused = async (content: Buffer): Promise<string> =>
    (await api.ask<ProblemAnswer>('POST', '/uploads?file_name=x', { bytes: content })).body.code
  expect(await refused(Buffer.from('%PDF-1.7\n'))).toBe('container.not_supported')
  expect(await refused(Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]))).toBe(
    'container.not_supported',
  )
  expect(await refused(inner.subarray(0, 50))).toBe('container.damaged')
  expect(await landings()).toBe(before)
})
