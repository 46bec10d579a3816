// Sampling: a mapping is proposed from the real source, or the problem says what to change (BC-07 to BC-09, BS-D04, BS-D11).
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, type Answer } from '../../test/support/apiServer.ts'
import type { JobSampleView, SampledJob } from './jobSample.ts'
import type { JobDetail } from './jobView.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

let made = 0
/** A draft with a folder of its own, which holds the file. */
async function withFile(content: string | Buffer | null, name = 'people.csv'): Promise<string> {
  const path = `in${++made}`
  await mkdir(join(api.root, path))
  if (content !== null) await writeFile(join(api.root, path, name), content)
  const { body } = await api.ask<JobDetail>('POST', '/jobs', {
    json: { job: path, setup: { source: { kind: 'folder', path, pattern: '*.csv' } } },
  })
  return body.job
}

const sample = (job: string, json: object = {}): Promise<Answer<SampledJob>> =>
  api.ask<SampledJob>('POST', `/jobs/${job}/sample`, { json })

const people = 'customer_id;E-Mail;born\nC1;ada@example.com;1815-12-10\nC2;al@example.com;1912-06-23\n'

test('BC-07, BS-D11: the source is read, ten records shown, and the proposal is a version', async () => {
  const job = await withFile(people)
  const { body } = await sample(job)
  expect(body.sample).toMatchObject({
    file: 'people.csv',
    records: 2,
    dialect: { delimiter: ';' },
    mappingFrom: null,
  })
  expect(body.sample!.rows).toEqual([
    ['C1', 'ada@example.com', '1815-12-10'],
    ['C2', 'al@example.com', '1912-06-23'],
  ])
  expect(body.job).toMatchObject({
    state: 'draft',
    version: 2,
    mapped: true,
    sample: { file: 'people.csv' },
    problem: null,
  })
  expect(await api.ask('POST', `/jobs/${job}/activate`, { json: {} })).toMatchObject({ status: 200 })
})

test('BC-09: with other delimiters, encoding or another file it is read again', async () => {
  const job = await withFile('a\x1fb\nx\x1f1\n'.repeat(3))
  await sample(job)
  const { body } = await sample(job, { dialect: { delimiter: '\x1f', headerLines: 0 } })
  expect(body.sample).toMatchObject({ dialect: { delimiter: '\x1f', headerLines: 0 } })
  const upload = await api.upload(people, 'better.csv')
  expect((await sample(job, { upload: upload.id })).body.sample).toMatchObject({
    file: 'better.csv',
    records: 2,
  })
})

describe('BC-08: what is wrong, and which of mapping, encoding, delimiters and file to change', () => {
  test.each<[string, string | null, object, string]>([
    ['no file there', null, {}, 'file'],
    ['an empty file', 'customer_id,email\n', {}, 'file'],
    ['no identifier', 'colour,size\nred,3\nblue,4\n', {}, 'mapping'],
    ['an unknown encoding', people, { dialect: { encoding: 'klingon' } }, 'encoding'],
  ])('%s', async (_, content, order, what) => {
    const job = await withFile(content)
    const { body, status } = await sample(job, order)
    expect([status, body.job]).toMatchObject([
      200,
      { state: 'sampling_failed', problem: { code: 'sample.failed', details: { what } } },
    ])
    expect(body.job.next.length).toBeGreaterThan(10)
    expect(body.job.moves).toContain('sample')
  })

  test('then the file is there, and all is well', async () => {
    const job = await withFile(null)
    expect((await sample(job)).body.job.state).toBe('sampling_failed')
    await writeFile(join(api.root, job, 'people.csv'), people)
    expect((await sample(job)).body.job).toMatchObject({ state: 'draft', problem: null })
    await rm(join(api.root, job), { recursive: true })
  })

  test('or the mapping is written by hand', async () => {
    const job = await withFile('colour,size\nred,3\n')
    await sample(job)
    const mapping = { columns: [{ column: 'colour', target: { to: 'identifier', kind: 'external_id' } }] }
    const { body } = await api.ask<JobDetail>('PATCH', `/jobs/${job}`, { json: { definition: { mapping } } })
    expect(body).toMatchObject({ state: 'draft', problem: null })
  })
})

