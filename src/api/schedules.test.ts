// The preview of schedules, and of jobs: what people look at before they save. It is 2026-03-01 for this server.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { activeJob, bring } from '../../test/support/scheduledJobs.ts'
import { startJobRun } from '../db/jobRuns.ts'
import type { SchedulePreview } from './schedules.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

const preview = (json: object) => api.ask<SchedulePreview>('POST', '/schedules/preview', { json })

test('rank 11: the next ten, with a clock change marked, in the zone of the schedule and of the viewer', async () => {
  const schedule = { rule: { kind: 'weekdays', days: ['sunday'], at: '02:30' }, zone: 'Europe/Vienna' }
  const { status, body } = await preview({ schedule, zone: 'America/New_York' })
  expect([status, body.sentence, body.next.length]).toEqual([200, 'Sundays at 02:30, Europe/Vienna', 10])
  expect(body.next[3]).toMatchObject({ local: '2026-03-22T02:30:00+01:00', note: null })
  expect(body.next[4]).toMatchObject({
    at: '2026-03-29T01:30:00.000Z',
    local: '2026-03-29T03:30:00+02:00',
    viewer: '2026-03-28T21:30:00-04:00',
    runs: true,
    note: { code: 'schedule.clock_forward' },
  })
})

test('BL-08: a day that does not exist is there, and does not run', async () => {
  const schedule = { rule: { kind: 'day_of_month', day: 31, at: '09:00' } }
  const { body } = await preview({ schedule, count: 2 })
  expect(body.next.map(({ runs }) => runs)).toEqual([true, false])
  expect(body.next[1]!.note?.advice).toContain('--day-of-month last')
})

test('LY-D05: what is due in quiet hours says until when it waits', async () => {
  const schedule = { rule: { kind: 'times_per_day', times: 3, from: '05:00' }, zone: 'Europe/Vienna' }
  const { body } = await preview({ schedule, quiet: { from: '20:00', to: '06:00' }, count: 3 })
  expect(body.next.map(({ local, runs, note }) => [local.slice(11, 16), runs, note?.code ?? null])).toEqual([
    ['05:00', true, 'schedule.quiet'],
    ['13:00', true, null],
    ['21:00', true, 'schedule.quiet'],
  ])
  expect(body.next[2]!.note!.message).toContain('waits until 2026-03-02 06:00')
})

test.each([
  [
    'a zone',
    { schedule: { rule: { kind: 'every', minutes: 5 }, zone: 'Mars/Base' } },
    422,
    'schedule.zone_unknown',
  ],
  ['a cron expression', { schedule: { rule: { kind: 'cron', expression: 'x' } } }, 422, 'schedule.cron'],
  [
    'the zone of the viewer',
    { schedule: { rule: { kind: 'every', minutes: 5 } }, zone: 'Mars/Base' },
    422,
    'schedule.zone_unknown',
  ],
  ['nothing', {}, 400, 'invalid_request'],
  ['a job there is not', { job: 'nobody' }, 404, 'not_found'],
])('refused: %s', async (_, order, status, code) => {
  expect(await preview(order)).toMatchObject({ status, body: { code } })
})

test('BL-10: a job whose runs take longer than its interval is warned about; without a schedule it is said', async () => {
  const { db, namespace } = api.harness
  const schedule = { rule: { kind: 'every', minutes: 5 } }
  const id = await activeJob(db, namespace, 'often', { schedule }, '2026-02-28T10:02:00Z')
  for (const minutes of [7, 9, 30]) {
    const order = { namespaceId: namespace.id, jobId: id, trigger: 'schedule' } as const
    const run = (await db.transaction((client) => startJobRun(client, order)))!
    await bring(db, namespace, run, 'completed')
    await db.pool.query(
      `update sluice.run set started_at = ended_at - make_interval(mins => $2) where id = $1`,
      [run, minutes],
    )
  }
  const { body } = await preview({ job: 'often' })
  expect(body.usualSeconds).toBe(540)
  expect(body.warnings).toMatchObject([
    {
      code: 'schedule.too_often',
      message: 'A run usually takes 9 minutes, but the next one is due after 5 minutes.',
    },
  ])
  const job = await api.ask('GET', '/jobs/often')
  expect(job.body).toMatchObject({ warnings: [{ code: 'schedule.too_often' }] })
  // Counted from when it was switched on, not from now.
  expect(body.next[0]!.at).toBe('2026-03-01T00:02:00.000Z')
  const seldom = await preview({ job: 'often', schedule: { rule: { kind: 'every', minutes: 15 } } })
  expect(seldom.body.warnings).toEqual([])
  await activeJob(db, namespace, 'none', {}, '2026-02-28T10:00:00Z')
  expect(await preview({ job: 'none' })).toMatchObject({ status: 422, body: { code: 'schedule.none' } })
})

test('a job that follows one there is not is refused when it is switched on, or changed while it is', async () => {
  const { db, namespace } = api.harness
  await activeJob(db, namespace, 'follows', { after: 'none' }, '2026-02-28T10:00:00Z')
  const edit = (after: string) => api.ask('PATCH', '/jobs/follows', { json: { setup: { after } } })
  expect(await edit('nobody')).toMatchObject({ status: 422, body: { code: 'after.unknown' } })
  expect(await edit('often')).toMatchObject({ status: 200 })
})
