// Facts about a few people, as records of a plan: what the properties about order and retries are made of.
import fc from 'fast-check'
import type { Shape } from '../../src/core/changeSet.ts'
import type { PreparedRecord } from '../../src/core/prepared.ts'

export const shape: Shape = {
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

export interface Fact {
  person: number
  names: 'cid' | 'email' | 'both'
  changesEmail: boolean
  cells: (string | null)[]
  clears: boolean
}

export const fact: fc.Arbitrary<Fact> = fc.record({
  person: fc.integer({ min: 1, max: 4 }),
  names: fc.constantFrom('cid', 'email', 'both'),
  changesEmail: fc.boolean(),
  cells: fc.array(fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }), { minLength: 3, maxLength: 3 }),
  clears: fc.boolean(),
})

/** People 1 and 2 keep one address and may be named by either identifier; 3 and 4 change it and always give their id. */
export function toRecord(given: Fact, i: number): PreparedRecord {
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
