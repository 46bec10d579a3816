// kill -9 of workers, schedulers and PostgreSQL at random moments while 20 jobs run by their schedules: nothing is lost, doubled or stuck.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { expireLeases } from '../../src/db/leases.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { Scheduler } from '../../src/engine/scheduler.ts'
import { campaign } from '../support/campaign.ts'
import { EngineHarness } from '../support/engineHarness.ts'
import { ImportHarness, silentLog } from '../support/importHarness.ts'
import { Killable } from '../support/killable.ts'
import { OwnPostgres } from '../support/ownPostgres.ts'
import { definition, fileOf, line, pick, seeded } from '../support/people.ts'
import { activeJob, runsOf } from '../support/scheduledJobs.ts'
import { scheduledTime, type SchedulerOrder } from '../support/schedulerProcess.ts'
import { until } from '../until.ts'

const jobs = 20
const rows = 150
const minute = 60_000

let server: OwnPostgres
let h: ImportHarness
let e: EngineHarness
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-kills-'))
  server = await OwnPostgres.make()
  h = await ImportHarness.open(server.connection)
  e = new EngineHarness(h)
})
afterAll(async () => {
  await h.close()
  await server.remove()
  await rm(root, { recursive: true, force: true })
})

let workers = 0
function worker(): { readonly name: string; readonly process: Killable } {
  const name = `campaign/${++workers}`
  const order = { connection: server.connection, folder: h.folder, worker: name, root }
  return { name, process: Killable.worker(order) }
}

/** People that no other file has, so that every record makes one. */
function fileNumber(n: number): string {
  return fileOf(
    Array.from({ length: rows }, (_, i) => line([`j${n}c${i}`, `j${n}p${i}@example.com`, 'Wien', i, ''])),
  )
}

/** A file that is there as a whole or not at all, as whoever sends it should make it. */
async function arrive(job: number, n: number): Promise<void> {
  const folder = join(root, `j${job}`)
  await mkdir(folder, { recursive: true })
  const unfinished = join(root, `unfinished-${n}`)
  await writeFile(unfinished, fileNumber(n))
  await rename(unfinished, join(folder, `people-${n}.csv`))
}

async function count(sql: string): Promise<number> {
  return (await h.db.pool.query<{ n: number }>(`select count(*) as n from ${sql}`)).rows[0]!.n
}

/** What a person would do: whoever lost three workers at one place need not wait a quarter of an hour for the next try. */
async function nobodyWaits(): Promise<void> {
  const open = await h.db.pool.query<{ id: number }>(
    `select id from sluice.run where state = 'retrying' and ended_at is null`,
  )
  for (const { id } of open.rows)
    await moveRun(h.db.pool, { namespaceId: h.namespace.id, runId: id }, 'retry-now', { problem: null })
}

/** Three schedulers, two workers and a PostgreSQL, of which one after another is killed. */
class Campaign {
  readonly order: SchedulerOrder
  readonly #random: () => number
  readonly #schedulers: Killable[]
  readonly #workers = [worker(), worker()]

  constructor(order: SchedulerOrder, random: () => number) {
    this.order = order
    this.#random = random
    this.#schedulers = Array.from({ length: 3 }, () => Killable.scheduler(order))
  }

