// The later stamp wins whatever order things arrive in (design section 5): any order, any batches, the same profiles.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Shape } from '../src/core/changeSet.ts'
import { writePolicySchema } from '../src/core/mapping.ts'
import type { PreparedRecord } from '../src/core/prepared.ts'
import { MemoryProfiles } from './support/memoryProfiles.ts'

const shape: Shape = {
  attributes: [
    { key: 'a', write: 'set' },
    { key: 'b', write: 'set' },
    { key: 'c', write: 'set_if_empty' },
  ],
  rest: [],
  slots: [
    { kindId: 1, kind: 'customer_id', rank: 1, single: true },
    { kindId: 2, kind: 'email', rank: 2, single: true },
  ],
}

interface Fact {
  person: number
  names: 'cid' | 'email' | 'both'
  changesEmail: boolean
  cells: (string | null)[]
  clears: boolean
}

const fact: fc.Arbitrary<Fact> = fc.record({
  person: fc.integer({ min: 1, max: 4 }),
  names: fc.constantFrom('cid', 'email', 'both'),
  changesEmail: fc.boolean(),
  cells: fc.array(fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }), { minLength: 3, maxLength: 3 }),
  clears: fc.boolean(),
})

/** People 1 and 2 keep one address and may be named by either identifier; 3 and 4 change it and always give their id. */
function toRecord(given: Fact, i: number): PreparedRecord {
  const { person, names, cells } = given
  const fixed = person <= 2
  const cid = fixed && names === 'email' ? null : `c${person}`
  const email = fixed
    ? names === 'cid'
      ? null
      : `e${person}`
    : names === 'cid'
      ? null
      : `e${person}${given.changesEmail ? 'b' : 'a'}`
  const cleared = given.clears && cells[1] === null ? [1] : null
  return {
    ordinal: i + 1,
    at: [0, 0, 0],
    failed: null,
    skipped: null,
    origin: null,
    warnings: null,
    identifiers: [cid, email],
    given: [null, null],
    asOf: i + 1,
    row: cells.map((cell) => cell ?? '\\N').join('\t'),
    cleared,
  }
}

function profilesAfter(records: readonly PreparedRecord[], cuts: readonly number[]): string[] {
  const store = new MemoryProfiles(shape)
  const policy = writePolicySchema.parse({})
  let from = 0
  for (const size of [...cuts, records.length]) {
    const batch = records.slice(from, from + size)
    if (batch.length > 0) store.deliver(1, 1_000, policy, batch)
    from += size
  }
  return store.dump()
}

test('distinct as-of: any row order and any batches give the same profiles (LY-30)', () => {
  const many = fc.array(fact, { minLength: 1, maxLength: 14 })
  fc.assert(
    fc.property(
      many,
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (facts, cuts, keys) => {
        const records = facts.map(toRecord)
        const shuffled = records
          .map((record) => ({ record, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record)
        expect(profilesAfter(shuffled, cuts)).toEqual(profilesAfter(records, []))
      },
    ),
    { numRuns: 3_000, seed: 20_261_120 },
  )
})

test('no as-of: batches change nothing as long as the order stays', () => {
  fc.assert(
    fc.property(
      fc.array(fact, { minLength: 1, maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
      (facts, cuts) => {
        const records = facts.map(toRecord).map((record) => ({ ...record, asOf: null }))
        expect(profilesAfter(records, cuts)).toEqual(profilesAfter(records, []))
      },
    ),
    { numRuns: 2_000, seed: 7 },
  )
})
