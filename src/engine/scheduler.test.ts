// What the scheduler starts, what it passes over and says so, and when it calls a job completed. The clock is handed in.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { silentLog } from '../../test/support/importHarness.ts'
import { activeJob, bring, runsOf, setupOf, told } from '../../test/support/scheduledJobs.ts'
import { emptyDefinition } from '../core/job.ts'
import { openDatabase, type Database } from '../db/client.ts'
import { findNamespace, type Namespace } from '../db/imports.ts'
import { makeUpFollows, missedFollows } from '../db/follows.ts'
import { lockJob, resumeJob, saveVersion } from '../db/jobs.ts'
import { moveJob, moveRun } from '../db/moves.ts'
import { writeSettings } from '../db/settings.ts'
import { Scheduler } from './scheduler.ts'

const database = testDatabase()
let db: Database
let namespace: Namespace
let scheduler: Scheduler
let jobs = 0
beforeAll(async () => {
  db = openDatabase(database.connection, 'test')
  namespace = await findNamespace(db.pool, 'main')
})
afterAll(() => db.end())
beforeEach(async () => {
  scheduler = new Scheduler({ db, log: silentLog })
  // Jobs of other tests have nothing more to do.
  await db.pool.query(
    `update sluice.job set next_due = null, ends_at = null, runs_after = null, planned_version = last_version`,
  )
})

const at = (time: string): Date => new Date(`2026-11-${time}:00Z`)
const since = '2026-11-20T10:00:20Z'

function job(setup: object, name = `job ${++jobs}`): Promise<number> {
  return activeJob(db, namespace, name, { lane: `l${jobs}`, ...setup }, since)
}

/** What is importing is done. */
async function finish(id: number): Promise<void> {
  for (const move of ['process', 'complete'] as const)
    await moveRun(db.pool, { namespaceId: namespace.id, runId: id }, move)
}

const daily = (hour: string, more: object = {}) => ({
  schedule: { rule: { kind: 'times_per_day', times: 1, from: hour }, ...more },
})
const everyTen = (more: object = {}) => ({ schedule: { rule: { kind: 'every', minutes: 10 }, ...more } })

async function nextDue(id: number): Promise<string | null> {
  const { rows } = await db.pool.query<{ next_due: Date | null }>(
    'select next_due from sluice.job where id = $1',
    [id],
  )
  return rows[0]!.next_due?.toISOString().slice(0, 16) ?? null
}

async function stateOf(id: number): Promise<string> {
  return (await db.pool.query<{ state: string }>('select state from sluice.job where id = $1', [id])).rows[0]!
    .state
}

