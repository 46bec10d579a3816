// Parts of record ids against reading every id.
import { describe, expect, test } from 'vitest'
import { idPart, nextContaining, nextStarting } from './recordIdSearch.ts'

const digits = ['0', '00', '07', '1', '5', '17', '100', '101', '42', '99', '999', '1234']

describe('parts of record ids (AL-12)', () => {
  /** By reading every number from the top down: the next one that fits, from each. */
  const oracle = (fits: (n: string) => boolean): number[] => {
    const next: number[] = []
    for (let n = 99_999, last = 0; n >= 1; n--) next[n] = last = fits(String(n)) ? n : last
    return next
  }

  test.each(digits)('numbers that contain %s', (text) => {
    const next = oracle((n) => n.includes(text))
    const found = Array.from({ length: 10_000 }, (_, i) => nextContaining(i + 1, text))
    expect(found).toEqual(next.slice(1, 10_001))
  })

  test.each(digits.filter((text) => !text.startsWith('0')))('numbers that begin with %s', (text) => {
    const next = oracle((n) => n.startsWith(text))
    const found = Array.from({ length: 9_000 }, (_, i) => nextStarting(i + 1, text))
    expect(found).toEqual(next.slice(1, 9_001))
  })

  const ids = [
    [1042, 17],
    [1042, 170],
    [104, 217],
    [42, 1],
    [2042, 1],
    [17, 5],
  ] as const
  test.each(['r1042/17', '1042/17', '42/1', 'r42/1', '/17', 'r104', '17', '42/', 'r', '5', 'x', '', '/'])(
    'the ids that contain %s',
    (text) => {
      const part = idPart(text)
      const found = ids.filter(([run, place]) => part?.run(run) === true && part.next(run, place) === place)
      const naive = ids.filter(([run, place]) => text !== '' && `r${run}/${place}`.includes(text))
      expect(found).toEqual(naive)
    },
  )
})
