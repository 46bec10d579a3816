// What is old goes, what is needed stays, and nothing counts wrongly for it (issue 4 point 10).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { retentionSchema, type Retention } from '../../src/core/namespaceSettings.ts'
import { cutoffsAt } from '../../src/core/retention.ts'
import { systemClock } from '../../src/core/clock.ts'
import { moveJob } from '../../src/db/moves.ts'
import { dueAt, jobsToGo } from '../../src/db/retention/forecast.ts'
import { insertMessage } from '../../src/db/messages.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { sweep, type Swept } from '../../src/engine/retention/sweep.ts'
import { verify } from '../../src/host/verify.ts'
import { testDatabase } from '../postgres.ts'
import { definition, fileOf } from '../support/people.ts'
import { RetryHarness } from '../support/retryHarness.ts'

const database = testDatabase()
let h: RetryHarness
beforeAll(async () => {
  h = await RetryHarness.open(database.connection)
})
afterAll(() => h.close())

const defaults = retentionSchema.parse({})
const place = (): { id: number; schema: string } => h.namespace
const day = 86_400_000
let names = 0

/** An import of two people and one that fails, in a job of its own, which then ages by so many days. */
async function imported(ageDays: number, more: readonly string[] = []): Promise<RunKey & { job: string }> {
  const job = `job ${++names}`
  const rows = [`C${names},p${names}@example.com,Wien,1,`, `D${names},not an address,Wien,2,`, ...more]
  const key = await h.start(fileOf(rows), { definition, jobName: job })
  await h.runToEnd(key)
  await age(key, ageDays)
  return { ...key, job }
}

/** As if everything about the run had happened so many days ago. */
async function age({ runId }: RunKey, days: number): Promise<void> {
  const back = `interval '1 day' * ${days}`
  const { pool } = h.db
  await pool.query(
    `update sluice.run set ended_at = ended_at - ${back}, started_at = started_at - ${back}, state_at = state_at - ${back} where id = $1`,
    [runId],
  )
  await pool.query(
    `update sluice.job j set state_at = j.state_at - ${back}, updated_at = j.updated_at - ${back} from sluice.run r where r.id = $1 and j.id = r.job_id`,
    [runId],
  )
  await pool.query(
    `update sluice.landing l set landed_at = l.landed_at - ${back} from sluice.run r where r.id = $1 and l.id = r.landing_id`,
    [runId],
  )
  await pool.query(`update sluice.log set at = at - ${back}, told = true where run_id = $1`, [runId])
}

/** As if the run stood in a month of its own, long ago. */
async function moveToMonth({ runId }: RunKey, month: string): Promise<void> {
  const { schema } = h.namespace
  const name = `record_${month.slice(0, 7).replace('-', '_')}`
  await h.db.transaction(async (client) => {
    const { rows } = await client.query<{ was: string; end: string }>(
      `select run_month::text as was, ($2::date + interval '1 month')::date::text as end from sluice.run where id = $1`,
      [runId, month],
    )
    await client.query(
      `create table if not exists ${schema}.${name} partition of ${schema}.record for values from ('${month}') to ('${rows[0]!.end}')`,
    )
    await client.query(`update ${schema}.record set run_month = $2 where run = $1 and run_month = $3`, [
      runId,
      month,
      rows[0]!.was,
    ])
    await client.query('update sluice.run set run_month = $2 where id = $1', [runId, month])
  })
}

const swept = (retention: Partial<Retention> = {}): Promise<Swept> =>
  sweep(h, place(), { ...defaults, ...retention }, systemClock.now())

async function one<T>(sql: string, ...values: unknown[]): Promise<T> {
  return (await h.db.pool.query(sql, values)).rows[0] as T
}

const count = async (from: string, ...values: unknown[]): Promise<number> =>
  (await one<{ n: number }>(`select count(*) as n from ${from}`, ...values)).n

beforeEach(() => swept())

