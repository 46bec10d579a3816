// Random steps of the engine on a real PostgreSQL: two workers, four lanes, stages that fail, stops, jumps of the clock, leases that run out; the law after each.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failure } from '../../src/core/problems.ts'
import { isSettled, type RunState } from '../../src/core/run.ts'
import type { Worker } from '../../src/engine/worker.ts'
import { moveJob, moveRun, type RunKey } from '../../src/db/moves.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import { EngineHarness, SetClock } from '../support/engineHarness.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { pick, seeded } from '../support/people.ts'

const database = testDatabase()
let h: ImportHarness
let e: EngineHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  e = new EngineHarness(h)
})
afterAll(() => h.close())

const failures = [
  failure('source.unreadable', { path: 'a.csv', detail: 'it is locked' }),
  failure('source.unreadable', { path: 'api', detail: 'too many requests', retryAfter: 3_600 }),
  failure('file.header_broken', { detail: 'no names' }),
  new Error('nobody thought of this'),
]
const points = ['validated', 'cut', 'planned', 'applied', 'committed', 'counted', 'reported']

interface Snapshot {
  readonly id: number
  readonly state: RunState
  readonly read: number
  readonly failed: number
}

/** What must hold whatever has happened; each row is a breach. */
const breaches = `
  select 'two runs in lane ' || lane from sluice.run where holds_lane group by namespace_id, lane having count(*) > 1
  union all select 'a job overlaps itself' from sluice.run where holds_lane and lane <> 'preview' group by job_id having count(*) > 1
  union all select 'a sixth re-run of r' || id from sluice.run where failed_attempts > 6
  union all select 'no end to the sleep of r' || id from sluice.run where state = 'retry_wait' and wake_at is null
  union all select 'a settled run in somebody''s hands: r' || id from sluice.run where ended_at is not null and (holds_lane or lease_until is not null)
  union all select 'records settled beyond the batches of r' || c.run_id from (
    select c.run_id, sum(x.value::bigint) as counted from sluice.chunk c, jsonb_each_text(c.counters) x
      where x.key !~ '^(warned|noted)' group by c.run_id) c
    where c.counted <> (select count(*) from sluice_main.record r where r.run = c.run_id)`

async function snapshot(): Promise<Map<number, Snapshot>> {
  const { rows } = await h.db.pool.query<Snapshot>(
    `select r.id, r.state, r.failed_attempts as failed, (select count(*) from sluice_main.record x where x.run = r.id) as read from sluice.run r`,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

const random = seeded(campaign.seed)
const clock = new SetClock()
const jobs: number[] = []
const keys: RunKey[] = []
let failing = true

/** Now and then a stage ends with a problem. */
function at(point: string): void {
  if (!failing || !points.includes(point) || pick(random, 30) > 0) return
  throw failures[Math.min(failures.length - 1, pick(random, 8))] ?? failures[0]
}

async function makeJobs(): Promise<void> {
  for (let i = 0; i < 6; i++) {
    const source = { kind: i % 3 === 0 ? 'folder' : 'upload' }
    const setup = { lane: i % 2 === 0 ? 'main' : 'backfill', source }
    jobs.push(await e.job({ kind: i < 4 ? 'recurring' : 'one_time', setup }))
  }
}

/** What a person, the clock or a lost worker does; the rest is work. */
async function step(workers: readonly Worker[]): Promise<void> {
  const key = keys[keys.length - 1 - pick(random, Math.min(6, keys.length || 1))]
  const job = jobs[pick(random, jobs.length)]!
  switch (pick(random, 14)) {
    case 0:
      if (keys.length < 80) keys.push(await e.run(job, 60 + pick(random, 120)))
      return
    case 1:
      return clock.pass(pick(random, 30))
    case 2:
      await h.db.pool.query(
        `update sluice.run set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
      )
      return
    case 3:
      if (key !== undefined && pick(random, 3) === 0) await moveRun(h.db.pool, key, 'stop')
      return
    case 4: {
      const move = pick(random, 2) === 0 ? 'retry-now' : 'resume'
      if (key !== undefined) await moveRun(h.db.pool, key, move, { problem: null })
      return
    }
    case 5: {
      const resumed = await moveJob(h.db.pool, job, 'resume')
      if (!resumed && pick(random, 4) === 0) await moveJob(h.db.pool, job, 'pause')
      return
    }
    default:
      // Both at the same time: they must not get into each other's way.
      await Promise.all(workers.slice(pick(random, 2)).map((worker) => worker.runOnce()))
  }
}

/** What cannot be read is fetched again; it is put back as if it had been. */
async function fetchAgain(): Promise<void> {
  await h.db.pool.query(
    'update sluice.run set landing_id = (select id from sluice.landing limit 1) where landing_id is null',
  )
}

/** Nothing fails any more, every job is on, and time passes. */
async function finish(worker: Worker): Promise<number> {
  failing = false
  for (let round = 0; ; round++) {
    for (const job of jobs) await moveJob(h.db.pool, job, 'resume')
    clock.pass(60)
    while (await worker.runOnce());
    const { rowCount } = await h.db.pool.query('select from sluice.run where ended_at is null')
    if (rowCount === 0 || round === 200) return rowCount ?? 0
  }
}

test(
  `${campaign.engineSteps} random steps: the law holds after each, and everything comes to an end (seed ${campaign.seed})`,
  { timeout: 600_000 },
  async () => {
    await makeJobs()
    const workers = [h.worker({ clock, at }), h.worker({ clock, at })]
    let before = await snapshot()
    for (let i = 0; i < campaign.engineSteps; i++) {
      await step(workers)
      await fetchAgain()
      const { rows } = await h.db.pool.query({ text: breaches, rowMode: 'array' })
      expect(rows).toEqual([])
      const after = await snapshot()
      for (const [id, was] of before) {
        const is = after.get(id)!
        expect([id, is.read >= was.read]).toEqual([id, true])
        const bothSettled = isSettled(was.state) && isSettled(is.state)
        expect(bothSettled ? is : was).toEqual(was)
      }
      before = after
    }
    expect(await finish(workers[0]!)).toBe(0)
    for (const key of keys) {
      const { sound, faults } = await h.verify(key)
      expect([key.runId, sound, faults]).toEqual([key.runId, true, []])
    }
  },
)