describe('what is due', () => {
  test('BL-12: runs once, and the next one is known', async () => {
    const id = await job(daily('12:00'))
    expect(await scheduler.runOnce(at('20T11:00'))).toEqual(at('20T12:00'))
    expect(await told(db, id)).toEqual([])
    expect(await scheduler.runOnce(at('20T12:00'))).toEqual(at('21T12:00'))
    await scheduler.runOnce(at('20T12:00'))
    expect(await told(db, id)).toEqual(['2026-11-20T12:00 queued'])
    expect(await nextDue(id)).toBe('2026-11-21T12:00')
  })

  test('every N minutes counts from the minute it was switched on', async () => {
    const id = await job(everyTen())
    await scheduler.runOnce(at('20T10:05'))
    expect(await nextDue(id)).toBe('2026-11-20T10:10')
  })

  test('five schedulers at once start it once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => job(daily('12:00'))))
    const all = Array.from({ length: 5 }, () => new Scheduler({ db, log: silentLog }))
    for (const day of ['20', '21', '22']) {
      await Promise.all(all.map((one) => one.runOnce(at(`${day}T12:00`))))
      for (const id of ids)
        for (const { id: run, state } of await runsOf(db, id))
          if (state === 'queued') await bring(db, namespace, run, 'completed')
    }
    for (const id of ids)
      expect((await runsOf(db, id)).map(({ due }) => due)).toEqual([
        '2026-11-20T12:00',
        '2026-11-21T12:00',
        '2026-11-22T12:00',
      ])
  })

  test('E20 BL-27: in the zone of the job, else of the namespace, also when that changes', async () => {
    const own = await job(daily('12:00', { zone: 'America/New_York' }))
    const shared = await job(daily('12:00'))
    await scheduler.runOnce(at('20T10:01'))
    expect([await nextDue(own), await nextDue(shared)]).toEqual(['2026-11-20T17:00', '2026-11-20T12:00'])
    await db.transaction((client) => writeSettings(client, namespace.id, { zone: 'Asia/Kolkata' }))
    await scheduler.runOnce(at('20T10:02'))
    expect([await nextDue(own), await nextDue(shared)]).toEqual(['2026-11-20T17:00', '2026-11-21T06:30'])
    await db.transaction((client) => writeSettings(client, namespace.id, { zone: 'UTC' }))
  })

  test('an edit is taken up, and what was due when it was made is not lost', async () => {
    const id = await job(everyTen())
    await scheduler.runOnce(at('20T10:05'))
    await db.transaction(async (client) => {
      const locked = (await lockJob(client, namespace, id))!
      const setup = setupOf(everyTen({ zone: 'Europe/Vienna' }))
      await saveVersion(client, locked, 'recurring', { setup, definition: emptyDefinition, by: 'test' })
    })
    await scheduler.runOnce(at('20T10:10'))
    expect(await told(db, id)).toEqual(['2026-11-20T10:10 queued'])
    expect(await nextDue(id)).toBe('2026-11-20T10:20')
  })

  test('one job that cannot be scheduled holds up no other', async () => {
    const [bad, good] = [await job(everyTen()), await job(everyTen())]
    await db.pool.query(`update sluice.job_version set setup = '{"schedule": 5}' where job_id = $1`, [bad])
    await scheduler.runOnce(at('20T10:01'))
    await scheduler.runOnce(at('20T10:10'))
    expect(await told(db, good)).toEqual(['2026-11-20T10:10 queued'])
    await moveJob(db.pool, bad, 'pause')
  })
})

describe('what nobody was there for', () => {
  test('run_once: one run for all of it', async () => {
    const id = await job(everyTen({ missed: 'run_once' }))
    await scheduler.runOnce(at('20T10:01'))
    await scheduler.runOnce(at('20T12:05'))
    expect(await told(db, id)).toEqual(['2026-11-20T12:00 queued ×12'])
    expect(await nextDue(id)).toBe('2026-11-20T12:10')
  })

  test('skip: one visible line with the number; a little late is not missed', async () => {
    const id = await job(everyTen({ missed: 'skip' }))
    await scheduler.runOnce(at('20T10:01'))
    await scheduler.runOnce(at('20T12:05'))
    expect(await told(db, id)).toEqual(['2026-11-20T12:00 skipped ×12 schedule.missed'])
    await scheduler.runOnce(new Date(at('20T12:30').getTime() + 30_000))
    expect((await told(db, id)).slice(1)).toEqual([
      '2026-11-20T12:20 skipped ×2 schedule.missed',
      '2026-11-20T12:30 queued',
    ])
    const { rows } = await db.pool.query(
      `select kind, details from sluice.log where job_id = $1 and kind = 'did_not_run'`,
      [id],
    )
    expect(rows[0]).toMatchObject({ details: { problem: { code: 'schedule.missed' } } })
  })

  test.each([
    ['run_once', ['2026-11-22T12:00 queued ×2']],
    ['skip', ['2026-11-22T12:00 skipped ×2 schedule.missed_while_off']],
  ])('while it was paused, with %s', async (missed, expected) => {
    const id = await job(daily('12:00', { missed }))
    await scheduler.runOnce(at('20T12:00'))
    await moveJob(db.pool, id, 'pause')
    await scheduler.runOnce(at('22T13:00'))
    expect(await told(db, id)).toEqual(['2026-11-20T12:00 queued'])
    for (const { id: run } of await runsOf(db, id)) await bring(db, namespace, run, 'completed')
    await moveJob(db.pool, id, 'resume')
    await db.pool.query('update sluice.job set activated_at = $2 where id = $1', [id, at('22T14:00')])
    await scheduler.runOnce(at('22T14:00'))
    expect((await told(db, id)).slice(1)).toEqual(expected)
  })

  test('a year of every minute is counted without end', async () => {
    const id = await job({ schedule: { rule: { kind: 'every', minutes: 1 }, missed: 'skip' } })
    await scheduler.runOnce(at('20T10:00'))
    await scheduler.runOnce(new Date('2027-11-20T10:00:59Z'))
    expect(await told(db, id)).toEqual([
      '2027-11-20T09:59 skipped ×20000 schedule.missed',
      '2027-11-20T10:00 queued',
    ])
  })
})

