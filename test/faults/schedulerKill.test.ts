// Three schedulers, killed at random moments while jobs come due: no run twice, none missed, none followed twice.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { openDatabase, type Database } from '../../src/db/client.ts'
import { findNamespace, type Namespace } from '../../src/db/imports.ts'
import { Scheduler } from '../../src/engine/scheduler.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import { silentLog } from '../support/importHarness.ts'
import { Killable } from '../support/killable.ts'
import { pick, seeded } from '../support/people.ts'
import { activeJob, bring, runsOf } from '../support/scheduledJobs.ts'
import { scheduledTime, type SchedulerOrder } from '../support/schedulerProcess.ts'

const database = testDatabase()
let db: Database
let namespace: Namespace
beforeAll(async () => {
  db = openDatabase(database.connection, 'test')
  namespace = await findNamespace(db.pool, 'main')
})
afterAll(() => db.end())

const minute = 60_000

/** Does what workers do: every run that waits is completed. Answers how many. */
async function work(): Promise<number> {
  const { rows } = await db.pool.query<{ id: number }>(
    `select id from sluice.run where state = 'queued' order by id`,
  )
  for (const { id } of rows) await bring(db, namespace, id, 'completed')
  return rows.length
}

test(`three schedulers, ${campaign.schedulerKills} kills: every occurrence is accounted for once`, async () => {
  const random = seeded(campaign.seed)
  const from = Date.UTC(2026, 10, 21, 6)
  const since = new Date(from).toISOString()
  const steps = Array.from({ length: 12 }, (_, i) => 1 + (i % 4))
  const jobs = await Promise.all(
    steps.map((minutes, i) => {
      const schedule = { rule: { kind: 'every', minutes }, missed: i % 2 === 0 ? 'run_once' : 'skip' }
      return activeJob(db, namespace, `job ${i}`, { lane: `l${i}`, schedule }, since)
    }),
  )
  const follower = await activeJob(db, namespace, 'follower', { lane: 'follower', after: 'job 3' }, since)
  const order: SchedulerOrder = {
    connection: database.connection,
    from,
    began: systemClock.now(),
    // A minute takes a fifth of a second.
    factor: 300,
    to: from + (campaign.schedulerKills + 6) * 2 * minute,
  }
  const schedulers = Array.from({ length: 3 }, () => Killable.scheduler(order))
  let killed = 0
  for (let next = 0; scheduledTime(order) < order.to; await systemClock.pause(10)) {
    await work()
    if (killed === campaign.schedulerKills || systemClock.now() < next) continue
    const which = pick(random, 3)
    expect(schedulers[which]!.endedByItself).toBe(false)
    await schedulers[which]!.kill()
    schedulers[which] = Killable.scheduler(order)
    killed++
    next = systemClock.now() + random() * 600
  }
  for (const one of schedulers) await one.kill()
  // One that lives sees to what the killed ones left.
  do await new Scheduler({ db, log: silentLog }).runOnce(new Date(order.to))
  while ((await work()) > 0)

  for (const [i, id] of jobs.entries()) {
    const runs = await runsOf(db, id)
    const dues = runs.map(({ due }) => due)
    expect(new Set(dues).size).toBe(dues.length)
    const told = { job: i, occurrences: runs.reduce((sum, { count }) => sum + count, 0) }
    expect(told).toEqual({ job: i, occurrences: Math.floor((order.to - from) / minute / steps[i]!) })
  }
  const parents = (await runsOf(db, jobs[3]!)).filter(({ state }) => state === 'completed')
  const { rows } = await db.pool.query<{ after: string }>(
    `select settings ->> 'after' as after from sluice.run where job_id = $1 order by 1`,
    [follower],
  )
  expect(rows.map(({ after }) => after)).toEqual(parents.map(({ id }) => `r${id}`).toSorted())
})
