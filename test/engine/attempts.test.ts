// The retry law on a clock that is set: five re-runs, fifteen minutes apart, then settled; and what sleeps without an attempt.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../../src/core/problems.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { testDatabase } from '../postgres.ts'
import { EngineHarness, SetClock, type JobOrder } from '../support/engineHarness.ts'
import { ImportHarness } from '../support/importHarness.ts'

const database = testDatabase()
let h: ImportHarness
let e: EngineHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  e = new EngineHarness(h)
})
afterEach(() => h.empty())
afterAll(() => h.close())

const unreadable = failure('source.unreadable', { path: 'drop/a.csv', detail: 'it is locked' })
const broken = failure('file.header_broken', { detail: 'no names' })
const misled = failure('breaker.empty', { run: 'r1' })
const limited = failure('source.unreadable', { path: 'api', detail: 'too many requests', retryAfter: 3_600 })
const bug = new Error('nobody thought of this')
/** Fails whatever is validated. */
const failing = (error: Error) => ({
  at: (point: string): void => {
    if (point === 'validated') throw error
  },
})

/** Lets a fresh worker do whatever can be done at this moment: what it knows is what the database knows. */
async function work(clock: SetClock, error: Error | null): Promise<void> {
  const worker = h.worker({ clock, ...(error === null ? {} : failing(error)) })
  while (await worker.runOnce());
}

async function started(order: JobOrder = {}): Promise<{ key: RunKey; clock: SetClock; job: number }> {
  const job = await e.job(order)
  return { key: await e.run(job), clock: new SetClock(), job }
}

describe('BC-17, E3: a failed attempt is re-run five times at 15-minute intervals, in the same run', () => {
  test('at +15, 30, 45, 60, 75 minutes, then settled; never a sixth; every look by a worker that was just started', async () => {
    const { key, clock } = await started()
    const begun = clock.now()
    const attempts: number[] = []
    const at = (point: string): void => {
      if (point !== 'validated') return
      attempts.push((clock.now() - begun) / 60_000)
      throw unreadable
    }
    for (let minute = 0; minute <= 240; minute++) {
      const worker = h.worker({ clock, at })
      while (await worker.runOnce());
      clock.pass(1)
    }
    expect(attempts).toEqual([0, 15, 30, 45, 60, 75])
    expect(await e.seen(key)).toMatchObject({
      state: 'failed',
      job: 'active',
      problem: 'source.unreadable',
      failed: 6,
    })
    const { rows } = await h.db.pool.query<{ at: string[] }>(
      `select array(select a ->> 'at' from jsonb_array_elements(attempts) a) as at from sluice.run`,
    )
    expect(rows[0]!.at.map((time) => (Date.parse(time) - begun) / 60_000)).toEqual(attempts)
    const log = await e.log(key)
    expect(log.filter((kind) => kind === 'retry_scheduled').length).toBe(5)
    expect(log.at(-1)).toBe('failed')
  })

  test('an attempt that succeeds ends it well: no problem is left, and what failed stays in the list', async () => {
    const { key, clock } = await started()
    await work(clock, unreadable)
    expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', problem: 'source.unreadable', failed: 1 })
    clock.pass(14)
    await work(clock, null)
    expect(await e.state(key)).toBe('retry_wait')
    clock.pass(1)
    await work(clock, null)
    expect(await e.seen(key)).toMatchObject({ state: 'completed_with_errors', problem: null, failed: 1 })
    expect((await h.verify(key)).sound).toBe(true)
  })

  test('numbers are a policy of the job', async () => {
    const { key, clock } = await started({ setup: { failure: { reruns: 1, rerunMinutes: 60 } } })
    await work(clock, unreadable)
    clock.pass(59)
    await work(clock, unreadable)
    expect((await e.seen(key)).failed).toBe(1)
    clock.pass(1)
    await work(clock, unreadable)
    expect(await e.seen(key)).toMatchObject({ state: 'failed', failed: 2 })
  })

  test('"retry now" does not wait; a person who resumes a settled run gives it all its attempts again', async () => {
    const { key, clock } = await started({ setup: { failure: { reruns: 1 } } })
    await work(clock, unreadable)
    expect(await moveRun(h.db.pool, key, 'retry-now', { problem: null })).toBe(true)
    await work(clock, misled)
    expect(await e.seen(key)).toMatchObject({ state: 'halted', job: 'halted', failed: 2 })
    expect(await moveRun(h.db.pool, key, 'resume', { problem: null })).toBe(true)
    expect((await e.seen(key)).failed).toBe(0)
    await work(clock, null)
    expect(await e.state(key)).toBe('completed_with_errors')
  })
})