describe('what comes due while the run before is open', () => {
  test('queue: one waits, the others are one line that grows', async () => {
    const id = await job(everyTen())
    await scheduler.runOnce(at('20T10:10'))
    const [first] = await runsOf(db, id)
    await bring(db, namespace, first!.id, 'held')
    for (const time of ['10:20', '10:30', '10:40', '10:50']) await scheduler.runOnce(at(`20T${time}`))
    expect(await told(db, id)).toEqual([
      '2026-11-20T10:10 held',
      '2026-11-20T10:20 queued',
      '2026-11-20T10:50 skipped ×3 schedule.overlap',
    ])
    const { rows } = await db.pool.query<{ message: string }>(
      `select problem ->> 'message' as message from sluice.run where job_id = $1 and state = 'skipped'`,
      [id],
    )
    expect(rows[0]!.message).toBe(
      `3 runs came due while r${first!.id} was still open (one waits already); the last one at 2026-11-20 10:50.`,
    )
  })

  test('one that has not begun stands for the next as well', async () => {
    const id = await job(everyTen())
    for (const time of ['10:10', '10:20']) await scheduler.runOnce(at(`20T${time}`))
    expect(await told(db, id)).toEqual([
      '2026-11-20T10:10 queued',
      '2026-11-20T10:20 skipped schedule.overlap',
    ])
  })

  test('LY-D05: in quiet hours it is no news that more runs do not take place', async () => {
    const quiet = { from: '10:00', to: '11:00', zone: 'UTC' }
    const id = await job({ ...everyTen(), quiet })
    for (const time of ['10:01', '10:10', '10:20', '10:50']) await scheduler.runOnce(at(`20T${time}`))
    expect(await told(db, id)).toEqual([
      '2026-11-20T10:10 queued',
      '2026-11-20T10:50 skipped ×4 schedule.overlap',
    ])
    const { rows } = await db.pool.query(
      `select count(*)::int as lines from sluice.log where job_id = $1 and kind = 'did_not_run'`,
      [id],
    )
    expect(rows).toEqual([{ lines: 0 }])
  })

  test('skip: nothing waits', async () => {
    const id = await job(everyTen({ overlap: 'skip' }))
    await scheduler.runOnce(at('20T10:10'))
    const [first] = await runsOf(db, id)
    await bring(db, namespace, first!.id, 'importing')
    await scheduler.runOnce(at('20T10:20'))
    await finish(first!.id)
    await scheduler.runOnce(at('20T10:30'))
    expect(await told(db, id)).toEqual([
      '2026-11-20T10:10 completed',
      '2026-11-20T10:20 skipped schedule.overlap',
      '2026-11-20T10:30 queued',
    ])
  })
})

test('BL-08 E11: a month without the day is a visible line, and nothing runs', async () => {
  const rule = { kind: 'day_of_month', day: 31, at: '09:00' }
  const id = await job({ schedule: { rule } })
  await scheduler.runOnce(at('20T10:01'))
  await scheduler.runOnce(at('30T09:00'))
  await scheduler.runOnce(new Date('2026-12-31T09:00:00Z'))
  expect(await told(db, id)).toEqual([
    '2026-11-30T09:00 skipped schedule.no_such_day',
    '2026-12-31T09:00 queued',
  ])
})

