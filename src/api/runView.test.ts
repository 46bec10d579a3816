// The counters of a run always add up, whatever was counted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomes, skipReasons } from '../core/record.ts'
import { countersOf, countersSchema } from './runView.ts'

const keys = [
  ...outcomes.map((name) => `finished.${name}`),
  ...skipReasons.map((name) => `skipped.${name}`),
  'failed.email.invalid',
  'failed.csv.quote_open',
  'warned.identifier.conflict',
  'retry',
  'waiting',
  'new',
]

const partsOf = (state: Record<string, number>): number =>
  Object.entries(state).reduce((sum, [key, n]) => (key === 'total' ? sum : sum + n), 0)

test('law 1 and 2 (design section 6): total = read + left, read = the sum of the states and their parts', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.nat(1e6)), fc.nat(1e6), (counters, more) => {
      const counted = Object.entries(counters).reduce(
        (sum, [key, n]) => (key.startsWith('warned.') ? sum : sum + n),
        0,
      )
      const view = countersOf({ counters, total: counted + more })
      expect(countersSchema.safeParse(view).error).toBeUndefined()
      const { total, read, left, finished, skipped, failed, retry, waiting, new: fresh } = view
      expect(total).toBe(read + left!)
      expect(read).toBe(counted)
      expect(read).toBe(finished.total + skipped.total + failed.total + retry + waiting + fresh)
      for (const state of [finished, skipped, failed]) expect(partsOf(state)).toBe(state.total)
    }),
    { seed: 20261120 },
  )
})

test('before the records are counted, total and left are unknown', () => {
  expect(countersOf({ counters: { 'finished.created': 3 }, total: null })).toMatchObject({
    total: null,
    read: 3,
    left: null,
  })
})
