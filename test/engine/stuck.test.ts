// Stuck things: workers that die, hang, or come back too late; what is shown, and what goes on without a person.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import { moveRun } from '../../src/db/moves.ts'
import { Repair } from '../../src/engine/repair.ts'
import { testDatabase } from '../postgres.ts'
import { EngineHarness, SetClock } from '../support/engineHarness.ts'
import { ImportHarness, silentLog } from '../support/importHarness.ts'
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

const repair = (): Promise<void> => new Repair({ db: h.db, log: silentLog }).runOnce()

/** As if so many minutes had passed since anything moved. */
async function standsStill(minutes: number): Promise<void> {
  await h.db.pool.query(
    `update sluice.run set state_at = state_at - make_interval(mins => $1), progress_at = progress_at - make_interval(mins => $1),
       claimed_at = claimed_at - make_interval(mins => $1)`,
    [minutes],
  )
}

describe('a worker that dies again and again', () => {
  test('with the same chunk three times: an attempt is spent, the problem names the chunk; then it goes on', async () => {
    const clock = new SetClock()
    const key = await e.run(await e.job(), 300)
    const worker = h.worker({ clock })
    await worker.runOnce()
    // Two died with it before; the third one has just.
    await h.db.pool.query(`update sluice.chunk set leased_by = 'dead', deaths = 2 where number = 1`)
    await worker.runOnce()
    expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', problem: 'worker.lost', failed: 1 })
    expect((await h.row(key)).problem!.message).toContain('chunk 1 of the run')
    expect(await e.log(key)).toContain('taken_over')
    clock.pass(15)
    while (await worker.runOnce());
    expect(await e.state(key)).toBe('completed_with_errors')
    expect((await h.verify(key)).sound).toBe(true)
  })

  test('at the same stage three times: the same', async () => {
    const clock = new SetClock()
    const key = await e.run(await e.job())
    await h.db.pool.query(
      `update sluice.run set state = 'validating', state_from = 'queued', holds_lane = true, leased_by = 'dead', deaths = 2`,
    )
    await h.worker({ clock }).runOnce()
    expect(await e.seen(key)).toMatchObject({ state: 'retry_wait', problem: 'worker.lost', failed: 1 })
    clock.pass(15)
    const worker = h.worker({ clock })
    while (await worker.runOnce());
    expect(await e.state(key)).toBe('completed_with_errors')
  })

  test('shutdown and leases that merely ran out are no attempts', async () => {
    const key = await e.run(await e.job())
    const leave = new AbortController()
    let committed = 0
    const at = (point: string): void => {
      if (point === 'committed' && ++committed === 1) leave.abort()
    }
    await h.worker({ at, signal: leave.signal }).run()
    const worker = h.worker()
    while (await worker.runOnce());
    expect(await e.seen(key)).toMatchObject({ state: 'completed_with_errors', failed: 0 })
    const { rows } = await h.db.pool.query<{ deaths: number }>(
      'select max(deaths) as deaths from sluice.chunk',
    )
    expect(rows[0]!.deaths).toBe(0)
  })
})

describe('a worker that hangs', () => {
  test('P13: after ten minutes it is shown as stalled, once; after thirty its run is taken over, and it changes nothing any more', async () => {
    const key = await e.run(await e.job())
    const hung = Promise.withResolvers<void>()
    let first = true
    const at = async (point: string): Promise<void> => {
      if (point !== 'cut' || !first) return
      first = false
      await hung.promise
    }
    const late = h.worker({ at }).runOnce()
    await until(async () => !first && (await e.state(key)) === 'validating')
    await standsStill(11)
    await repair()
    await repair()
    expect((await e.log(key)).filter((kind) => kind === 'stalled')).toEqual(['stalled'])
    await standsStill(20)
    await repair()
    const worker = h.worker()
    while (await worker.runOnce());
    expect(await e.seen(key)).toMatchObject({ state: 'completed_with_errors', failed: 0 })
    const before = [await h.dumpLedger(key), await h.dumpProfiles()]
    hung.resolve()
    await late
    expect([await h.dumpLedger(key), await h.dumpProfiles()]).toEqual(before)
    expect((await h.verify(key)).sound).toBe(true)
  })

  test('BL-22, E15: a stop does not wait for it: another one fences it and ends the run; nothing changes afterwards', async () => {
    const key = await e.run(await e.job(), 300)
    const hung = Promise.withResolvers<void>()
    let planned = 0
    const at = async (point: string): Promise<void> => {
      if (point === 'applied' && ++planned === 2) await hung.promise
    }
    const stuck = h.worker({ at })
    await stuck.runOnce()
    const late = stuck.runOnce()
    await until(async () => planned >= 2)
    expect(await moveRun(h.db.pool, key, 'stop')).toBe(true)
    expect(await h.runToEnd(key)).toBe('stopped')
    const before = [await h.dumpLedger(key), await h.dumpProfiles()]
    hung.resolve()
    await late
    expect([await h.dumpLedger(key), await h.dumpProfiles()]).toEqual(before)
    expect((await h.verify(key)).sound).toBe(true)
    expect((await h.counters(key)).left).toBeGreaterThan(0)
  })
})

describe('what should never be', () => {
  test('a lane that nobody works in and a sleeper without an end are let go', async () => {
    const key = await e.run(await e.job())
    await h.db.pool.query(
      `update sluice.run set state = 'retry_wait', state_from = 'validating', holds_lane = true, wake_at = null`,
    )
    await repair()
    const worker = h.worker()
    while (await worker.runOnce());
    expect(await e.state(key)).toBe('completed_with_errors')
  })

  test('a dead worker’s hands die with it', async () => {
    const key = await e.run(await e.job())
    await h.db.pool.query(
      `update sluice.run set state = 'validating', state_from = 'queued', holds_lane = true, leased_by = 'host/12/3#4', lease_until = clock_timestamp() + interval '1 hour'`,
    )
    await expireLeases(h.db.pool, 'host/12/33')
    expect(await h.worker().runOnce()).toBe(false)
    await expireLeases(h.db.pool, 'host/12/3')
    expect(await h.worker().runOnce()).toBe(true)
    expect(await e.log(key)).toContain('taken_over')
  })
})
