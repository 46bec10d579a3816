// Duties go on when one of them fails, come back sooner when asked, and end together.
import { expect, test } from 'vitest'
import { FastClock } from '../../test/support/fastClock.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { Database } from '../db/client.ts'
import type { Duty } from '../engine/duty.ts'
import { runDuties } from './duties.ts'

const nothing = { db: {} as Database, store: {} as BlobStore }

test('a duty that fails is logged, survived and called again; the others go on', async () => {
  const said: string[] = []
  const log = {
    info: () => {},
    error: (error: unknown, message: string) => void said.push(`${message}: ${String(error)}`),
  }
  const calls = { bad: 0, good: 0 }
  const enough = Promise.withResolvers<void>()
  const bad: Duty = {
    async runOnce() {
      if (++calls.bad === 4) enough.resolve()
      throw new Error('no luck')
    },
  }
  const good: Duty = { runOnce: async () => void calls.good++ }
  const stop = runDuties({ ...nothing, log, clock: new FastClock() }, [
    { name: 'bad', everySeconds: 1, make: () => bad },
    { name: 'good', everySeconds: 1, make: () => good },
  ])
  await enough.promise
  await stop()
  expect(said.slice(0, 3)).toEqual(Array<string>(3).fill('duty bad: Error: no luck'))
  expect(calls.good).toBeGreaterThan(1)
})

test('one that asks to be called sooner is, and stopping waits for what is under way', async () => {
  const clock = new FastClock()
  const log = { info: () => {}, error: () => {} }
  const second = Promise.withResolvers<void>()
  const last = Promise.withResolvers<void>()
  let calls = 0
  let done = false
  const duty: Duty = {
    async runOnce(now) {
      if (++calls === 1) return new Date(now.getTime() + 1_000)
      second.resolve()
      await last.promise
      done = true
      return undefined
    },
  }
  const stop = runDuties({ ...nothing, log, clock }, [
    { name: 'one', everySeconds: 86_400, make: () => duty },
  ])
  await second.promise
  const stopping = stop()
  last.resolve()
  await stopping
  expect(done).toBe(true)
  // It asked for a second, not for the day.
  expect(clock.longestPause).toBeLessThanOrEqual(1_000)
})
