// Leases: a worker that stalled or died is replaced, and one that comes back too late changes nothing.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { leaseSeconds } from '../../src/db/leases.ts'
import type { RunKey } from '../../src/db/moves.ts'
import type { NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, mixedFile } from '../support/people.ts'
import { until } from '../until.ts'

const database = testDatabase()
const file = mixedFile(31, 300)
// One batch after the other: with a late worker among them, several would be done in any order.
const settings = { batchRecords: 20, chunkBatches: 2, connections: 1 }
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterEach(() => h.empty())
afterAll(() => h.close())

async function whatIsLeft(key: RunKey): Promise<unknown> {
  const { state, problem } = await h.row(key)
  const { law, faults } = await h.verify(key)
  return {
    state,
    problem,
    faults: [...law!.faults, ...faults],
    profiles: await h.dumpProfiles(),
    ledger: await h.dumpLedger(key),
    counters: await h.counters(key),
    errors: await h.errorRows(key),
  }
}

async function undisturbed(): Promise<unknown> {
  const key = await h.start(file, { definition, settings })
  await h.runToEnd(key)
  const left = await whatIsLeft(key)
  await h.empty()
  return left
}

/** As if nobody had renewed anything for longer than a lease lasts. */
async function leasesRunOut(): Promise<void> {
  for (const table of ['run', 'chunk'])
    await h.db.pool.query(
      `update sluice.${table} set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
    )
}

const stalls: readonly NamedPoint[] = ['validated', 'cut', 'committed', 'counted', 'reported']

test.each(stalls)(
  'a worker stalls at "%s" until another has done everything: it changes nothing any more',
  async (point) => {
    const clean = await undisturbed()
    const key = await h.start(file, { definition, settings })
    let stalled = false
    const at = async (reached: NamedPoint): Promise<void> => {
      if (stalled || reached !== point) return
      stalled = true
      await leasesRunOut()
      await h.runToEnd(key)
    }
    const late = h.worker({ at })
    // Validate, import, finish: it stalls in one of them, and finds nothing to do in those after it.
    for (let stage = 0; stage < 3; stage++) await late.runOnce()
    expect(stalled).toBe(true)
    expect(await whatIsLeft(key)).toEqual(clean)
  },
)

test('one of two workers vanishes with its chunk: the other takes it over when the lease has run out', async () => {
  const clean = await undisturbed()
  const key = await h.start(file, { definition, settings })
  await h.worker().runOnce()
  // The vanished one: its chunk is leased, nobody renews it, nothing of it was done.
  const taken = await h.db.pool.query(
    `update sluice.chunk set leased_by = 'vanished', attempt = attempt + 1, lease_until = clock_timestamp() + interval '1 hour' where number = 1`,
  )
  expect(taken.rowCount).toBe(1)
  const others = await h.db.pool.query<{ n: number }>(
    `select count(*) as n from sluice.chunk where number <> 1`,
  )
  const takeOver = async (): Promise<void> => {
    await until(async () => {
      const done = await h.db.pool.query(`select from sluice.chunk where complete`)
      return done.rowCount === others.rows[0]!.n
    })
    expect((await h.row(key)).state).toBe('importing')
    await leasesRunOut()
    await h.settled(key)
  }
  await h.whileWorking(takeOver)
  const { rows } = await h.db.pool.query(`select number, deaths from sluice.chunk where deaths > 0`)
  expect(rows).toEqual([{ number: 1, deaths: 1 }])
  expect(await whatIsLeft(key)).toEqual({ ...(clean as object), ...(await steady(key, clean)) })
})

/** Batches done out of the file's order may count an update here and a lost value there; the profiles are the same. */
async function steady(key: RunKey, clean: unknown): Promise<object> {
  const now = (await whatIsLeft(key)) as { counters: Counts; ledger: unknown }
  const then = clean as { counters: Counts }
  expect([now.counters.read, now.counters.failed]).toEqual([then.counters.read, then.counters.failed])
  return { counters: now.counters, ledger: now.ledger }
}

interface Counts {
  readonly read: number
  readonly failed: unknown
}

test('a worker that stalls with an open transaction does not hold its rows for ever: the server ends its session', async () => {
  const { rows } = await h.db.pool.query<{ seconds: number }>(
    `select extract(epoch from current_setting('idle_in_transaction_session_timeout')::interval)::int as seconds`,
  )
  expect(rows).toEqual([{ seconds: leaseSeconds }])
})
