// The queue over HTTP: lanes, order, what each run waits for, pages, and what a person can do with what rests.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { QueuePage } from './queue.ts'
import type { RunView } from './runView.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

const file = (name: string): string => `customer_id,email\n${name}1,${name}1@example.com\n`

test('BL-14 nothing is queued: empty lists, not an error', async () => {
  const { status, body } = await api.ask<QueuePage>('GET', '/queue')
  expect([status, body]).toEqual([200, { lanes: [], waiting: [], resting: [], next: null }])
})

test('BL-14 BL-28 those that wait, in their order, page by page, each with what it waits for', async () => {
  const runs: string[] = []
  for (const name of ['a', 'b', 'c']) runs.push((await api.start(file(name), {}, `${name}.csv`)).run)
  const first = (await api.ask<QueuePage>('GET', '/queue?limit=2')).body
  expect(first.lanes).toEqual([{ lane: 'main', running: null, waiting: 3 }])
  expect(
    first.waiting.map(({ run, waitsFor }) => [run, waitsFor.position, waitsFor.kind, waitsFor.text]),
  ).toEqual([
    [runs[0], 1, 'worker', 'for a worker'],
    [runs[1], 2, 'lane', 'behind another run'],
  ])
  expect(first.next).toBe(`main:${runs[1]}`)
  const rest = (await api.ask<QueuePage>('GET', `/queue?limit=2&cursor=${first.next}`)).body
  expect([rest.waiting.map(({ run }) => run), rest.next]).toEqual([[runs[2]], null])
  expect((await api.ask<QueuePage>('GET', '/queue?lane=other')).body.waiting).toEqual([])
  expect((await api.ask('GET', '/queue?cursor=nonsense')).status).toBe(400)
  for (const run of runs) expect((await api.settled(run)).run.state).toBe('completed')
})

test('BC-28 retry now is a move like any other: a run that does not wait answers 409 with what it can do', async () => {
  const { run } = await api.start(file('d'), {}, 'd.csv')
  const refused = await api.ask<{ code: string }>('POST', `/runs/${run}/retry-now`)
  expect([refused.status, refused.body.code]).toEqual([409, 'run.move_illegal'])
  await api.harness.db.pool.query(
    `update sluice.run set state = 'retry_wait', state_from = 'queued', wake_at = now() + interval '1 hour',
       problem = '{"code": "source.file_gone", "message": "The file is gone."}' where id = $1`,
    [Number(run.slice(1))],
  )
  const { resting } = (await api.ask<QueuePage>('GET', '/queue')).body
  expect(resting.map((one) => [one.run, one.message])).toEqual([[run, 'The file is gone.']])
  const moved = await api.ask<RunView>('POST', `/runs/${run}/retry-now`)
  expect([moved.status, moved.body.run.state, moved.body.run.problem]).toEqual([200, 'queued', null])
  expect((await api.settled(run)).run.state).toBe('completed')
})