test('BC-09: an open question is asked before the job is activated', async () => {
  const job = await withFile('customer_id,born\nC1,03/04/1999\nC2,05/06/1999\n')
  const { body } = await sample(job)
  const [question] = body.job.sample!.questions
  expect(question).toMatchObject({
    flags: expect.arrayContaining([expect.stringContaining('--date-order')]) as string[],
  })
  const refused = await api.ask('POST', `/jobs/${job}/activate`, { json: {} })
  expect(refused).toMatchObject({ status: 422, body: { code: 'job.question_open' } })
  const columns = body.job.definition.mapping.columns.map((one) =>
    one.column === 'born' ? { ...one, format: { dateOrder: 'dmy' } } : one,
  )
  await api.ask('PATCH', `/jobs/${job}`, { json: { definition: { mapping: { columns } } } })
  expect(await api.ask('POST', `/jobs/${job}/activate`, { json: {} })).toMatchObject({ status: 200 })
})

test('P9: what was done with such a header before is proposed', async () => {
  const file = 'kunde,ort\nC9,Wien\n'
  const mapping = {
    columns: [
      { column: 'kunde', target: { to: 'identifier', kind: 'customer_id' } },
      { column: 'ort', target: { to: 'attribute', key: 'home_town', type: 'text' } },
    ],
  }
  const upload = await api.upload(file)
  const definition = { dialect: { format: 'csv', encoding: 'utf-8' }, columns: ['kunde', 'ort'], mapping }
  await api.ask('POST', '/imports', { json: { upload: upload.id, job: 'before', definition } })
  const { body } = await sample(await withFile(file))
  expect(body.sample?.mappingFrom).toMatch(/^r\d+$/)
  expect(body.job.definition.mapping.columns[1]).toMatchObject({ target: { key: 'home_town' } })
})

test('P9: a second look at the sample changes nothing, and tells what is new, gone and renamed', async () => {
  const job = await withFile('kunde,stadt,plz\nC9,Wien,1010\n')
  const columns = [
    { column: 'kunde', target: { to: 'identifier', kind: 'customer_id' } },
    { column: 'ort', target: { to: 'attribute', key: 'home_town', type: 'text' } },
    { column: 'plz', target: { to: 'attribute', key: 'plz', type: 'text' } },
  ]
  const upload = await api.upload('kunde,ort,plz\nC8,Graz,8010\n')
  const dialect = { format: 'csv', encoding: 'utf-8' }
  const names = columns.map(({ column }) => column)
  const definition = { dialect, columns: names, mapping: { columns } }
  await api.ask('POST', '/imports', { json: { upload: upload.id, job: 'such files', definition } })
  const before = (await sample(job)).body
  const { body } = await api.ask<JobSampleView>('GET', `/jobs/${job}/sample`)
  expect(body).toMatchObject({ rows: [['C9', 'Wien', '1010']], mappingFrom: before.sample!.mappingFrom })
  expect(body.news).toEqual(before.sample!.news)
  expect((await api.ask<JobDetail>('GET', `/jobs/${job}`)).body.version).toBe(before.job.version)
})

test('BS-D04: the template has the header and an example row in the signs of the job', async () => {
  const job = await withFile(people)
  expect(await api.ask('GET', `/jobs/${job}/template`)).toMatchObject({
    status: 422,
    body: { code: 'job.no_mapping' },
  })
  await sample(job)
  const { body, type } = await api.ask<string>('GET', `/jobs/${job}/template`)
  expect(type).toContain('text/csv')
  expect(body).toBe('customer_id;E-Mail;born\r\nC-1001;ada@example.com;2026-01-31\r\n')
})