describe('with the numbers everybody has', () => {
  test('error files go after 30 days, landings stay', async () => {
    const run = await imported(31)
    const { artifacts } = await one<{ artifacts: { errors: { key: string } } }>(
      'select artifacts from sluice.run where id = $1',
      run.runId,
    )
    expect(await swept()).toMatchObject({ artifacts: 1, landings: 0, changes: 0, ledger: 0, jobs: 0 })
    expect(await h.store.size(artifacts.errors.key)).toBeUndefined()
    expect(await one('select artifacts, purged from sluice.run where id = $1', run.runId)).toMatchObject({
      artifacts: {},
      purged: { artifacts: expect.any(String) },
    })
  })

  test('landings go after 90 days with everything that serves reading them; the row keeps name and hash', async () => {
    const run = await imported(91)
    const landing = await one<{ id: string; blob_key: string }>(
      'select l.id, l.blob_key from sluice.landing l join sluice.run r on r.landing_id = l.id where r.id = $1',
      run.runId,
    )
    expect(await swept()).toMatchObject({ landings: 1, changes: 0, jobs: 1 })
    expect(await h.store.size(landing.blob_key)).toBeUndefined()
    expect(
      await count(
        `sluice.landing where id = $1 and purged_at is not null and file_name = 'people.csv'`,
        landing.id,
      ),
    ).toBe(1)
    const left: string[] = []
    for await (const key of h.store.list(`runs/1/${run.runId}`)) left.push(key)
    expect(left).toEqual([])
  })

  test('AL-D04 lists of retried records go with the landing they were retried from', async () => {
    const run = await imported(91)
    const [child] = await h.retryToEnd({ choice: { ids: [{ run: run.runId, ordinal: 2 }] } })
    const lists = async (): Promise<string[]> => {
      const found: string[] = []
      for await (const key of h.store.list(`retries/${h.namespace.id}`)) found.push(key)
      return found
    }
    expect(await lists()).toHaveLength(1)
    expect(await swept()).toMatchObject({ landings: 0 })
    await age(child!, 91)
    expect(await swept()).toMatchObject({ landings: 1 })
    expect(await lists()).toEqual([])
  })

  test('what undo needs goes after 90 days, and the run says that it cannot be undone', async () => {
    const first = await imported(91)
    const again = await h.start(fileOf([`C${names},p${names}@example.com,Graz,1,`]), {
      definition,
      jobName: first.job,
    })
    await h.runToEnd(again)
    await age(again, 91)
    const { schema } = h.namespace
    expect(await count(`${schema}.change where run = $1`, again.runId)).toBe(1)
    expect(await swept()).toMatchObject({ changes: 1 })
    expect(await count(`${schema}.change where run = $1`, again.runId)).toBe(0)
    expect(await count(`sluice.run where id = $1 and purged ? 'changes'`, again.runId)).toBe(1)
    await expect(verify(h.db, h.namespace, again.runId)).rejects.toMatchObject({
      problem: { code: 'run.purged' },
    })
  })

  test('logs and messages that were delivered go after 30 days; what waits stays', async () => {
    const run = await imported(31)
    const lines = await count('sluice.log where run_id = $1', run.runId)
    const about = {
      namespaceId: 1,
      jobId: null,
      runId: null,
      channel: 'email',
      cause: 'run',
      digestAt: null,
    } as const
    const letter = { subject: 's', paragraphs: [], facts: [], command: null, link: null }
    for (const logId of [1, 2])
      await insertMessage(h.db.pool, {
        ...about,
        logId,
        recipient: 'a@example.com',
        body: { letter, news: null },
      })
    await h.db.pool.query(
      `update sluice.message set created_at = now() - interval '31 days', status = case when log_id = 1 then 'sent' else 'waiting' end`,
    )
    expect(await swept()).toMatchObject({ logs: lines + 1 })
    expect(await count(`sluice.message where status = 'waiting'`)).toBe(1)
  })

  test('uploads nobody imported go after a week', async () => {
    const id = await h.land('customer_id\nC1\n')
    await h.db.pool.query(`update sluice.landing set landed_at = now() - interval '8 days' where id = $1`, [
      id,
    ])
    expect(await swept()).toMatchObject({ landings: 1 })
    expect(await count('sluice.landing where id = $1', id)).toBe(0)
  })
})

describe('jobs', () => {
  test('LY-15, LY-13 completed and halted ones go out of the lists after 90 days, saying so', async () => {
    const run = await imported(91)
    expect(await swept()).toMatchObject({ jobs: 1 })
    const job = await one<{ id: number; state: string }>(
      'select id, state from sluice.job where name = $1',
      run.job,
    )
    expect(job.state).toBe('archived')
    expect(await count(`sluice.log where job_id = $1 and kind = 'purged'`, job.id)).toBe(1)
  })

  test.each([
    [true, 'paused'],
    [false, 'archived'],
  ])('LY-14, LY-37, E17 a paused one keeps its definition: %j', async (pausedDefinitions, state) => {
    const run = await imported(91)
    const { id } = await one<{ id: number }>(
      `update sluice.job set kind = 'recurring', state = 'active', state_from = 'completed' where name = $1 returning id`,
      run.job,
    )
    await moveJob(h.db.pool, id, 'pause')
    await h.db.pool.query(
      `update sluice.job set state_at = now() - interval '91 days', updated_at = now() - interval '91 days' where id = $1`,
      [id],
    )
    await swept({ pausedDefinitions })
    expect(await one('select state from sluice.job where id = $1', id)).toEqual({ state })
  })

  test('one that was used lately stays, however old it is', async () => {
    const old = await imported(200)
    const again = await h.start(fileOf(['Z1,z1@example.com,Wien,1,']), { definition, jobName: old.job })
    await h.runToEnd(again)
    expect((await swept()).jobs).toBe(0)
  })
})

