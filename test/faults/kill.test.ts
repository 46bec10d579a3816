// kill -9 of a worker at any instant: after resuming nothing is lost, nothing is there twice, and all numbers are a clean run's.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client, type ClientConfig } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { namedPoints, type NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import type { CrashOrder, Death } from '../support/crashWorker.ts'
import { ImportHarness, newFolder } from '../support/importHarness.ts'
import { definition, mixedFile, pick, seeded } from '../support/people.ts'

const database = testDatabase()
const records = 1_000
const settings = { batchRecords: 25, chunkBatches: 4, connections: 3 }
const batches = records / settings.batchRecords
const program = fileURLToPath(new URL('../support/crashWorker.ts', import.meta.url))

/** Everything a run leaves behind that another run of the same file must leave too. */
interface Outcome {
  readonly state: string
  readonly profiles: readonly string[]
  readonly ledger: readonly string[]
  readonly counters: unknown
  readonly errors: string
  readonly faults: readonly unknown[]
}

let folder: string
let key: RunKey
let clean: Outcome
let base: string
let schema: string

/** A database with a first import done and a second one waiting: what every trial starts from. */
beforeAll(async () => {
  const h = await ImportHarness.open(database.connection)
  folder = h.folder
  schema = h.namespace.schema
  base = String(database.connection.database)
  const first = await h.start(mixedFile(campaign.seed, 400), { definition, settings })
  await h.runToEnd(first)
  key = await h.start(mixedFile(campaign.seed + 1, records, 200), { definition, settings })
  await h.close(true)
  clean = await inCopy('clean', (copy) => endOf(copy))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** One statement on one of the databases of this file; answers the first cell. */
async function ask(name: string, statement: string, values: unknown[] = []): Promise<unknown> {
  const client = new Client({ ...database.connection, database: name })
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: statement, values, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

/** A copy of what was made above, database and blobs. */
interface Copy {
  readonly connection: ClientConfig
  readonly folder: string
}

async function inCopy<T>(name: string, use: (copy: Copy) => Promise<T>): Promise<T> {
  const copied = `${base}_${name}`
  const blobs = await newFolder()
  await cp(folder, blobs, { recursive: true })
  await ask('postgres', `create database ${copied} template ${base}`)
  try {
    return await use({ connection: { ...database.connection, database: copied }, folder: blobs })
  } finally {
    await ask('postgres', `drop database ${copied} with (force)`)
    await rm(blobs, { recursive: true, force: true })
  }
}

/** Lets a fresh worker bring the run to its end, after the host found the other one dead. */
async function endOf(copy: Copy, dead = 'nobody'): Promise<Outcome> {
  const h = await ImportHarness.open(copy.connection, copy.folder)
  try {
    await expireLeases(h.db.pool, dead)
    const state = await h.runToEnd(key)
    const { law, faults } = await h.verify(key)
    return {
      state,
      profiles: await h.dumpProfiles(),
      ledger: await h.dumpLedger(key),
      counters: await h.counters(key),
      errors: await h.errorFile(key),
      faults: [...law!.faults, ...faults],
    }
  } finally {
    await h.close(true)
  }
}

async function crash(order: CrashOrder): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

/** Share of the records settled, in percent. */
async function settledShare({ connection }: Copy): Promise<number> {
  const count = `select count(*) from ${schema}.record where run = $1`
  return (Number(await ask(String(connection.database), count, [key.runId])) / records) * 100
}

interface Trial extends Death {
  readonly name: string
}

/** Kills one worker, lets another finish, and compares. Answers the share that was settled when it died. */
async function runTrial({ name, ...death }: Trial): Promise<number> {
  return inCopy(name, async (copy) => {
    const worker = `crash-${name}`
    await crash({ ...copy, worker, death })
    const share = await settledShare(copy)
    expect(await endOf(copy, worker)).toEqual(clean)
    return share
  })
}

const batchPoints: readonly NamedPoint[] = ['planned', 'applied', 'settled', 'committed']

/** Trials spread evenly over 5–95 % of the records; every second one dies at a named point, the others at any instant. */
function spread(count: number): Trial[] {
  const random = seeded(campaign.seed)
  return Array.from({ length: count }, (_, i) => {
    const percent = count === 1 ? 50 : 5 + (90 * i) / (count - 1)
    const committed = Math.ceil((percent / 100) * batches)
    const point = i % 2 === 0 ? batchPoints[pick(random, batchPoints.length)]! : 'now'
    return { name: `t${i}`, committed, point, milliseconds: pick(random, 12), batches }
  })
}

describe('kill -9 of the worker', () => {
  test('what they are compared with is sound', () => expect(clean.faults).toEqual([]))

  test.each(namedPoints)('once at the point "%s"', async (point) => {
    const trial = { name: `p_${point}`, committed: 0, point, milliseconds: 0, batches: batches + 1 }
    expect(await runTrial(trial)).toBeLessThanOrEqual(100)
  })

  test(
    `${campaign.kills} times, spread over 5–95 % of the records settled (seed ${campaign.seed})`,
    { timeout: 600_000 },
    async () => {
      const shares: number[] = []
      const waiting = spread(campaign.kills)
      const lane = async (): Promise<void> => {
        for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift())
          shares.push(await runTrial(trial))
      }
      await Promise.all([lane(), lane()])
      expect(shares.filter((share) => share < 5)).toEqual([])
    },
  )
})
