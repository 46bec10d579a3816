// Stopping a run: the batches in hand are finished, none begins, and the same import started again goes on where it stopped.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock, type Clock } from '../../src/core/clock.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { moveRun } from '../../src/db/moves.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, mixedFile } from '../support/people.ts'

const database = testDatabase()
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterEach(() => h.empty())
afterAll(() => h.close())

const file = mixedFile(5, 400)
const settings = { batchRecords: 20, chunkBatches: 4, connections: 3 }
const order = { definition, settings, again: false }

/** What a run that nobody stops leaves behind. */
async function undisturbed(): Promise<{ profiles: string[]; ledger: string[]; counters: unknown }> {
  const key = await h.start(file, order)
  expect(await h.runToEnd(key)).toBe('completed_with_errors')
  const left = {
    profiles: await h.dumpProfiles(),
    ledger: await h.dumpLedger(key),
    counters: await h.counters(key),
  }
  await h.empty()
  return left
}

/** Stops the run at the third batch that is planned and holds that batch until the worker has looked at the run twice. */
function stopInMidRun(key: () => RunKey) {
  let planned = 0
  let plannedAfter = 0
  let stopped = false
  let looks = 0
  const seen = Promise.withResolvers<void>()
  // The watch pauses between two looks at the run; the second pause after the stop means that it has been seen.
  const clock: Clock = {
    now: () => systemClock.now(),
    pause: (ms, signal) => {
      if (ms === 500 && stopped && ++looks === 2) seen.resolve()
      return systemClock.pause(ms === 500 ? 1 : ms, signal)
    },
  }
  const at = async (point: string): Promise<void> => {
    if (point !== 'planned') return
    planned++
    if (stopped && looks >= 2) plannedAfter++
    if (planned !== 3) return
    expect(await moveRun(h.db.pool, key(), 'stop')).toBe(true)
    stopped = true
    await seen.promise
  }
  return { at, clock, plannedAfter: () => plannedAfter }
}

// Beside the batch that is held, so many others are in hand and may still be planned: one a connection.
const inHand = [
  [1, 0],
  [3, 2],
] as const

test.each(inHand)(
  '%i connections: no batch begins once the stop was seen; what is in hand is kept and counted; it goes on where it stopped',
  async (connections, others) => {
    const clean = await undisturbed()
    const key = await h.start(file, { ...order, settings: { ...settings, connections } })
    const stop = stopInMidRun(() => key)
    expect(await h.runToEnd(key, { at: stop.at, clock: stop.clock })).toBe('stopped')
    const counters = await h.counters(key)
    expect(stop.plannedAfter()).toBeLessThanOrEqual(others)
    expect([counters.total, counters.read > 0, counters.left > 0, counters.read + counters.left]).toEqual([
      400,
      true,
      true,
      400,
    ])
    expect((await h.verify(key)).sound).toBe(true)
    expect((await h.dumpLedger(key)).length).toBe(counters.read)

    expect(await h.start(file, order)).toEqual(key)
    expect(await h.runToEnd(key)).toBe('completed_with_errors')
    expect({
      profiles: await h.dumpProfiles(),
      ledger: await h.dumpLedger(key),
      counters: await h.counters(key),
    }).toEqual(clean)
    expect((await h.verify(key)).sound).toBe(true)
  },
)

test('stopped while validating: nothing is written; started again it is done whole', async () => {
  const key = await h.start(file, order)
  const at = async (point: string): Promise<void> => {
    if (point === 'cut') await moveRun(h.db.pool, key, 'stop')
  }
  expect(await h.runToEnd(key, { at })).toBe('stopped')
  expect([await h.dumpProfiles(), await h.dumpLedger(key)]).toEqual([[], []])
  expect(await h.start(file, order)).toEqual(key)
  expect(await h.runToEnd(key)).toBe('completed_with_errors')
  expect((await h.counters(key)).left).toBe(0)
  expect((await h.verify(key)).sound).toBe(true)
})

test('stopped before anything was done', async () => {
  const key = await h.start(file, order)
  await moveRun(h.db.pool, key, 'stop')
  expect(await h.runToEnd(key)).toBe('stopped')
  expect(await h.start(file, order)).toEqual(key)
  expect(await h.runToEnd(key)).toBe('completed_with_errors')
})

test('a worker told to leave finishes what is in hand; another goes on', async () => {
  const clean = await undisturbed()
  const key = await h.start(file, order)
  const leave = new AbortController()
  let committed = 0
  const at = (point: string): void => {
    if (point === 'committed' && ++committed === 5) leave.abort()
  }
  await h.worker({ at, signal: leave.signal }).run()
  expect((await h.row(key)).state).toBe('importing')
  const { rows } = await h.db.pool.query('select from sluice.chunk where leased_by is not null or deaths > 0')
  expect(rows).toEqual([])
  expect(await h.runToEnd(key)).toBe('completed_with_errors')
  expect({
    profiles: await h.dumpProfiles(),
    ledger: await h.dumpLedger(key),
    counters: await h.counters(key),
  }).toEqual(clean)
})