describe('the ledger', () => {
  test('a month goes when its last day is old enough; totals stay, and verify says what is gone', async () => {
    const run = await imported(200)
    await moveToMonth(run, '2020-01-01')
    const before = await one<{ totals: object }>('select totals from sluice.run where id = $1', run.runId)
    expect(await swept()).toMatchObject({ ledger: 1 })
    const { schema } = h.namespace
    expect(await one('select to_regclass($1) as it', `${schema}.record_2020_01`)).toEqual({ it: null })
    expect(await one('select totals from sluice.run where id = $1', run.runId)).toEqual(before)
    await expect(verify(h.db, h.namespace, run.runId)).rejects.toMatchObject({
      problem: { code: 'run.purged' },
    })
  })

  test('AL-29 a month with a record that is still to be processed stays, and so does what it was read from', async () => {
    const run = await imported(200)
    await moveToMonth(run, '2020-02-01')
    const { schema } = h.namespace
    await h.db.pool.query(
      `update ${schema}.record set state = 0, outcome = null where run = $1 and ordinal = 1`,
      [run.runId],
    )
    expect(await swept()).toMatchObject({ ledger: 0, landings: 0 })
    expect(await count(`${schema}.record where run = $1`, run.runId)).toBe(2)
    await h.db.pool.query(
      `update ${schema}.record set state = 3, outcome = 3 where run = $1 and ordinal = 1`,
      [run.runId],
    )
    expect(await swept()).toMatchObject({ ledger: 1, landings: 1 })
  })

  test('this month stays, whatever the setting', async () => {
    await imported(0)
    expect(await swept({ ledger: 1 })).toMatchObject({ ledger: 0 })
  })
})

test('lines of the run history go when nothing of the run is left; the last five of a job stay', async () => {
  const runs: RunKey[] = []
  const job = `many ${++names}`
  for (let i = 0; i < 7; i++) {
    const key = await h.start(fileOf([`M${i},m${i}@example.com,Wien,${i},`]), { definition, jobName: job })
    await h.runToEnd(key)
    await age(key, 500)
    await moveToMonth(key, '2019-05-01')
    runs.push(key)
  }
  await h.db.pool.query(`update sluice.job set state_at = now(), updated_at = now() where name = $1`, [job])
  expect(await swept()).toMatchObject({ runs: 2 })
  const left = `sluice.run r join sluice.job j on j.id = r.job_id where j.name = $1`
  expect(await count(left, job)).toBe(5)
  expect(await count('sluice.chunk where run_id = $1', runs[0]!.runId)).toBe(0)
  // The people are still there, and name the run that made them.
  const { schema } = h.namespace
  expect(await count(`${schema}.profile where _created_run = $1`, runs[0]!.runId)).toBe(1)
})

test('an archived job goes with its last line, 90 days after it was archived', async () => {
  const run = await imported(200)
  await moveToMonth(run, '2018-05-01')
  await swept()
  await h.db.pool.query(`update sluice.job set state_at = now() - interval '91 days' where name = $1`, [
    run.job,
  ])
  expect((await swept()).runs).toBe(1)
  expect(await count('sluice.job where name = $1', run.job)).toBe(0)
})

test('for ever means for ever', async () => {
  await imported(3000)
  const ever = {
    jobs: null,
    landings: null,
    ledger: null,
    changes: null,
    artifacts: null,
    logs: null,
    audit: null,
  }
  const nothing = { artifacts: 0, landings: 0, changes: 0, ledger: 0, jobs: 0, logs: 0, runs: 0 }
  expect(await swept(ever)).toEqual(nothing)
})

test('a forecast counts what the sweep then removes, and names the jobs', async () => {
  const run = await imported(85)
  const at = (days: number) => cutoffsAt(defaults, systemClock.now() + days * day)
  const today = await dueAt(h.db.pool, place(), at(0), false)
  const week = await dueAt(h.db.pool, place(), at(7), false)
  expect(today).toMatchObject({ artifacts: { count: 1 }, landings: { count: 0 }, jobs: { count: 0 } })
  expect(week).toMatchObject({ artifacts: { count: 1 }, landings: { count: 1 }, jobs: { count: 1 } })
  expect(week.landings.bytes).toBeGreaterThan(0)
  const going = await jobsToGo(h.db.pool, place(), at(7).jobs!, false, 10)
  expect(going.map(({ name }) => name)).toEqual([run.job])
  const removed = await sweep(h, place(), defaults, systemClock.now() + 7 * day)
  expect(removed).toMatchObject({ artifacts: 1, landings: 1, jobs: 1 })
})
