// kill -9 of a worker while a mirror deletes who is missing: whoever takes over ends with what an undisturbed one leaves.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client, type ClientConfig } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportDefinition } from '../../src/core/job.ts'
import { expireLeases } from '../../src/db/leases.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { namedPoints, type NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import type { CrashOrder } from '../support/crashWorker.ts'
import { newFolder } from '../support/importHarness.ts'
import { definition, fileOf, pick, seeded } from '../support/people.ts'
import { UndoHarness } from '../support/undoHarness.ts'

const database = testDatabase()
const program = fileURLToPath(new URL('../support/crashWorker.ts', import.meta.url))
const settings = { batchRecords: 20, chunkBatches: 3, connections: 3 }
const mirror: ImportDefinition = { ...definition, policy: { ...definition.policy, mode: 'mirror' } }
const order = { definition: mirror, jobName: 'crm', settings }
/** Of the file that is mirrored, and of the list of who is missing from it. */
const batches = { file: 5, list: 10 }

interface Outcome {
  readonly profiles: readonly string[]
  readonly ledger: readonly string[]
  readonly states: readonly string[]
  readonly faults: readonly string[]
}

let folder: string
let base: string
let parent: RunKey
let clean: Outcome

function people(count: number, city: string): string {
  return fileOf(Array.from({ length: count }, (_, i) => `c${i},p${i}@x.at,${city},1,`))
}

/** A database where a mirror waits whose file has 100 of 300 people: what every trial starts from. */
beforeAll(async () => {
  const u = await UndoHarness.open(database.connection)
  folder = u.h.folder
  base = String(database.connection.database)
  await u.h.runToEnd(await u.h.start(people(300, 'Wien'), order))
  parent = await u.h.start(people(100, 'Graz'), order)
  await u.h.close(true)
  clean = await inCopy('clean', (copy) => endOf(copy))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function ask(statement: string): Promise<void> {
  const client = new Client({ ...database.connection, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

interface Copy {
  readonly connection: ClientConfig
  readonly folder: string
}

async function inCopy<T>(name: string, use: (copy: Copy) => Promise<T>): Promise<T> {
  const copied = `${base}_${name}`
  const blobs = await newFolder()
  await cp(folder, blobs, { recursive: true })
  await ask(`create database ${copied} template ${base}`)
  try {
    return await use({ connection: { ...database.connection, database: copied }, folder: blobs })
  } finally {
    await ask(`drop database ${copied} with (force)`)
    await rm(blobs, { recursive: true, force: true })
  }
}

/** Lets a fresh worker bring both runs to their end, after the host found the other one dead. */
async function endOf(copy: Copy, dead = 'nobody'): Promise<Outcome> {
  const u = await UndoHarness.open(copy.connection, copy.folder)
  const step = { ...parent, runId: parent.runId + 1 }
  try {
    await expireLeases(u.h.db.pool, dead)
    await u.h.runToEnd(parent)
    await u.h.runToEnd(step)
    return {
      profiles: await u.profiles(),
      ledger: [...(await u.h.dumpLedger(parent)), ...(await u.h.dumpLedger(step))],
      states: [await u.state(parent), await u.state(step)],
      faults: await u.faults(),
    }
  } finally {
    await u.h.close(true)
  }
}

/** Kills one worker once so many batches of both runs are committed, and lets another finish. */
async function trial(
  name: string,
  committed: number,
  point: NamedPoint | 'now',
  milliseconds = 0,
): Promise<Outcome> {
  return inCopy(name, async (copy) => {
    const worker = `crash-${name}`
    const all = batches.file + batches.list
    const death = { committed, point, milliseconds, batches: point === 'now' ? all : all + 1 }
    const child = spawn(
      process.execPath,
      [program, JSON.stringify({ ...copy, worker, death } satisfies CrashOrder)],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
    return endOf(copy, worker)
  })
}

describe('kill -9 of the worker during a mirror (#20)', () => {
  test('what they are compared with is sound', () => {
    expect([clean.faults, clean.states]).toEqual([[], ['completed', 'completed']])
    expect([clean.profiles.length, clean.ledger.length]).toEqual([100, 300])
  })

  test.each(namedPoints)('once at the point "%s" of the import', async (point) => {
    expect(await trial(`f_${point}`, 0, point)).toEqual(clean)
  })

  // The points before the first batch of the list are those after the last one of the file.
  test.each(namedPoints)('once at the point "%s" after the last batch of the file', async (point) => {
    expect(await trial(`l_${point}`, batches.file, point)).toEqual(clean)
  })

  test(
    `${campaign.undoKills} times at any instant (seed ${campaign.seed})`,
    { timeout: 600_000 },
    async () => {
      const random = seeded(campaign.seed)
      for (let i = 0; i < campaign.undoKills; i++) {
        const committed = 1 + pick(random, batches.file + batches.list - 1)
        expect(await trial(`t${i}`, committed, 'now', pick(random, 12))).toEqual(clean)
      }
    },
  )
})
