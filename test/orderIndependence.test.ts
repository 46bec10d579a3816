// The later stamp wins whatever order things arrive in (design section 5): any order, any batches, the same profiles.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writePolicySchema } from '../src/core/mapping.ts'
import type { PreparedRecord } from '../src/core/prepared.ts'
import { MemoryProfiles } from './support/memoryProfiles.ts'
import { fact, shape, toRecord } from './support/facts.ts'

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

test('distinct as-of: any row order and any batches give the same profiles (LY-30, LY-32)', () => {
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
