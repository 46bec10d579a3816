// Downloads of a run: the processed file, and why something cannot be downloaded (BS-20, BS-21, BC-13, E10, P12).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { RunView } from './runView.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import('customer_id,email,city\nC1,a@example.com,Wien\n', {}, 'first.csv')
  const lines = ['C1,a@example.com,Wien', 'C2,nobody,Graz', 'C3,c@example.com,=1+1', '"C4,d@example.com,"']
  await api.import(`customer_id,email,city\n${lines.join('\n')}\n`)
})
afterAll(() => api.close())

const file = async (path: string): Promise<string> => (await api.ask<string>('GET', path)).body

test('BS-20, P12 the processed file has every record with its own cells and what became of it', async () => {
  expect(await file('/runs/r1002/processed')).toMatchInlineSnapshot(`
    "customer_id,email,city,_record,_line,_state,_outcome,_why,_profile
    C1,a@example.com,Wien,r1002/1,2,finished,unchanged,,1
    C2,nobody,Graz,r1002/2,3,failed,,"email.invalid: ""nobody"" in column email is not an e-mail address.",
    C3,c@example.com,'=1+1,r1002/3,4,finished,created,,1001
    ,,,r1002/4,5,failed,,"read.field_count: The record has 1 fields, the header has 3.",
    "
  `)
})

test('for programs cells are as they were read', async () => {
  expect(await file('/runs/r1002/processed?formulas=keep')).toContain('\nC3,c@example.com,=1+1,r1002/3,')
})

test('the file as it was read is there byte for byte, also while the run is going', async () => {
  const { body } = await api.ask<RunView>('GET', '/runs/r1001')
  const { href } = body.downloads.find(({ name }) => name === 'landing')!
  expect(await file(href.replace('/v1/namespaces/main', ''))).toBe(
    'customer_id,email,city\nC1,a@example.com,Wien\n',
  )
})

const downloads = async (run: string): Promise<Record<string, string | null>> => {
  const { body } = await api.ask<RunView>('GET', `/runs/${run}`)
  return Object.fromEntries(body.downloads.map(({ name, why }) => [name, why]))
}

test('E10, BS-21, BC-13 what cannot be downloaded says why', async () => {
  expect(await downloads('r1002')).toEqual({ errors: null, processed: null, landing: null, log: null })
  expect(await downloads('r1001')).toEqual({
    errors: 'No record failed.',
    processed: null,
    landing: null,
    log: null,
  })
  const { run } = await api.start('customer_id\nC9\n', {}, 'later.csv')
  expect(await downloads(run)).toMatchObject({ processed: 'The run is not over yet.' })
  expect(await api.ask('GET', `/runs/${run}/processed`)).toMatchObject({
    status: 409,
    body: { code: 'run.no_download', detail: `Run ${run} has no processed file. The run is not over yet.` },
  })
  await api.settled(run)
})

test('E10 what retention removed says when', async () => {
  const { pool } = api.harness.db
  await pool.query(
    `update sluice.run set artifacts = '{}', purged = '{"artifacts": "2026-02-01T00:00:00Z"}' where id = 1002`,
  )
  await pool.query(`update sluice.landing set purged_at = '2026-02-02T00:00:00Z'`)
  expect(await downloads('r1002')).toMatchObject({
    errors: 'It was removed by retention on 2026-02-01.',
    processed: 'It was removed by retention on 2026-02-02.',
    landing: 'It was removed by retention on 2026-02-02.',
  })
})

test('E10 a dry run processed nothing', async () => {
  const { run } = await api.start('customer_id\nC7\n', { dryRun: true }, 'dry.csv')
  await api.settled(run)
  expect(await downloads(run)).toMatchObject({ processed: 'It was a dry run: nothing was processed.' })
})
