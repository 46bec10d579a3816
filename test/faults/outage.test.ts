// PostgreSQL goes away in mid-run and comes back: the run waits and goes on by itself, whatever it was at; no record fails for it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { RunKey } from '../../src/db/moves.ts'
import type { Log, NamedPoint } from '../../src/pipeline/context.ts'
import { FastClock } from '../support/fastClock.ts'
import { ImportHarness, silentLog } from '../support/importHarness.ts'
import { OwnPostgres, type Ending } from '../support/ownPostgres.ts'
import { definition, mixedFile } from '../support/people.ts'
import { until } from '../until.ts'

const file = mixedFile(11, 400)
const settings = { batchRecords: 20, chunkBatches: 4, connections: 3 }
const hour = 3_600_000

let server: OwnPostgres
let h: ImportHarness
let clean: unknown

beforeAll(async () => {
  server = await OwnPostgres.make()
  h = await ImportHarness.open(server.connection)
  const key = await h.start(file, { definition, settings })
  await h.runToEnd(key)
  clean = await whatIsLeft(key)
  await h.empty()
})
afterEach(() => h.empty())
afterAll(async () => {
  await h.close()
  await server.remove()
})

async function whatIsLeft(key: RunKey): Promise<unknown> {
  const { state, problem, sleeping } = await h.row(key)
  const { law, faults } = await h.verify(key)
  const { rows: deaths } = await h.db.pool.query('select number from sluice.chunk where deaths > 0')
  return {
    state,
    problem,
    sleeping,
    faults: [...law!.faults, ...faults],
    deaths,
    profiles: await h.dumpProfiles(),
    ledger: await h.dumpLedger(key),
    counters: await h.counters(key),
    errors: await h.errorRows(key),
  }
}

/** Ends the server at the n-th time a point is reached, and says when the worker has noticed. */
function outageAt(point: NamedPoint, nth: number, how: Ending) {
  let times = 0
  let down = false
  const noticed = Promise.withResolvers<void>()
  const log: Log = { ...silentLog, warn: () => (down ? noticed.resolve() : undefined) }
  const at = async (reached: NamedPoint): Promise<void> => {
    if (reached !== point || ++times !== nth) return
    await server.end(how)
    down = true
  }
  return { at, log, noticed: noticed.promise }
}

const outages: readonly (readonly [Ending, NamedPoint, number])[] = [
  ['SIGKILL', 'validated', 1],
  ['SIGKILL', 'applied', 6],
  ['SIGKILL', 'counted', 1],
  ['SIGQUIT', 'cut', 1],
  ['SIGQUIT', 'planned', 5],
  ['SIGQUIT', 'settled', 9],
  ['SIGQUIT', 'reported', 1],
]

test.each(outages)('the server ends by %s at "%s" number %i and comes back', async (how, point, nth) => {
  const outage = outageAt(point, nth, how)
  const key = await h.start(file, { definition, settings })
  const back = async (): Promise<void> => {
    await outage.noticed
    await server.start()
    await h.settled(key)
  }
  await h.whileWorking(back, { at: outage.at, log: outage.log })
  expect(await whatIsLeft(key)).toEqual(clean)
})

describe('away for an hour', () => {
  test('the worker looks again every few seconds, spends no attempt, and goes on where it was', async () => {
    const clock: Clock & FastClock = new FastClock()
    const outage = outageAt('applied', 7, 'SIGQUIT')
    const key = await h.start(file, { definition, settings })
    const back = async (): Promise<void> => {
      await outage.noticed
      const since = clock.now()
      await until(async () => clock.now() - since > hour)
      await server.start()
      await h.settled(key)
    }
    await h.whileWorking(back, { at: outage.at, log: outage.log, clock })
    // Nobody ever waits longer than this for anything: the run goes on within 10 s of the server's return.
    expect(clock.longestPause).toBeLessThanOrEqual(5_000)
    expect(await whatIsLeft(key)).toEqual(clean)
    const { rows } = await h.db.pool.query('select state_from from sluice.run where id = $1', [key.runId])
    expect(rows).toEqual([{ state_from: 'processing' }])
  })
})
