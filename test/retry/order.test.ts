// Retried records keep their first stamps, so it does not matter when and in what order they are corrected.
import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { writePolicySchema } from '../../src/core/mapping.ts'
import type { PreparedRecord } from '../../src/core/prepared.ts'
import { csvLine } from '../../src/formats/writeCsv.ts'
import { testDatabase } from '../postgres.ts'
import { fact, shape, toRecord, type Fact } from '../support/facts.ts'
import { MemoryProfiles } from '../support/memoryProfiles.ts'
import { mixedFile, seeded, shuffled } from '../support/people.ts'
import { RetryHarness } from '../support/retryHarness.ts'

const policy = writePolicySchema.parse({})
const run = { id: 1, asOf: 1_000 }

/** Without a time of its own: the order of the file decides. */
function recordOf(given: Fact, i: number): PreparedRecord {
  return { ...toRecord(given, i), asOf: null }
}

function retryOf(record: PreparedRecord, i: number): PreparedRecord {
  const from = { run: run.id, ordinal: record.ordinal }
  return { ...record, ordinal: i + 1, origin: { ...from, asOf: run.asOf, from } }
}

test('corrected later, in any order, in any batches: as if it had been right at once (P7)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ fact, failed: fc.boolean() }), { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer(),
      (given, size, seed) => {
        const all = given.map((one, i) => recordOf(one.fact, i))
        const atOnce = new MemoryProfiles(shape)
        atOnce.deliver(run.id, run.asOf, policy, all)
        const later = new MemoryProfiles(shape)
        later.deliver(
          run.id,
          run.asOf,
          policy,
          all.filter((_, i) => !given[i]!.failed),
        )
        const retries = shuffled(
          all.filter((_, i) => given[i]!.failed),
          seeded(seed),
        ).map(retryOf)
        for (let at = 0; at < retries.length; at += size)
          later.deliver(2, 9_000, policy, retries.slice(at, at + size))
        expect(later.dump()).toEqual(atOnce.dump())
      },
    ),
    { numRuns: 3_000, seed: 20_261_121 },
  )
})

test('the same retries once more change nothing', () => {
  fc.assert(
    fc.property(fc.array(fact, { minLength: 1, maxLength: 10 }), (facts) => {
      const retries = facts.map(recordOf).map(retryOf)
      const store = new MemoryProfiles(shape)
      store.deliver(2, 9_000, policy, retries)
      const once = store.dump()
      store.deliver(3, 9_900, policy, retries)
      expect(store.dump()).toEqual(once)
    }),
    { numRuns: 1_000, seed: 11 },
  )
})

const database = testDatabase()
let h: RetryHarness
beforeAll(async () => {
  h = await RetryHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

/** Every failed record put right, in one way. */
function corrected(file: string): string[][] {
  const [columns = [], ...rows]: string[][] = parse(file)
  const at = (name: string): number => columns.indexOf(name)
  const mended = rows.map((row) => {
    const ordinal = row[at('_record')]!
    if (row[at('customer_id')] === '') row[at('customer_id')] = `new${ordinal}`
    if (row[at('email')] === 'not an address') row[at('email')] = ''
    row[at('score')] = row[at('score')] === 'many' ? '7' : row[at('score')]!
    return row
  })
  return [columns, ...mended]
}

test.each([1, 2, 3])(
  'the order of the rows in the corrected file does not matter (seed %i)',
  async (seed) => {
    const outcomes: string[][] = []
    for (const order of ['as written', 'backwards', 'shuffled']) {
      await h.empty()
      const parent = await h.import(mixedFile(seed, 600))
      const [columns, ...rows] = corrected(await h.errorFile(parent))
      const sorted =
        order === 'shuffled' ? shuffled(rows, seeded(seed)) : order === 'backwards' ? rows.toReversed() : rows
      const child = await h.correct([columns!, ...sorted].map((cells) => csvLine(cells)).join(''))
      expect((await h.lines(child)).filter((line) => line.startsWith('failed'))).toEqual([])
      expect(await h.verify(child)).toMatchObject({ sound: true, faults: [] })
      outcomes.push(await h.dumpProfiles())
    }
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[2]).toEqual(outcomes[0])
  },
)
