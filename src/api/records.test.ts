// Records over HTTP: a staged job from landing to settling, filters, one record in four parts, skip and retry as of an instant.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiServer } from '../../test/support/apiServer.ts'
import { testDatabase } from '../../test/postgres.ts'
import { jobSetupSchema } from '../core/jobSetup.ts'
import type { Inspection } from './inspect.ts'
import type { RecordDetailView } from './recordDetail.ts'
import type { ProcessAnswerView, RetryAnswerView, SkipAnswerView } from './recordMoveViews.ts'
import type { RecordPageView } from './records.ts'
import type { RunView } from './runView.ts'

const database = testDatabase()
let api: ApiServer
let landing: string
let processing: string

const content = 'customer_id,email,city\nc1,a@x.org,Wien\nc2,broken,Graz\nc3,c@x.org,Linz\nc4,d@x.org,Linz\n'

/** Imports by a job whose records are processed two at a time. */
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  const upload = await api.upload(content, 'crm.csv')
  const { body } = await api.ask<Inspection>('POST', `/uploads/${upload.id}/inspect`, { json: {} })
  const { dialect, mapping } = body
  const definition = { dialect, columns: body.columns.map(({ column }) => column), mapping }
  const order = { upload: upload.id, job: 'crm', definition }
  // The first one makes the job; from then on it is staged.
  const dry = await api.ask<{ run: string }>('POST', '/imports', { json: { ...order, dryRun: true } })
  await api.settled(dry.body.run)
  const setup = jobSetupSchema.parse({ staged: { perRun: 2, everyMinutes: 60 } })
  await api.harness.db.pool.query('update sluice.job_version set setup = $1', [JSON.stringify(setup)])
  const { body: started } = await api.ask<{ run: string }>('POST', '/imports', {
    json: { ...order, again: true },
  })
  landing = started.run
  await api.settled(landing)
  const made = await api.ask<ProcessAnswerView>('POST', '/records/process', { json: { job: 'crm' } })
  processing = made.body.run!
  await api.settled(processing)
})
afterAll(() => api.close())

const list = async (query: string): Promise<string[]> => {
  const { body } = await api.ask<RecordPageView>('GET', `/records?${query}`)
  return body.records.map(({ id, state, outcome }) => `${id.split('/')[1]} ${state} ${outcome ?? '-'}`)
}

describe('records over HTTP', () => {
  test('the list, by job and by several states (AL-01, AL-08, AL-09)', async () => {
    expect(await list('job=crm')).toEqual([
      '1 finished created',
      '2 failed -',
      '3 finished created',
      '4 new -',
    ])
    expect(await list('job=crm&state=new,failed')).toEqual(['2 failed -', '4 new -'])
    expect(await list('type=crm.csv&type_contains=rm.&id_contains=/4')).toEqual(['4 new -'])
    expect((await api.ask('GET', '/records?job=nobody')).status).toBe(404)
    expect((await api.ask('GET', '/records?state=odd')).status).toBe(400)
  })

  test('one record: overview, data, import messages, export messages (AL-15 to AL-19)', async () => {
    const { body } = await api.ask<RecordDetailView>('GET', `/runs/${landing}/records/1`)
    expect(body.overview).toMatchObject({
      id: `${landing}/1`,
      state: 'finished',
      settledBy: processing,
      job: 'crm',
    })
    expect(body.data).toMatchObject({ raw: 'c1,a@x.org,Wien', line: 2, file: 'crm.csv' })
    expect(body.data!.mapped).toContainEqual({
      column: 'city',
      cell: 'Wien',
      target: 'attribute',
      key: 'city',
      value: 'Wien',
    })
    expect(body.exportMessages).toMatchObject([{ run: processing, state: 'finished', outcome: 'created' }])
    const failed = await api.ask<RecordDetailView>('GET', `/runs/${landing}/records/2`)
    expect(failed.body.importMessages).toMatchObject([
      { level: 'error', column: 'email', code: 'email.invalid' },
    ])
    expect(failed.body.exportMessages).toEqual([])
    // A row of the processing run is its account of a record.
    const account = await api.ask<RecordDetailView>('GET', `/runs/${processing}/records/2`)
    expect(account.body.overview.id).toBe(`${landing}/3`)
    expect((await api.ask('GET', `/runs/${landing}/records/99`)).status).toBe(404)
  })

  test('the run that landed says what it left; it is neither undone nor is a processing run continued', async () => {
    const { body } = await api.ask<RunView>('GET', `/runs/${landing}`)
    expect(body.counters).toMatchObject({ total: 4, read: 4, new: 1, finished: { total: 2 } })
    expect(body.run.undoableUntil).toBe(null)
    expect((await api.ask<RunView>('GET', `/runs/${processing}`)).body.run).toMatchObject({
      parents: [landing],
      moves: [],
    })
    const undo = await api.ask<{ code: string }>('POST', '/undos', { json: { runs: [landing] } })
    expect(undo).toMatchObject({ status: 409, body: { code: 'undo.processed' } })
    const resumed = await api.ask<{ code: string }>('POST', `/runs/${processing}/resume`)
    expect(resumed).toMatchObject({ status: 409, body: { code: 'run.process_resume' } })
  })

  test('skip and retry by filter: what was counted is what is changed (AL-21 to AL-26, E7, E8)', async () => {
    const filter = { job: 'crm', state: 'new,failed,finished' }
    const counted = await api.ask<SkipAnswerView>('POST', '/records/skip', { json: { filter, dryRun: true } })
    expect(counted.body).toMatchObject({ changed: 1 })
    const { asOf } = counted.body
    const { body } = await api.ask<SkipAnswerView>('POST', '/records/skip', { json: { filter, asOf } })
    expect(body.changed).toBe(1)
    expect(body.left.map(({ why, count }) => `${count} ${why}`)).toEqual([
      '2 is finished; skip is possible from new, retry',
      '1 is failed; skip is possible from new, retry',
    ])
    // The processing run is asked for: the rows it settled are meant.
    const retried = await api.ask<RetryAnswerView>('POST', '/records/retry', {
      json: { filter: { run: processing }, dryRun: true },
    })
    expect(retried.body).toMatchObject({ changed: 2, runs: [{ parent: landing, staged: true }] })
    const log = await api.harness.db.pool.query(
      `select details from sluice.log where kind = 'records_skipped'`,
    )
    expect(log.rows).toEqual([{ details: { changed: 1, left: 3 } }])
  })

  test('nothing waits; nothing is settled that does not wait (AL-D01)', async () => {
    const none = await api.ask<ProcessAnswerView>('POST', '/records/process', { json: { job: 'crm' } })
    expect(none.body).toEqual({ run: null, records: 0 })
    const settled = await api.ask('POST', '/records/settle', {
      json: { ids: [`${landing}/1`], state: 'finished' },
    })
    expect(settled.body).toMatchObject({ changed: 0, left: [{ count: 1, record: `${landing}/1` }] })
  })
})
