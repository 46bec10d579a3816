// Lanes: one run at a time in each, in order; who gives its lane up, who comes back first, and what is never in anybody's way.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../../src/core/problems.ts'
import { waitText } from '../../src/core/queue.ts'
import { claimSql, expireLeases } from '../../src/db/leases.ts'
import { moveJob, moveRun, type RunKey } from '../../src/db/moves.ts'
import { listLanes, listQueue, listResting, queuePositions } from '../../src/db/read/queue.ts'
import { testDatabase } from '../postgres.ts'
import { EngineHarness, SetClock } from '../support/engineHarness.ts'
import { ImportHarness, smallCut } from '../support/importHarness.ts'
import { definition, mixedFile } from '../support/people.ts'
import { until } from '../until.ts'

const database = testDatabase()
let h: ImportHarness
let e: EngineHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  e = new EngineHarness(h)
})
afterEach(() => h.empty())
afterAll(() => h.close())

const unreadable = failure('source.unreadable', { path: 'a.csv', detail: 'it is locked' })

/** Every line of the queue as a person reads it, by run. */
async function waitingFor(): Promise<Record<number, string>> {
  const waiting = await listQueue(h.db.pool, h.namespace.id, { limit: 100 })
  return Object.fromEntries(
    waiting.map((run) => [run.id, `${run.waiting.position} ${waitText(run.waiting)}`]),
  )
}

async function drain(clock = new SetClock()): Promise<void> {
  const worker = h.worker({ clock })
  while (await worker.runOnce());
}

describe('BL-14, BL-D07, P15: runs of one lane go one after another', () => {
  test('the second begins when the first is over, whatever the number of workers; the queue says what it waits for', async () => {
    const first = await e.run(await e.job())
    const second = await e.run(await e.job())
    const third = await e.run(await e.job())
    const workers = [h.worker(), h.worker()]
    expect(await workers[0]!.runOnce()).toBe(true)
    expect(await waitingFor()).toEqual({
      [second.runId]: `1 behind r${first.runId} (people.csv), importing`,
      [third.runId]: `2 behind r${first.runId} (people.csv), importing, and 1 more`,
    })
    const busy = async (): Promise<number> =>
      (await h.db.pool.query('select from sluice.run where holds_lane')).rowCount!
    let looks = 0
    for (let began = true; began; looks++) {
      began = (await Promise.all(workers.map((worker) => worker.runOnce()))).some(Boolean)
      expect(await busy()).toBeLessThanOrEqual(1)
    }
    expect(looks).toBeGreaterThan(6)
    expect(await Promise.all([first, second, third].map((key) => e.state(key)))).toEqual(
      Array.from({ length: 3 }, () => 'completed_with_errors'),
    )
    const { rows } = await h.db.pool.query<{ ordered: boolean }>(
      `select bool_and(began >= ended) as ordered from (
         select started_at as began, lag(ended_at) over (order by id) as ended from sluice.run) x where ended is not null`,
    )
    expect(rows[0]!.ordered).toBe(true)
  })

  test('the database has the last word: a second holder is refused', async () => {
    const one = await e.run(await e.job())
    const two = await e.run(await e.job())
    const hold = ({ runId }: RunKey) =>
      h.db.pool.query('update sluice.run set holds_lane = true where id = $1', [runId])
    await hold(one)
    await expect(hold(two)).rejects.toThrow('run_lane')
  })

  test('LY-28: lanes of their own are never in each other’s way: a worker is at both', async () => {
    const slow = await e.run(await e.job({ setup: { lane: 'backfill' } }))
    const hung = Promise.withResolvers<void>()
    const stalled = Promise.withResolvers<void>()
    // The first run stalls until the second, which comes later, is over.
    let first = true
    const at = async (point: string): Promise<void> => {
      if (point !== 'validated' || !first) return
      first = false
      stalled.resolve()
      await hung.promise
    }
    await h.whileWorking(
      async () => {
        await stalled.promise
        const quick = await e.run(await e.job({ setup: { lane: 'real-time' } }))
        expect(await h.settled(quick)).toBe('completed_with_errors')
        expect(await e.state(slow)).toBe('validating')
        hung.resolve()
        expect(await h.settled(slow)).toBe('completed_with_errors')
      },
      { at },
    )
  })

  test('a dry run does not wait behind imports that keep every hand busy', async () => {
    const slow: RunKey[] = []
    for (const lane of ['a', 'b', 'c', 'd']) slow.push(await e.run(await e.job({ setup: { lane } })))
    const hung = Promise.withResolvers<void>()
    let stalls = 3
    const at = async (point: string): Promise<void> => {
      if (point !== 'validated' || stalls === 0) return
      stalls--
      await hung.promise
    }
    await h.whileWorking(
      async () => {
        await until(() => Promise.resolve(stalls === 0))
        const dry = await h.start(mixedFile(9, 50), { definition, settings: { ...smallCut, dryRun: true } })
        expect(await h.settled(dry)).toBe('skipped')
        expect(await e.state(slow[3]!)).toBe('queued')
        // And a person's stop is heard although nobody is free.
        await moveRun(h.db.pool, slow[3]!, 'stop')
        expect(await h.settled(slow[3]!)).toBe('stopped')
        hung.resolve()
        for (const key of slow.slice(0, 3)) await h.settled(key)
      },
      { at },
    )
  })
})

