// kill -9 of a worker while it undoes a run: whoever takes over ends with what an undisturbed undo leaves.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client, type ClientConfig } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { namedPoints } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import type { CrashOrder, Death } from '../support/crashWorker.ts'
import { newFolder } from '../support/importHarness.ts'
import { definition, mixedFile, pick, seeded } from '../support/people.ts'
import { UndoHarness } from '../support/undoHarness.ts'

const database = testDatabase()
const settings = { batchRecords: 20, chunkBatches: 3, connections: 3 }
const program = fileURLToPath(new URL('../support/crashWorker.ts', import.meta.url))

interface Outcome {
  readonly states: readonly string[]
  readonly profiles: readonly string[]
  readonly stamps: readonly string[]
  readonly ledger: readonly string[]
  readonly faults: readonly string[]
}

let folder: string
let base: string
let target: RunKey
let undo: RunKey
let batches: number
let clean: Outcome

/** A database with two imports done, of the second of which an undo waits: what every trial starts from. */
beforeAll(async () => {
  const u = await UndoHarness.open(database.connection)
  folder = u.h.folder
  base = String(database.connection.database)
  await u.h.runToEnd(await u.h.start(mixedFile(campaign.seed, 300), { definition, settings }))
  target = await u.h.start(mixedFile(campaign.seed + 1, 500, 100), { definition, settings })
  await u.h.runToEnd(target)
  undo = await u.startUndo(target, settings)
  await u.h.close(true)
  clean = await inCopy('clean', (copy) => endOf(copy))
  batches = Math.ceil(clean.ledger.length / settings.batchRecords)
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

/** Lets a fresh worker bring the undo to its end, after the host found the other one dead. */
async function endOf(copy: Copy, dead = 'nobody'): Promise<Outcome> {
  const u = await UndoHarness.open(copy.connection, copy.folder)
  try {
    await expireLeases(u.h.db.pool, dead)
    await u.h.runToEnd(undo)
    return {
      states: [await u.state(undo), await u.state(target)],
      profiles: await u.profiles(),
      stamps: await u.stamps(),
      ledger: await u.h.dumpLedger(undo),
      faults: await u.faults(),
    }
  } finally {
    await u.h.close(true)
  }
}

async function crash(order: CrashOrder): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

/** Kills one worker, and lets another finish. */
async function runTrial(name: string, death: Omit<Death, 'batches'>): Promise<Outcome> {
  return inCopy(name, async (copy) => {
    const worker = `crash-${name}`
    await crash({
      ...copy,
      worker,
      death: { ...death, batches: death.point === 'now' ? batches : batches + 1 },
    })
    return endOf(copy, worker)
  })
}

describe('kill -9 of the worker during an undo (issue 3)', () => {
  test('what they are compared with is sound', () => {
    expect(clean.faults).toEqual([])
    expect(clean.states).toEqual(['completed', 'reverted'])
    expect(clean.ledger.length).toBeGreaterThan(100)
  })

  test.each(namedPoints)('once at the point "%s"', async (point) => {
    expect(await runTrial(`p_${point}`, { committed: 0, point, milliseconds: 0 })).toEqual(clean)
  })

  test(
    `${campaign.undoKills} times at any instant (seed ${campaign.seed})`,
    { timeout: 600_000 },
    async () => {
      const random = seeded(campaign.seed)
      for (let i = 0; i < campaign.undoKills; i++)
        expect(
          await runTrial(`t${i}`, {
            committed: 1 + pick(random, batches - 1),
            point: 'now',
            milliseconds: pick(random, 12),
          }),
        ).toEqual(clean)
    },
  )
})
