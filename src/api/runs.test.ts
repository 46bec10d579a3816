// Run history over HTTP: phases, stages, pace, queue, planned runs, and the words of the vendors.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { RunPage } from './runs.ts'
import type { RunView } from './runView.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  const people = ['C1,a@example.com', 'C2,b@example.com', 'C3,not-an-address', 'C4,d@example.com']
  await api.import(`customer_id,email\n${people.join('\n')}\n`)
})
afterAll(() => api.close())

const show = async (run: string, query = ''): Promise<RunView> =>
  (await api.ask<RunView>('GET', `/runs/${run}${query}`)).body

test('BS-12, BS-13, BS-14, BS-15, BS-17, BS-18, BC-23 fetch and processing have a status and times of their own', async () => {
  const { run } = await show('r1001')
  expect(run.state).toBe('completed_with_errors')
  expect(run.fetch).toMatchObject({ status: 'fetched' })
  expect(Date.parse(run.fetch!.endedAt!)).toBeGreaterThanOrEqual(Date.parse(run.fetch!.startedAt!))
  expect(run.process).toBe('processed')
  expect(run.stages.map(({ stage }) => stage)).toEqual(['fetching', 'validating', 'importing', 'processing'])
  for (const { startedAt, endedAt } of run.stages)
    expect(Date.parse(endedAt!)).toBeGreaterThanOrEqual(Date.parse(startedAt))
})

test('BS-19, BC-13 the numbers of a run and the share that failed', async () => {
  const { counters, rates } = await show('r1001')
  expect({ total: counters.total, failed: counters.failed.total, rates: rates.failedPercent }).toEqual({
    total: 4,
    failed: 1,
    rates: 25,
  })
})

test.each([
  [
    'BS-17, BS-19',
    'blueshift',
    'Processed',
    { 'Total records': 4, 'Processed records': 3, 'Errored records': 1 },
  ],
  ['BC-13', 'bluecore', 'Completed with errors', { 'Failed %': 25 }],
  ['BL-18, BL-19', 'blueconic', 'FINISHED', { Checked: 3, Created: 3, Updated: 0, Unchanged: 0, Skipped: 0 }],
  ['LY-19', 'lytics', 'Completed', { Added: 3, Removed: 0, Omitted: 0 }],
  ['AL-04, AL-05', 'alumio', 'Completed with errors', { Finished: 3, Failed: 1, New: 0 }],
])('%s the run in the words of %s', async (_ids, dialect, state, counts) => {
  const { words } = await show('r1001', `?dialect=${dialect}`)
  expect(words).toMatchObject({ dialect, state })
  expect(Object.fromEntries(words!.counts.map(({ label, value }) => [label, value]))).toMatchObject(counts)
})

test('a namespace picks the words its people see; the API speaks ours unless it is asked', async () => {
  await api.ask('PATCH', '/settings', { json: { dialect: 'blueshift' } })
  expect((await show('r1001', '?dialect=namespace')).words?.vendor).toBe('Blueshift')
  expect((await show('r1001')).words).toBeNull()
  await api.ask('PATCH', '/settings', { json: { dialect: 'sluice' } })
  expect((await show('r1001', '?dialect=namespace')).words).toBeNull()
})

test('BL-11, BL-12 the next run of a job stands on top of the list', async () => {
  await api.harness.db.pool.query(
    `update sluice.job set state = 'active', state_from = 'completed', kind = 'recurring', next_due = '2027-01-01T06:00:00Z' where name = 'people.csv'`,
  )
  const { body } = await api.ask<RunPage>('GET', '/runs?job=people.csv')
  expect(body.planned).toEqual([{ job: 'people.csv', dueAt: '2027-01-01T06:00:00+00:00', zone: 'UTC' }])
  expect(body.runs.map(({ run }) => run.id)).toEqual(['r1001'])
  const later = await api.ask<RunPage>('GET', '/runs?job=people.csv&cursor=r1001')
  expect(later.body).toMatchObject({ planned: [], runs: [] })
  expect(await api.ask('GET', '/runs?job=nobody')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('BL-14 a run that waits tells its place in the queue, and how long such runs take', async () => {
  const { run: first } = await api.start('customer_id\nC9\n', {}, 'one.csv')
  const { run: second } = await api.start('customer_id\nC8\n', {}, 'two.csv')
  expect((await show(first)).run).toMatchObject({
    state: 'queued',
    position: 1,
    lane: 'main',
    expected: null,
  })
  expect((await show(second)).run.waits).toBe('behind another run')
  expect((await show(second)).run).toMatchObject({ position: 2, process: null, fetch: { status: 'fetched' } })
  await api.settled(first)
  await api.settled(second)
  expect((await show(second)).run).toMatchObject({ position: null, expected: null })
  const { run: again } = await api.start('customer_id\nC10\n', {}, 'two.csv')
  expect((await show(again)).run.expected).toMatchObject({ by: 'history', at: null })
  await api.settled(again)
})

test('BS-11, BS-16, BC-12, BC-20 the list shows the same as the single view', async () => {
  const { body } = await api.ask<RunPage>('GET', '/runs?limit=1')
  const view = await show(body.runs[0]!.run.id)
  expect(body.runs[0]).toEqual(view)
})

test('BS-06, LY-15, AL-04, AL-05, BL-D09 jobs and records in the words of a vendor', async () => {
  const job = await api.ask<{ word: string; label: string }>('GET', '/jobs/one.csv?dialect=blueshift')
  expect(job.body).toMatchObject({ label: 'Completed', word: 'Completed' })
  const jobs = await api.ask<{ jobs: { job: string; word: string }[] }>('GET', '/jobs?dialect=lytics')
  expect(jobs.body.jobs.find(({ job: name }) => name === 'people.csv')?.word).toBe('Sleeping')
  const words = async (dialect: string): Promise<(string | null)[]> =>
    (
      await api.ask<{ records: { word: string | null }[] }>('GET', `/records?run=r1001&dialect=${dialect}`)
    ).body.records.map(({ word }) => word)
  expect(await words('alumio')).toEqual(['Finished', 'Finished', 'Failed', 'Finished'])
  expect(await words('blueconic')).toEqual(['CREATED', 'CREATED', 'Failed', 'CREATED'])
  expect(await words('sluice')).toEqual([null, null, null, null])
})

test('BC-17, LY-24, LY-25 a run between its attempts tells which failed and why, and when it goes on', async () => {
  const { run } = await api.start('customer_id\nC11\n', {}, 'retried.csv')
  const found = { code: 'database_unreachable', message: 'The database is away.', details: { detail: 'x' } }
  await api.harness.db.pool.query(
    `update sluice.run set state = 'retry_wait', state_from = 'queued', failed_attempts = 1, wake_at = '2026-03-01T00:15:00Z',
       attempts = $2, sleeping = $3 where 'r' || id = $1`,
    [
      run,
      JSON.stringify([{ at: '2026-03-01T00:00:00Z', stage: 'validating', problem: found }]),
      JSON.stringify({ reason: 'retry', until: '2026-03-01T00:15:00Z', problem: found, attempt: 2, of: 6 }),
    ],
  )
  const { run: view } = await show(run)
  expect(view).toMatchObject({
    state: 'retry_wait',
    nextAttemptAt: '2026-03-01T00:15:00+00:00',
    expected: null,
    sleeping: { attempt: 2, of: 6 },
    attempts: [
      { at: '2026-03-01T00:00:00Z', stage: 'validating', problem: { code: 'database_unreachable' } },
    ],
  })
})
