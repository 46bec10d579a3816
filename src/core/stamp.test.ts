// Stamps go to PostgreSQL and come back as they were.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareStamps, microsToTimestamp, timestampToMicros } from './stamp.ts'

test('microseconds to a timestamp and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800_000_000, max: Number.MAX_SAFE_INTEGER }), (micros) => {
      expect(timestampToMicros(microsToTimestamp(micros))).toBe(micros)
    }),
    { numRuns: 3_000, seed: 5 },
  )
})

test('as PostgreSQL prints them: fractions without trailing zeros, years before Christ', () => {
  expect(timestampToMicros('1970-01-01 00:00:01.5+00')).toBe(1_500_000)
  expect(timestampToMicros('2024-01-02 03:04:05+00')).toBe(Date.UTC(2024, 0, 2, 3, 4, 5) * 1000)
  expect(timestampToMicros('0001-12-31 00:00:00+00 BC')).toBe(-62_135_683_200_000_000)
})

test('the later stamp: by as-of, then run, then ordinal (LY-30)', () => {
  const stamp = (asOf: number, run: number, ordinal: number) => ({ asOf, run, ordinal })
  expect(compareStamps(stamp(1, 9, 9), stamp(2, 1, 1))).toBeLessThan(0)
  expect(compareStamps(stamp(2, 3, 9), stamp(2, 4, 1))).toBeLessThan(0)
  expect(compareStamps(stamp(2, 3, 9), stamp(2, 3, 1))).toBeGreaterThan(0)
  expect(compareStamps(stamp(2, 3, 9), stamp(2, 3, 9))).toBe(0)
})