  /** One of the three kinds, now and then all of them at once. */
  async strike(): Promise<void> {
    const which = pick(this.#random, 8)
    if (which < 3 || which === 7) await this.#killWorker(pick(this.#random, 2))
    if ((which >= 3 && which < 5) || which === 7) await this.#killScheduler(pick(this.#random, 3))
    if (which >= 5) await this.#killServer()
  }

  async end(): Promise<void> {
    for (const one of this.#schedulers) await one.kill()
    for (const { process } of this.#workers) await process.kill()
  }

  async #killWorker(slot: number): Promise<void> {
    const old = this.#workers[slot]!
    await old.process.kill()
    this.#workers[slot] = worker()
    // What a starting worker does for those of its machine that are dead; now and then nobody does, and leases run out.
    if (pick(this.#random, 6) > 0) await expireLeases(h.db.pool, old.name).catch(() => {})
  }

  async #killScheduler(slot: number): Promise<void> {
    if (this.#schedulers[slot]!.endedByItself) throw new Error('a scheduler ended by itself')
    await this.#schedulers[slot]!.kill()
    this.#schedulers[slot] = Killable.scheduler(this.order)
  }

  async #killServer(): Promise<void> {
    await server.end(pick(this.#random, 2) === 0 ? 'SIGKILL' : 'SIGQUIT')
    await systemClock.pause(pick(this.#random, 300))
    await server.start()
  }
}

async function makeJobs(since: number): Promise<number[]> {
  const made: number[] = []
  for (let n = 0; n < jobs; n++) {
    const setup = {
      source: { kind: 'folder', path: `j${n}`, pattern: '*.csv' },
      lane: `lane${n % 5}`,
      schedule: { rule: { kind: 'every', minutes: 1 + (n % 4) }, missed: 'run_once' },
    }
    made.push(
      await activeJob(h.db, h.namespace, `job ${n}`, setup, new Date(since).toISOString(), definition),
    )
  }
  return made
}

/** Small batches, so that a kill meets every stage. */
async function cutSmall(): Promise<void> {
  await h.db.pool
    .query(
      `update sluice.run set settings = settings || $1 where state = 'queued' and not settings ? 'batchRecords'`,
      [JSON.stringify({ batchRecords: 20, chunkBatches: 3, connections: 2 })],
    )
    .catch(() => {})
}

test(
  `${campaign.engineKills} kills of workers, schedulers and PostgreSQL while ${jobs} jobs run (seed ${campaign.seed})`,
  { timeout: 180_000 + campaign.engineKills * 30_000 },
  async () => {
    const random = seeded(campaign.seed)
    const from = Date.UTC(2026, 10, 21, 6)
    const made = await makeJobs(from)
    let files = 0
    for (let n = 0; n < jobs; n++) await arrive(n, files++)
    // A minute takes a second, and the last files have time to be met.
    const to = from + (campaign.engineKills + 20) * minute
    const order = { connection: server.connection, from, began: systemClock.now(), factor: 60, to }
    const running = new Campaign(order, random)
    onTestFinished(() => running.end())
    for (let kill = 0; kill < campaign.engineKills; kill++) {
      await cutSmall()
      await systemClock.pause(pick(random, 900))
      await arrive(pick(random, jobs), files++)
      await running.strike()
    }
    await until(async () => {
      await nobodyWaits().catch(() => {})
      if (scheduledTime(order) < to) return false
      const open = `sluice.run where ended_at is null`
      return (await count(open).catch(() => 1)) === 0 && (await nothingIsDue(to).catch(() => false))
    })
    await running.end()
    expect(await occurrencesOf(made)).toEqual(
      made.map((_, n) => Math.floor((to - from) / minute / (1 + (n % 4)))),
    )
    expect(await whatBecame()).toEqual(Array.from({ length: files }, () => ['completed', rows, []]))
    expect(await count(`${h.namespace.schema}.profile`)).toBe(files * rows)
    expect(await count('sluice.chunk where lease_until is not null')).toBe(0)
  },
)

/** One that lives sees to what the killed ones left; answers whether there was nothing. */
async function nothingIsDue(to: number): Promise<boolean> {
  const before = await count('sluice.run')
  await new Scheduler({ db: h.db, log: silentLog }).runOnce(new Date(to))
  return (await count('sluice.run')) === before
}

/** How many occurrences of each job became something; none of them twice. */
async function occurrencesOf(made: readonly number[]): Promise<number[]> {
  const counts: number[] = []
  for (const id of made) {
    const due = (await runsOf(h.db, id)).filter((run) => run.due !== null)
    if (new Set(due.map((run) => run.due)).size < due.length) throw new Error(`job ${id}: a run twice`)
    counts.push(due.reduce((sum, run) => sum + run.count, 0))
  }
  return counts
}

/** State, records and faults of every run, but for those that say that there was no new file. */
async function whatBecame(): Promise<unknown[]> {
  const { rows: runs } = await h.db.pool.query<{ id: number; state: string; why: string; total: number }>(
    `select id, state, problem ->> 'code' as why, total from sluice.run
     where state <> 'skipped' or problem ->> 'code' not like all ('{source.%,schedule.%}') order by id`,
  )
  const became: unknown[] = []
  for (const { id, state, why, total } of runs) {
    const { sound, faults } = await h.verify({ namespaceId: h.namespace.id, runId: id })
    became.push([state, total, sound ? [] : [id, why, ...faults]])
  }
  return became
}

test('a worker suspended past its lease and continued commits nothing', async () => {
  const landing = await h.land(fileNumber(900))
  const key: RunKey = await e.run(await e.job({ setup: { lane: 'suspended' } }), 1)
  await h.db.pool.query('update sluice.run set landing_id = $2, settings = $3 where id = $1', [
    key.runId,
    landing,
    JSON.stringify({ batchRecords: 2, chunkBatches: 60, connections: 1 }),
  ])
  const { name, process } = worker()
  onTestFinished(() => process.kill())
  const settled = (): Promise<number> => count(`${h.namespace.schema}.record where run = ${key.runId}`)
  await until(async () => (await settled()) > 20)
  process.signal('SIGSTOP')
  expect(await e.state(key)).toBe('importing')
  await expireLeases(h.db.pool, name)
  // An open transaction of a process that stands still is ended by the server after twenty seconds, a statement that waits
  // for more rows from it by the others.
  expect(await h.runToEnd(key)).toBe('completed')
  const left = [await h.dumpLedger(key), await h.counters(key)]
  process.signal('SIGCONT')
  // It has come back when it does new work; until then it had its chance to commit the old.
  const next = await e.run(await e.job({ setup: { lane: 'suspended' } }), 50)
  expect(await h.settled(next)).toMatch(/^completed/)
  await process.kill()
  expect([await h.dumpLedger(key), await h.counters(key)]).toEqual(left)
  expect((await h.verify(key)).sound).toBe(true)
})
