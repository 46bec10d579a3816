// kill -9 during a corrected re-run: whoever goes on ends where an undisturbed run ends, on both sides of the retry.
import { rm } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { csvLine } from '../../src/formats/writeCsv.ts'
import { namedPoints, type NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import { crash, inCopy, type Copy } from '../support/copies.ts'
import { mixedFile, pick, seeded, shuffled } from '../support/people.ts'
import { RetryHarness } from '../support/retryHarness.ts'
import type { Death } from '../support/crashWorker.ts'

const database = testDatabase()
const settings = { batchRecords: 12, chunkBatches: 3, connections: 3 }
const random = seeded(campaign.seed)

let original: Copy
let parent: RunKey
let child: RunKey
let batches: number
let clean: unknown

/** Most rows put right, some left as they were, some still wrong; in any order. */
function corrected(file: string): string {
  const [columns = [], ...rows]: string[][] = parse(file)
  const at = (name: string): number => columns.indexOf(name)
  for (const row of rows) {
    if (pick(random, 6) === 0) continue
    if (row[at('customer_id')] === '') row[at('customer_id')] = `n${pick(random, 30)}`
    if (row[at('email')] === 'not an address') row[at('email')] = pick(random, 4) === 0 ? 'nor this' : ''
    if (row[at('score')] === 'many') row[at('score')] = String(pick(random, 9))
  }
  return [columns, ...shuffled(rows, random)].map((cells) => csvLine(cells)).join('')
}

/** An import with many rejects is done, one more has come since, and its corrections wait. */
beforeAll(async () => {
  const h = await RetryHarness.open(database.connection)
  parent = await h.import(mixedFile(campaign.seed, 2_000))
  await h.import(mixedFile(campaign.seed + 1, 200))
  const file = corrected(await h.errorFile(parent))
  child = await h.startCorrections(file, {}, settings)
  batches = Math.ceil((parse(file).length - 1) / settings.batchRecords)
  original = { connection: database.connection, folder: h.folder }
  await h.close(true)
  clean = await inCopy(original, 'clean', (copy) => endOf(copy))
}, 120_000)

afterAll(() => rm(original.folder, { recursive: true, force: true }))

/** Everything both runs leave behind, after a fresh worker has brought the child to its end. */
async function endOf(copy: Copy, dead = 'nobody'): Promise<unknown> {
  const h = await RetryHarness.open(copy.connection, copy.folder)
  try {
    await expireLeases(h.db.pool, dead)
    return {
      state: await h.runToEnd(child),
      profiles: await h.dumpProfiles(),
      parent: await h.lines(parent),
      child: await h.lines(child),
      counters: await h.counters(child),
      errors: await h.errorFile(child),
      sound: [(await h.verify(parent)).sound, (await h.verify(child)).sound],
    }
  } finally {
    await h.close(true)
  }
}

/** Kills one worker; answers what is there when another has finished. */
async function trial(name: string, death: Omit<Death, 'batches'>): Promise<unknown> {
  return inCopy(original, name, async (copy) => {
    const worker = `crash-${name}`
    expect(await crash({ ...copy, worker, death: { ...death, batches: batches + 1 } })).toBe('SIGKILL')
    return endOf(copy, worker)
  })
}

test('what they are compared with is sound, and every kind of row is there', () => {
  const { sound, child: lines } = clean as { sound: boolean[]; child: string[] }
  expect(sound).toEqual([true, true])
  const kinds = new Set(lines.map((line) => line.split(' ').slice(0, 2).join(' ')))
  expect([...kinds]).toEqual(
    expect.arrayContaining(['finished created', 'skipped unchanged_correction', 'failed email.invalid']),
  )
})

test.each(namedPoints)('once at the point "%s"', async (point) => {
  expect(await trial(`p_${point}`, { committed: 0, point, milliseconds: 0 })).toEqual(clean)
})

const points: readonly (NamedPoint | 'now')[] = ['now', 'planned', 'applied', 'settled', 'committed']

test(
  `${Math.ceil(campaign.kills / 5)} times, spread over the run (seed ${campaign.seed})`,
  { timeout: 600_000 },
  async () => {
    for (let i = 0; i < Math.ceil(campaign.kills / 5); i++) {
      const committed = 1 + pick(random, batches - 1)
      const point = points[pick(random, points.length)]!
      expect(await trial(`t${i}`, { committed, point, milliseconds: pick(random, 8) })).toEqual(clean)
    }
  },
)