describe('E2: what fails, what halts', () => {
  test('BC-26: failed keeps the schedule, halted halts the job', async () => {
    const { key, clock } = await started({ setup: { source: { kind: 'folder' } } })
    for (let attempt = 0; attempt < 6; attempt++) {
      // What cannot be read is fetched again; the landing is put back as if it had been.
      await h.db.pool.query('update sluice.run set landing_id = (select id from sluice.landing limit 1)')
      await work(clock, broken)
      clock.pass(15)
    }
    expect(await e.seen(key)).toMatchObject({
      state: 'halted',
      job: 'halted',
      problem: 'file.header_broken',
      failed: 6,
    })
  })

  test('BC-18: what fetching again cannot mend is halted at once, and so is a file given by hand', async () => {
    const one = await started({ setup: { source: { kind: 'folder' } } })
    await work(one.clock, misled)
    expect(await e.seen(one.key)).toMatchObject({ state: 'halted', job: 'halted', failed: 1 })
    const two = await started()
    await work(two.clock, broken)
    expect(await e.seen(two.key)).toMatchObject({ state: 'halted', job: 'halted', failed: 1 })
  })

  test('BS-28, E1: a one-time job whose attempts are used up is halted', async () => {
    const { key, clock } = await started({ kind: 'one_time', setup: { failure: { reruns: 0 } } })
    await work(clock, unreadable)
    expect(await e.seen(key)).toMatchObject({ state: 'failed', job: 'halted' })
  })

  test('BC-16: a bug is no attempt to be repeated: failed where nothing was written, partial otherwise', async () => {
    const nothing = await started()
    await work(nothing.clock, bug)
    expect(await e.seen(nothing.key)).toMatchObject({ state: 'failed', job: 'active', problem: 'internal' })
    const { key, clock } = await started()
    let planned = 0
    const at = (point: string): void => {
      if (point === 'planned' && ++planned === 2) throw bug
    }
    const worker = h.worker({ clock, at })
    while (await worker.runOnce());
    expect(await e.seen(key)).toMatchObject({ state: 'partial', job: 'active', problem: 'internal' })
    expect((await h.verify(key)).sound).toBe(true)
  })

  test('E5: the attempt after one that wrote half goes on at the checkpoint; nothing is there twice', async () => {
    const { key, clock } = await started()
    let planned = 0
    const at = (point: string): void => {
      if (point === 'planned' && ++planned === 2) throw unreadable
    }
    const worker = h.worker({ clock, at })
    while (await worker.runOnce());
    expect(await e.state(key)).toBe('retry_wait')
    clock.pass(15)
    await work(clock, null)
    expect(await e.state(key)).toBe('completed_with_errors')
    expect((await h.verify(key)).sound).toBe(true)
  })
})

describe('LY-25: a provider that asks us to stay away', () => {
  test('LY-11: it sleeps visibly until then, without an attempt; longer than 24 hours in a row is one', async () => {
    const { key, clock } = await started()
    const begun = clock.now()
    await work(clock, limited)
    expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', failed: 0 })
    expect(Date.parse((await e.seen(key)).wakeAt!) - begun).toBe(3_600_000)
    for (let hour = 1; hour < 24; hour++) {
      clock.pass(60)
      await work(clock, limited)
    }
    expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', failed: 0 })
    clock.pass(60)
    await work(clock, limited)
    expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', failed: 1 })
    expect(await e.log(key)).toContain('sleeping')
    clock.pass(15)
    await work(clock, null)
    expect(await e.state(key)).toBe('completed_with_errors')
  })
})

describe('LY-12, LY-26, LY-38, E4: the error window', () => {
  const setup = { failure: { reruns: 0, errorWindowHours: 10, errorWindowAttempts: 6 } }

  test('ten hours from the first to the latest failed attempt, at least six of them: the job is halted', async () => {
    const job = await e.job({ setup })
    const clock = new SetClock()
    const states: string[] = []
    for (let hour = 0; hour <= 10; hour += 2) {
      const key = await e.run(job)
      await work(clock, unreadable)
      const { state, job: its } = await e.seen(key)
      states.push(`${state} ${its}`)
      clock.pass(120)
    }
    expect(states).toEqual([...Array.from({ length: 5 }, () => 'failed active'), 'halted halted'])
  })

  test('a success in between starts it anew', async () => {
    const job = await e.job({ setup })
    const clock = new SetClock()
    for (let hour = 0; hour <= 12; hour += 2) {
      const key = await e.run(job)
      await work(clock, hour === 6 ? null : unreadable)
      expect((await e.seen(key)).job).toBe('active')
      clock.pass(120)
    }
  })

  test('off by default for scheduled imports', async () => {
    const job = await e.job({ setup: { failure: { reruns: 0 } } })
    const clock = new SetClock()
    for (let day = 0; day < 8; day++) {
      const key = await e.run(job)
      await work(clock, unreadable)
      expect(await e.seen(key)).toMatchObject({ state: 'failed', job: 'active' })
      clock.pass(24 * 60)
    }
  })
})

describe('stopping what waits', () => {
  test('BL-22: a run that waits to retry is stopped at once', async () => {
    const { key, clock } = await started()
    await work(clock, unreadable)
    await moveRun(h.db.pool, key, 'stop')
    await work(clock, null)
    expect(await e.state(key)).toBe('stopped')
    clock.pass(60)
    await work(clock, null)
    expect(await e.state(key)).toBe('stopped')
  })
})
