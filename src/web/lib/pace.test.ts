// How fast bytes flow: over the last seconds.
import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

test('is not told before a second has passed, and then looks back over the last eight', () => {
  const pace = new Pace()
  pace.note(0, 0)
  pace.note(500, 500)
  expect(pace.rate).toBe(null)
  pace.note(1_000, 1_000)
  expect(pace.rate).toBe(1_000)
  for (let second = 2; second <= 20; second++) pace.note(1_000 + 10 * second, 1_000 * second)
  expect(pace.rate).toBe(10)
})

test('begins anew after a break', () => {
  const pace = new Pace()
  pace.note(0, 0)
  pace.note(9_000, 3_000)
  pace.restart()
  expect(pace.rate).toBe(null)
  pace.note(4_000, 60_000)
  pace.note(8_000, 62_000)
  expect(pace.rate).toBe(2_000)
})
