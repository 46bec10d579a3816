// Home over HTTP: what needs a person, what the days brought, the quota, and how far somebody new has come.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { HomeView } from './home.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

const home = async (): Promise<HomeView> => (await api.ask<HomeView>('GET', '/home')).body
const people = (lines: string[]): string => `customer_id,email\n${lines.join('\n')}\n`
const sql = (text: string, values: unknown[] = []): Promise<unknown> =>
  api.harness.db.pool.query(text, values)
/** Makes a run end in a state, as if a worker had done it. */
const end = (run: number, state: string, from: string, ago = '1 hour'): Promise<unknown> =>
  sql(
    `update sluice.run set state = $2, state_from = $3, ended_at = now() - $4::interval,
       problem = '{"code": "source.file_gone", "message": "The file is gone."}' where id = $1`,
    [run, state, from, ago],
  )
const kinds = ({ attention }: HomeView): unknown[] => attention.map(({ kind, run }) => [kind, run])

test('a new namespace: nothing to see, nothing begun', async () => {
  expect(await home()).toMatchObject({
    attention: [],
    running: [],
    waiting: 0,
    planned: [],
    profiles: { count: 0, exact: true },
    quota: null,
    jobs: {},
    begun: { imported: false, recurring: false },
  })
  expect((await home()).days).toHaveLength(14)
})

test('LY-19 days, profiles, and the records that could not be imported until they are mended', async () => {
  const good = Array.from({ length: 10 }, (_, i) => `G${i},g${i}@example.com`)
  await api.import(people([...good, 'C2,nobody', 'C3,neither']))
  await sql('update sluice.run set ended_at = now()')
  const found = await home()
  expect(kinds(found)).toEqual([['rejects', 'r1001']])
  expect(found.attention[0]).toMatchObject({ records: 2, text: '2 records could not be imported.' })
  expect(found).toMatchObject({
    profiles: { count: 10, exact: true },
    begun: { imported: true, recurring: false },
  })
  await api.import(people(['C4,b@example.com']))
  expect(kinds(await home())).toEqual([])
})

test('BC-16 what failed is shown until something of its job goes well', async () => {
  await api.import(people(['C5,c@example.com']))
  await sql(`update sluice.run set ended_at = now() - interval '2 days' where id < 1003`)
  await end(1003, 'failed', 'validating')
  const found = await home()
  expect(kinds(found)).toEqual([['failed', 'r1003']])
  expect(found.attention[0]).toMatchObject({ text: 'The file is gone.', tone: 'bad' })
  await end(1003, 'failed', 'validating', '8 days')
  expect(kinds(await home())).toEqual([])
})

test('BC-18 a halted job is one line, whatever its runs say, and comes first', async () => {
  await end(1003, 'halted', 'validating')
  await sql(
    `update sluice.job set state = 'halted', state_from = 'active', problem = '{"code": "breaker.tripped", "message": "Too many."}'`,
  )
  expect(kinds(await home())).toEqual([['halted', 'r1003']])
  await sql(`update sluice.job set state = 'completed', state_from = 'active', problem = null`)
})

test('what is held and what waits for another attempt, with when it goes on', async () => {
  await sql(
    `update sluice.run set state = 'held', state_from = 'validating', ended_at = null where id = 1003`,
  )
  expect(kinds(await home())).toEqual([['held', 'r1003']])
  await sql(
    `update sluice.run set state = 'retry_wait', state_from = 'validating', wake_at = '2031-01-01T00:00:00Z' where id = 1003`,
  )
  const found = await home()
  expect(found.attention).toMatchObject([{ kind: 'retrying', until: '2031-01-01T00:00:00+00:00' }])
  await end(1003, 'skipped', 'queued')
})

test('a change that somebody else has to approve', async () => {
  await sql(
    `insert into sluice.approval (namespace_id, job_id, kind, version, change, says, requested_by, requested_at)
     select namespace_id, id, 'edit', 1, '{}', '{}', 'ada', now() from sluice.job`,
  )
  expect((await home()).attention).toMatchObject([{ kind: 'approval', run: null, tone: 'warn' }])
  await sql(`update sluice.approval set decision = 'rejected', decided_at = now()`)
})

test('what did not run although somebody counted on it; what was skipped for other reasons is none', async () => {
  expect(kinds(await home())).toEqual([])
  await sql(
    `insert into sluice.log (namespace_id, job_id, run_id, kind) select namespace_id, job_id, id, 'did_not_run' from sluice.run where id = 1003`,
  )
  expect(kinds(await home())).toEqual([['did_not_run', 'r1003']])
})

test('LY-D09 a number outside its limits, as long as the job is on', async () => {
  await sql(`insert into sluice.threshold_watch (job_id, threshold, judged_to, told_at, problem)
    select id, '{"counter": "added"}', now(), now(),
      '{"code": "threshold.outside", "message": "1 added on 2026-03-01, fewer than 10.", "details": {"job": "people.csv", "per": "day", "counter": "added"}}'
    from sluice.job`)
  await sql(`update sluice.job_version set setup = '{"thresholds": [{"counter": "added", "per": "day"}]}'`)
  expect((await home()).attention).not.toContainEqual(expect.objectContaining({ kind: 'threshold' }))
  await sql(`update sluice.job set state = 'active', state_from = 'completed'`)
  const found = (await home()).attention.find(({ kind }) => kind === 'threshold')
  expect(found).toMatchObject({
    label: 'Outside its limits',
    job: 'people.csv',
    run: null,
    text: '1 added on 2026-03-01, fewer than 10.',
    next: expect.stringContaining('sluice job activity "people.csv" --by day'),
  })
  await sql('delete from sluice.threshold_watch')
  await sql(`update sluice.job_version set setup = '{}'`)
  await sql(`update sluice.job set state = 'completed', state_from = 'active'`)
})

test('BC-24 the quota with what the month will have taken', async () => {
  expect((await api.ask('PATCH', '/settings', { json: { quota: 1_000 } })).status).toBe(200)
  const { quota } = await home()
  expect(quota).toMatchObject({ used: 12, quota: 1_000 })
})

test('LY-19 what the days brought, by the day on which runs ended', async () => {
  await sql(`update sluice.run set ended_at = '2026-02-27T12:00:00Z' where id in (1001, 1002)`)
  const { days } = await home()
  expect(days.filter(({ runs }) => runs > 0)).toMatchObject([
    { at: '2026-02-27', runs: 2, added: 11, updated: 0, failed: 2 },
  ])
})

test('days begin in the zone of the namespace', async () => {
  await api.ask('PATCH', '/settings', { json: { zone: 'Pacific/Kiritimati' } })
  const { zone, days } = await home()
  expect([zone, days.length, days.at(-1)?.at]).toEqual(['Pacific/Kiritimati', 14, '2026-03-01'])
})