describe('a run holds its lane only while it works', () => {
  test('in retry_wait it gives the lane up, and comes back before those that wait', async () => {
    const clock = new SetClock()
    const first = await e.run(await e.job())
    const second = await e.run(await e.job())
    const third = await e.run(await e.job())
    let failures = 1
    const at = (point: string): void => {
      if (point === 'validated' && failures-- > 0) throw unreadable
    }
    const worker = h.worker({ clock, at })
    await worker.runOnce()
    expect(await e.state(first)).toBe('retry_wait')
    expect((await listResting(h.db.pool, h.namespace.id, 10)).map(({ id }) => id)).toEqual([first.runId])
    await worker.runOnce()
    expect(await e.state(second)).toBe('importing')
    // Its time comes while the second works: it is the next, before the third.
    clock.pass(15)
    while ((await e.state(second)) !== 'completed_with_errors') await worker.runOnce()
    expect([await e.state(first), await e.state(third)]).toEqual(['queued', 'queued'])
    expect(Object.keys(await waitingFor()).map(Number)).toEqual([first.runId, third.runId])
    await worker.runOnce()
    expect([await e.state(first), await e.state(third)]).toEqual(['importing', 'queued'])
  })

  test('it stays its job’s one open run: the next one waits, others of the lane do not', async () => {
    const clock = new SetClock()
    const job = await e.job()
    const open = await e.run(job)
    const next = await e.run(job)
    const other = await e.run(await e.job())
    let failures = 1
    const at = (point: string): void => {
      if (point === 'validated' && failures-- > 0) throw unreadable
    }
    const worker = h.worker({ clock, at })
    while (await worker.runOnce());
    expect([await e.state(open), await e.state(next), await e.state(other)]).toEqual([
      'retry_wait',
      'queued',
      'completed_with_errors',
    ])
    expect(await waitingFor()).toEqual({
      [next.runId]: `1 for the open run of its job: r${open.runId} (people.csv), waiting to retry`,
    })
    clock.pass(15)
    while (await worker.runOnce());
    expect([await e.state(open), await e.state(next)]).toEqual([
      'completed_with_errors',
      'completed_with_errors',
    ])
  })

  test('a job never overlaps itself, not even when its lane was changed', async () => {
    const job = await e.job()
    const one = await e.run(job)
    const two = await e.run(job)
    await h.db.pool.query(`update sluice.run set lane = 'other' where id = $1`, [two.runId])
    const worker = h.worker()
    await worker.runOnce()
    await h.worker().runOnce()
    expect([(await e.state(one)) !== 'queued', await e.state(two)]).toEqual([true, 'queued'])
    expect(await waitingFor()).toEqual({
      [two.runId]: `1 for the run of its job in another lane: r${one.runId} (people.csv), processing`,
    })
    await drain()
    expect(await e.state(two)).toBe('completed_with_errors')
  })

  test('a job that is switched off begins nothing; what has begun ends', async () => {
    const job = await e.job()
    const key = await e.run(job)
    await moveJob(h.db.pool, job, 'pause')
    await drain()
    expect(await e.state(key)).toBe('queued')
    expect(await waitingFor()).toEqual({ [key.runId]: '1 until its job is switched on again' })
    await moveJob(h.db.pool, job, 'resume')
    await h.worker().runOnce()
    await moveJob(h.db.pool, job, 'pause')
    await drain()
    expect(await e.state(key)).toBe('completed_with_errors')
  })

  test('a crashed holder is taken over, and keeps its lane until then', async () => {
    const key = await e.run(await e.job())
    const behind = await e.run(await e.job())
    await h.db.pool.query(
      `update sluice.run set state = 'validating', state_from = 'queued', holds_lane = true, leased_by = 'gone/1#2', attempt = 1,
         lease_until = clock_timestamp() + interval '1 hour' where id = $1`,
      [key.runId],
    )
    await drain()
    expect([await e.state(key), await e.state(behind)]).toEqual(['validating', 'queued'])
    await expireLeases(h.db.pool, 'gone/1')
    await drain()
    expect([await e.state(key), await e.state(behind)]).toEqual([
      'completed_with_errors',
      'completed_with_errors',
    ])
    expect(await e.log(key)).toContain('taken_over')
  })
})

describe('10,000 runs wait in 100 lanes', () => {
  test('a claim looks at one index per lane, never at the queue; every position is there for the asking', async () => {
    const job = await e.job()
    await h.db.pool.query(
      `insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, lane, same_as)
       select 1, 100000 + i, $1, 1, i, 'retry', 'lane' || i % 100, '' from generate_series(1, 10000) i`,
      [job],
    )
    await h.db.pool.query('analyze sluice.run')
    const lanes = await listLanes(h.db.pool, h.namespace.id)
    expect([lanes.length, lanes[0]]).toEqual([100, { lane: 'lane0', running: null, waiting: 100 }])
    const page = await listQueue(h.db.pool, h.namespace.id, { lane: 'lane7', limit: 3 })
    expect(page.map(({ waiting }) => waiting.position)).toEqual([1, 2, 3])
    const last = page.at(-1)!
    const after = await listQueue(h.db.pool, h.namespace.id, { lane: 'lane7', after: last, limit: 1 })
    expect(after.map(({ id, waiting }) => [id, waiting.position])).toEqual([[last.id + 100, 4]])
    const [first, ninth] = [100_001, 100_001 + 800]
    const positions = await queuePositions(h.db.pool, h.namespace.id, [first, ninth])
    expect([positions.get(first)!.waiting.position, positions.get(ninth)!.waiting.position]).toEqual([1, 9])
    const plan = await h.db.withClient(async (client) => {
      await client.query('begin')
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, buffers, format json) ${claimSql}`,
        ['test', true],
      )
      await client.query('rollback')
      return rows[0]!['QUERY PLAN'][0].Plan
    })
    // A look at the whole queue would be a scan of the table, or ten thousand looks at jobs.
    expect(
      nodes(plan).filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'run'),
    ).toEqual([])
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(4_000)
  })
})

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly PlanNode[]
}

function nodes(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)]
}