test('BS-06: at its end a recurring job is completed, once no run is open', async () => {
  const id = await job(everyTen({ end: '2026-11-20T10:15:00Z' }))
  await scheduler.runOnce(at('20T10:10'))
  await scheduler.runOnce(at('20T10:20'))
  expect([await stateOf(id), await nextDue(id)]).toEqual(['active', null])
  await bring(db, namespace, (await runsOf(db, id))[0]!.id, 'completed')
  await scheduler.runOnce(at('20T10:21'))
  expect(await stateOf(id)).toBe('completed')
})

/** As the API resumes a job. */
async function resume(id: number): Promise<void> {
  await db.transaction(async (client) => {
    const locked = (await lockJob(client, namespace, id))!
    const missed = await missedFollows(client, locked)
    await resumeJob(client, locked, 'test')
    if (missed !== null) await makeUpFollows(client, { ...locked, zone: 'UTC', open: [] }, missed, Date.now())
  })
}

describe('after another job', () => {
  test.each([
    ['completed', ['after queued']],
    ['completed_with_errors', ['after queued']],
    ['partial', []],
    ['failed', []],
  ] as const)('one that ended %s', async (state, expected) => {
    const parent = await job(daily('12:00'))
    const name = `job ${jobs}`
    const [child, paused] = [await job({ after: name }), await job({ after: name })]
    await scheduler.runOnce(at('20T12:00'))
    await moveJob(db.pool, paused, 'pause')
    await bring(db, namespace, (await runsOf(db, parent))[0]!.id, state)
    const all = Array.from({ length: 4 }, () => new Scheduler({ db, log: silentLog }))
    await Promise.all(all.map((one) => one.runOnce(at('20T12:01'))))
    await scheduler.runOnce(at('20T12:02'))
    expect([await told(db, child), await told(db, paused)]).toEqual([expected, []])
  })

  test.each([
    ['run_once', ['after queued ×2']],
    ['skip', ['after skipped ×2 schedule.missed_while_off']],
  ])('E14: while it was paused, with %s', async (missed, expected) => {
    const parent = await job(daily('12:00'))
    const yearly = { rule: { kind: 'cron', expression: '0 0 1 1 *' }, missed }
    const child = await job({ after: `job ${jobs}`, schedule: yearly })
    await scheduler.runOnce(at('20T11:00'))
    await moveJob(db.pool, child, 'pause')
    for (const day of ['20', '21']) {
      await scheduler.runOnce(at(`${day}T12:00`))
      await bring(db, namespace, (await runsOf(db, parent)).at(-1)!.id, 'completed')
      await scheduler.runOnce(at(`${day}T12:01`))
    }
    expect(await told(db, child)).toEqual([])
    await resume(child)
    expect(await told(db, child)).toEqual(expected)
    // Once is enough.
    await moveJob(db.pool, child, 'pause')
    await resume(child)
    await scheduler.runOnce(at('21T12:02'))
    expect(await told(db, child)).toEqual(expected)
  })

  test('E14: a run that ends while it is switched on is followed once, whoever was first', async () => {
    const parent = await job(daily('12:00'))
    const child = await job({ after: `job ${jobs}` })
    await scheduler.runOnce(at('20T12:00'))
    await moveJob(db.pool, child, 'pause')
    await bring(db, namespace, (await runsOf(db, parent))[0]!.id, 'completed')
    await Promise.all([resume(child), scheduler.runOnce(at('20T12:01'))])
    await scheduler.runOnce(at('20T12:02'))
    expect(await told(db, child)).toEqual(['after queued'])
  })

  test('retries and undos are followed by nothing; one run waits, no more', async () => {
    const parent = await job(daily('12:00'))
    const child = await job({ after: `job ${jobs}` })
    for (const [day, trigger] of [
      ['20', 'undo'],
      ['21', 'schedule'],
      ['22', 'schedule'],
    ] as const) {
      await scheduler.runOnce(at(`${day}T12:00`))
      const last = (await runsOf(db, parent)).at(-1)!
      await db.pool.query('update sluice.run set trigger = $2 where id = $1', [last.id, trigger])
      await bring(db, namespace, last.id, 'completed')
      await scheduler.runOnce(at(`${day}T12:01`))
    }
    expect(await told(db, child)).toEqual(['after queued', 'after skipped schedule.overlap'])
  })
})
