// Order decides nothing it should not (design section 5, last paragraph): on the real database, with workers.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, fileOf, line, pick, seeded, seenAt, shuffled } from '../support/people.ts'

const database = testDatabase()
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterEach(() => h.empty())
afterAll(() => h.close())

type Random = () => number
interface Cut {
  readonly batchRecords: number
  readonly chunkBatches: number
  readonly connections: number
}

const oneAfterAnother: Cut = { batchRecords: 5_000, chunkBatches: 16, connections: 1 }

function anyCut(random: Random): Cut {
  const [batchRecords, chunkBatches, connections] = [
    1 + pick(random, 40),
    1 + pick(random, 5),
    1 + pick(random, 4),
  ]
  return { batchRecords, chunkBatches, connections }
}

interface Left {
  readonly profiles: readonly string[]
  readonly ledger: readonly string[]
  readonly counters: Awaited<ReturnType<ImportHarness['counters']>>
}

/** Why it did not come to its end; null: it did. */
async function problemOf({ runId }: { readonly runId: number }): Promise<unknown> {
  const { rows } = await h.db.pool.query<{ problem: unknown }>(
    'select problem from sluice.run where id = $1',
    [runId],
  )
  return rows[0]!.problem
}

/** Imports the rows and says what they left; the database is empty before and after. */
async function imported(rows: readonly string[], cut: Cut, workers = 1): Promise<Left> {
  const key = await h.start(fileOf(rows), { definition, settings: { ...cut } })
  await h.runToEnd(key, {}, workers)
  expect(await problemOf(key)).toBeNull()
  const { law, faults } = await h.verify(key)
  expect([law!.faults, faults]).toEqual([[], []])
  const left = {
    profiles: await h.dumpProfiles(),
    ledger: await h.dumpLedger(key),
    counters: await h.counters(key),
  }
  await h.empty()
  return left
}

/** What several workers may not change: the split between updated, unchanged and superseded is theirs. */
function steadyCounts({ counters }: Left): unknown {
  const { total, read, left, finished, failed } = counters
  return { total, read, left, created: finished['created'], deleted: finished['deleted'] ?? 0, failed }
}

const cityOf = (random: Random): string => ['Berlin', 'Wien', 'Bonn', ''][pick(random, 4)]!
const scoreOf = (random: Random): string => (pick(random, 5) === 0 ? '' : String(pick(random, 9)))

/** A row about one of a few people, who may be named by either identifier or both. `seen`: its as-of, or none. */
function personRow(random: Random, person: number, seen: string): string {
  const named = pick(random, 3)
  const [id, email] = [named === 1 ? '' : `c${person}`, named === 0 ? '' : `p${person}@example.com`]
  return line([id, email, cityOf(random), scoreOf(random), seen])
}

function broken(random: Random, i: number): string {
  return [line([`x${i}`, 'nobody', '', '', '']), line([`x${i}`, '']), line(['', '', 'Bonn', '1', ''])][
    pick(random, 3)
  ]!
}

/** People several times, every row with an as-of of its own. */
function datedRows(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    pick(random, 20) === 0 ? broken(random, i) : personRow(random, pick(random, count / 4), seenAt(i)),
  )
}

/** Nobody twice. */
function distinctRows(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    pick(random, 20) === 0 ? broken(random, i) : personRow(random, i, ''),
  )
}

/** People several times, no as-of, always named by their customer id so that no merge depends on the order. */
function undatedRows(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    if (pick(random, 20) === 0) return broken(random, i)
    const person = pick(random, count / 4)
    const email = pick(random, 2) === 0 ? '' : `p${person}@example.com`
    return line([`c${person}`, email, cityOf(random), scoreOf(random), ''])
  })
}

/** Rows that join people who were apart, no as-of: the order of the file decides, the cut does not. */
function mergingRows(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    pick(random, 20) === 0 ? broken(random, i) : personRow(random, pick(random, count / 3), ''),
  )
}

const trials = Array.from({ length: campaign.orders }, (_, i) => campaign.seed + i)
const rowsPerTrial = 120

describe.each(trials)('seed %i', (seed) => {
  test('distinct as-of per person: any row order, cut and number of workers, the same profiles (LY-30)', async () => {
    const random = seeded(seed)
    const rows = datedRows(random, rowsPerTrial)
    const { profiles } = await imported(rows, oneAfterAnother)
    expect((await imported(shuffled(rows, random), anyCut(random))).profiles).toEqual(profiles)
    expect((await imported(shuffled(rows, random), anyCut(random), 2)).profiles).toEqual(profiles)
  })

  test('nobody twice: any row order, cut and number of workers, the same profiles and counters', async () => {
    const random = seeded(seed)
    const rows = distinctRows(random, rowsPerTrial)
    const { profiles, counters } = await imported(rows, oneAfterAnother)
    const two = await imported(shuffled(rows, random), anyCut(random), 2)
    expect({ profiles: two.profiles, counters: two.counters }).toEqual({ profiles, counters })
  })

  test('somebody twice without as-of: the last row wins; the cut changes nothing at all with one worker', async () => {
    const random = seeded(seed)
    const rows = [...undatedRows(random, rowsPerTrial), 'c0,,Zuletzt,77,']
    const left = await imported(rows, oneAfterAnother)
    expect(left.profiles.find((profile) => /1:c0( |$)/.test(profile))).toContain(
      '"city":"Zuletzt","score":77',
    )
    expect(await imported(rows, anyCut(random))).toEqual(left)
  })

  test('somebody twice without as-of, several workers: the same profiles, read, created, deleted and failed', async () => {
    const random = seeded(seed)
    const rows = undatedRows(random, rowsPerTrial)
    const left = await imported(rows, oneAfterAnother)
    const two = await imported(rows, anyCut(random), 2)
    expect(two.profiles).toEqual(left.profiles)
    expect(steadyCounts(two)).toEqual(steadyCounts(left))
  })

  test('merges without as-of: the cut changes nothing at all with one worker', async () => {
    const random = seeded(seed)
    const rows = mergingRows(random, rowsPerTrial)
    expect(await imported(rows, anyCut(random))).toEqual(await imported(rows, oneAfterAnother))
  })
})
