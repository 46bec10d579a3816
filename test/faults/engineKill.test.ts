// kill -9 of workers and of PostgreSQL at random moments while 20 jobs run in five lanes: nothing is lost, doubled or stuck.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { expireLeases } from '../../src/db/leases.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { campaign } from '../support/campaign.ts'
import type { CrashOrder } from '../support/crashWorker.ts'
import { EngineHarness } from '../support/engineHarness.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { OwnPostgres } from '../support/ownPostgres.ts'
import { fileOf, line, pick, seeded } from '../support/people.ts'
import { until } from '../until.ts'

const jobs = 20
const rows = 300
const program = fileURLToPath(new URL('../support/crashWorker.ts', import.meta.url))

let server: OwnPostgres
let h: ImportHarness
let e: EngineHarness
beforeAll(async () => {
  server = await OwnPostgres.make()
  h = await ImportHarness.open(server.connection)
  e = new EngineHarness(h)
})
afterAll(async () => {
  await h.close()
  await server.remove()
})

/** A worker process that lives until it is killed. */
class Process {
  readonly name: string
  readonly #child: ChildProcess

  constructor(n: number) {
    this.name = `campaign/${n}`
    const never = {
      committed: Number.MAX_SAFE_INTEGER,
      point: 'now',
      milliseconds: 0,
      batches: Number.MAX_SAFE_INTEGER,
    } as const
    const order: CrashOrder = {
      connection: server.connection,
      folder: h.folder,
      worker: this.name,
      death: never,
    }
    this.#child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: 'ignore' })
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    const exit = once(this.#child, 'exit')
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL')
      await exit
    }
  }
}

/** People that no other file has, so that every record makes one. */
function fileNumber(n: number): string {
  return fileOf(
    Array.from({ length: rows }, (_, i) => line([`j${n}c${i}`, `j${n}p${i}@example.com`, 'Wien', i, ''])),
  )
}

async function count(sql: string): Promise<number> {
  return (await h.db.pool.query<{ n: number }>(`select count(*) as n from ${sql}`)).rows[0]!.n
}

/** What a person would do: whoever lost three workers at one place need not wait a quarter of an hour for the next try. */
async function nobodyWaits(keys: readonly RunKey[]): Promise<void> {
  for (const key of keys) await moveRun(h.db.pool, key, 'retry-now', { problem: null })
}

test(
  `${campaign.engineKills} kills while ${jobs} jobs run (seed ${campaign.seed})`,
  { timeout: 120_000 + campaign.engineKills * 30_000 },
  async () => {
    const random = seeded(campaign.seed)
    const keys: RunKey[] = []
    for (let n = 0; n < jobs; n++) {
      const landing = await h.land(fileNumber(n))
      const job = await e.job({ setup: { lane: `lane${n % 5}` } })
      const key = await e.run(job, 1)
      await h.db.pool.query('update sluice.run set landing_id = $2, settings = $3 where id = $1', [
        key.runId,
        landing,
        JSON.stringify({ batchRecords: 20, chunkBatches: 3, connections: 2 }),
      ])
      keys.push(key)
    }
    let started = 0
    const processes = [new Process(started++), new Process(started++)]
    const replace = async (slot: number): Promise<void> => {
      const old = processes[slot]!
      await old.kill()
      processes[slot] = new Process(started++)
      // What a starting worker does for those of its machine that are dead; now and then nobody does, and leases run out.
      if (pick(random, 6) > 0) await expireLeases(h.db.pool, old.name).catch(() => {})
    }
    for (let kill = 0; kill < campaign.engineKills; kill++) {
      await systemClock.pause(pick(random, 900))
      if (pick(random, 4) > 0) await replace(pick(random, 2))
      else {
        await server.end(pick(random, 2) === 0 ? 'SIGKILL' : 'SIGQUIT')
        await systemClock.pause(pick(random, 300))
        await server.start()
      }
    }
    await until(async () => {
      await nobodyWaits(keys).catch(() => {})
      return (await count(`sluice.run where ended_at is null`).catch(() => 1)) === 0
    })
    for (const one of processes) await one.kill()
    for (const key of keys) {
      const { sound, faults } = await h.verify(key)
      expect([key.runId, await e.state(key), sound, faults]).toEqual([key.runId, 'completed', true, []])
      expect((await h.counters(key)).finished.total).toBe(rows)
    }
    expect(await count(`${h.namespace.schema}.profile`)).toBe(jobs * rows)
    expect(await count('sluice.chunk where lease_until is not null')).toBe(0)
  },
)

test('a worker suspended past its lease and continued commits nothing', async () => {
  const landing = await h.land(fileNumber(900))
  const key = await e.run(await e.job({ setup: { lane: 'suspended' } }), 1)
  await h.db.pool.query('update sluice.run set landing_id = $2, settings = $3 where id = $1', [
    key.runId,
    landing,
    JSON.stringify({ batchRecords: 2, chunkBatches: 60, connections: 1 }),
  ])
  const suspended = new Process(900)
  onTestFinished(() => suspended.kill())
  const settled = (): Promise<number> => count(`${h.namespace.schema}.record where run = ${key.runId}`)
  await until(async () => (await settled()) > 20)
  suspended.signal('SIGSTOP')
  expect(await e.state(key)).toBe('importing')
  await expireLeases(h.db.pool, suspended.name)
  // An open transaction of a process that stands still is ended by the server after twenty seconds, a statement that waits
  // for more rows from it by the others.
  expect(await h.runToEnd(key)).toBe('completed')
  const left = [await h.dumpLedger(key), await h.counters(key)]
  suspended.signal('SIGCONT')
  // It has come back when it does new work; until then it had its chance to commit the old.
  const next = await e.run(await e.job({ setup: { lane: 'suspended' } }), 50)
  expect(await h.settled(next)).toMatch(/^completed/)
  await suspended.kill()
  expect([await h.dumpLedger(key), await h.counters(key)]).toEqual(left)
  expect((await h.verify(key)).sound).toBe(true)
})
