// Quiet hours on a clock that is set: what is due in them waits without its lane, and a person need not (LY-D05).
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { moveRun } from '../../src/db/moves.ts'
import { failure } from '../../src/core/problems.ts'
import { testDatabase } from '../postgres.ts'
import { EngineHarness, SetClock } from '../support/engineHarness.ts'
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

const quiet = { from: '22:00', to: '06:00', zone: 'Europe/Vienna' }

/** Lets a fresh worker do whatever can be done at this moment. */
async function work(clock: SetClock, at?: (point: string) => void): Promise<void> {
  const worker = h.worker({ clock, ...(at === undefined ? {} : { at }) })
  while (await worker.runOnce());
}

test('LY-D05 what is due at night waits until morning, spends no attempt and holds up no other job', async () => {
  const clock = new SetClock('2026-03-01T23:00:00Z')
  const [asleep, awake] = [await e.run(await e.job({ setup: { quiet } })), await e.run(await e.job())]
  await work(clock)
  expect(await e.seen(asleep)).toMatchObject({
    state: 'retry_wait',
    problem: 'schedule.quiet',
    failed: 0,
    wakeAt: '2026-03-02T05:00:00+00:00',
  })
  expect(await e.state(awake)).toBe('completed_with_errors')
  clock.pass(5 * 60 + 59)
  await work(clock)
  expect(await e.state(asleep)).toBe('retry_wait')
  clock.pass(1)
  await work(clock)
  expect(await e.seen(asleep)).toMatchObject({ state: 'completed_with_errors', problem: null, failed: 0 })
  expect((await h.verify(asleep)).sound).toBe(true)
})

test('LY-D05 a person who does not wait is not kept waiting again; a later attempt is', async () => {
  const clock = new SetClock('2026-03-01T23:00:00Z')
  const key = await e.run(await e.job({ setup: { quiet } }))
  await work(clock)
  await moveRun(h.db.pool, key, 'retry-now', { problem: null, by: 'ada@example.com' })
  await work(clock, (point) => {
    if (point === 'validated') throw failure('source.unreadable', { path: 'in/a.csv', detail: 'locked' })
  })
  expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', problem: 'source.unreadable', failed: 1 })
  clock.pass(15)
  await work(clock)
  expect(await e.seen(key)).toMatchObject({ problem: 'schedule.quiet', wakeAt: '2026-03-02T05:00:00+00:00' })
})

test('LY-D05 what a person starts runs at any hour', async () => {
  const key = await e.run(await e.job({ setup: { quiet } }), 100, 'manual')
  await work(new SetClock('2026-03-01T23:00:00Z'))
  expect(await e.state(key)).toBe('completed_with_errors')
})
