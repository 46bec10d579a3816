// kill -9 during a processing run: whoever goes on ends where an undisturbed run ends, in the run and in the rows it settles.
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { namedPoints, type NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import { crash, inCopy, type Copy } from '../support/copies.ts'
import type { Death } from '../support/crashWorker.ts'
import { mixedFile, pick, seeded } from '../support/people.ts'
import { WaitingHarness } from '../support/waitingHarness.ts'

const database = testDatabase()
const random = seeded(campaign.seed)
const setup = {
  staged: { perRun: null, everyMinutes: 5 },
  recordRetry: { codes: ['score.*', 'integer.invalid'], attempts: 2, everyMinutes: 30 },
}

let original: Copy
let landings: RunKey[]
let processing: RunKey
let batches: number
let clean: unknown

/** Two landings wait, some of their records failed already or are to be tried again; a processing run has taken the rest. */
beforeAll(async () => {
  const h = await WaitingHarness.open(database.connection)
  await h.empty()
  landings = [
    await h.landBy(setup, mixedFile(campaign.seed, 600)),
    await h.landBy(setup, mixedFile(campaign.seed + 1, 300)),
  ]
  processing = (await h.tick(31))[0]!
  const { rows } = await h.db.pool.query<{ n: number }>(
    'select count(*) as n from sluice_main.record where state = 1',
  )
  batches = Math.ceil(rows[0]!.n / 50)
  original = { connection: database.connection, folder: h.folder }
  await h.close(true)
  clean = await inCopy(original, 'clean', (copy) => endOf(copy))
}, 120_000)

afterAll(() => rm(original.folder, { recursive: true, force: true }))

/** Everything all runs leave behind, after a fresh worker has brought the processing run to its end. */
async function endOf(copy: Copy, dead = 'nobody'): Promise<unknown> {
  const h = await WaitingHarness.open(copy.connection, copy.folder)
  try {
    await expireLeases(h.db.pool, dead)
    return {
      state: await h.runToEnd(processing),
      profiles: await h.dumpProfiles(),
      rows: await Promise.all([...landings, processing].map((key) => h.lines(key))),
      counters: await Promise.all([...landings, processing].map((key) => h.counters(key))),
      errors: await h.errorFile(processing),
      sound: await Promise.all([...landings, processing].map(async (key) => (await h.verify(key)).sound)),
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

test('what they are compared with is sound, and nothing is in hand any more', () => {
  const { sound, rows } = clean as { sound: boolean[]; rows: string[][] }
  expect(sound).toEqual([true, true, true])
  const states = new Set(rows.flat().map((line) => line.split(' ')[0]))
  expect(states).toEqual(new Set(['failed', 'finished', 'retry']))
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
