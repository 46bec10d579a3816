// Mapping memory over HTTP: kept when an import is started, found by the same or a similar header, forgotten on demand
// (requirement P9).
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { RunView } from './runView.ts'
import type { RecallAnswer, RememberedList } from './mappings.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
beforeEach(() => api.harness.db.pool.query('truncate sluice.mapping_memory'))
afterAll(() => api.close())

async function ask(columns: readonly string[], more: object = {}): Promise<RecallAnswer['remembered']> {
  const json = { columns, dialect: { format: 'csv', headerLines: 1 }, job: 'new.csv', ...more }
  const { body, status } = await api.ask<RecallAnswer>('POST', '/mappings/recall', { json })
  expect(status).toBe(200)
  return body.remembered
}

test('P9 nothing is remembered of a file nobody imported', async () => {
  expect(await ask(['email', 'city'])).toBeNull()
})

test('P9 the last import of a header is found, across jobs, in any order and spelling', async () => {
  await api.start('email,city\na@x.io,Wien\n', {}, 'first.csv')
  const second = await api.start('email,city\nb@x.io,Ulm\n', {}, 'second.csv')
  const found = await ask(['City', 'E-Mail'])
  expect(found).toMatchObject({ run: second.run, job: 'second.csv', file: 'second.csv', exact: true })
  expect(found?.definition.mapping.columns[0]).toMatchObject({ column: 'email', target: { kind: 'email' } })
})

test('P9 a similar header is found, the most similar first, and below 60 % none is', async () => {
  const near = await api.start('email,city,zip,phone\na@x.io,Wien,1010,1\n', {}, 'near.csv')
  await api.start('email,city,zip,fax,web\na@x.io,Wien,1010,1,x\n', {}, 'far.csv')
  expect(await ask(['E-Mail Adresse', 'Stadt', 'PLZ', 'tier'])).toMatchObject({ run: near.run, exact: false })
  expect(await ask(['email', 'city', 'a', 'b'])).toBeNull()
})

test('P9 a dry run leaves no memory', async () => {
  await api.start('email,name\na@x.io,Ada\n', { dryRun: true })
  expect(await ask(['email', 'name'])).toBeNull()
})

test('P9 a file without a header is known by its job name only', async () => {
  const answer = await api.start('email,born\na@x.io,2020-01-31\n')
  await api.harness.db.pool.query(`truncate sluice.mapping_memory`)
  const { body } = await api.ask<{ definition: object }>('GET', `/runs/${answer.run}/definition`)
  const upload = await api.upload('a@x.io,2020-01-31\n')
  const definition = { ...body.definition, dialect: { format: 'csv', encoding: 'utf-8', headerLines: 0 } }
  const job = 'daily 2026-01-01'
  expect((await api.ask('POST', '/imports', { json: { upload: upload.id, job, definition } })).status).toBe(
    201,
  )
  const headerless = { dialect: { format: 'csv', headerLines: 0 } }
  expect(await ask(['email', 'born'], { ...headerless, job: 'daily 2026-01-02' })).not.toBeNull()
  expect(await ask(['email', 'born'], { ...headerless, job: 'weekly 2026-01-02' })).toBeNull()
})

test('P9 the run names the one whose mapping it uses', async () => {
  const first = await api.start('email,age\na@x.io,41\n')
  const second = await api.start('email,age\na@x.io,42\n', { mappingFrom: first.run })
  const { body } = await api.ask<RunView>('GET', `/runs/${second.run}`)
  expect(body.run.mappingFrom).toBe(first.run)
})

test('P9 what is remembered can be seen and forgotten', async () => {
  const { run } = await api.start('email,shoe\na@x.io,41\n', {}, 'shoes.csv')
  const list = await api.ask<RememberedList>('GET', '/mappings')
  expect(list.body.remembered).toMatchObject([{ run, file: 'shoes.csv', columns: ['email', 'shoe'] }])
  const forget = () => api.ask('POST', `/runs/${run}/forget-mapping`, { json: {} })
  expect((await forget()).body).toEqual({ forgotten: 1 })
  expect((await forget()).body).toEqual({ forgotten: 0 })
  expect(await ask(['email', 'shoe'])).toBeNull()
})

test('P9 a mapping that cannot be is refused when it is ordered, not found by a worker', async () => {
  const answer = await api.start('email,city\na@x.io,Wien\n')
  const { body } = await api.ask<{ definition: { mapping: { columns: object[] } } }>(
    'GET',
    `/runs/${answer.run}/definition`,
  )
  const upload = await api.upload('email\na@x.io\n')
  const definition = { ...body.definition, columns: ['email'] }
  expect(
    await api.ask('POST', '/imports', { json: { upload: upload.id, job: 'x', definition } }),
  ).toMatchObject({
    body: { code: 'mapping.column_missing' },
  })
})
