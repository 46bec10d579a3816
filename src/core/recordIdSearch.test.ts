import { describe, expect, test } from 'vitest'
import { idPart, nextContaining, nextStarting } from './recordIdSearch.ts'

const digits = ['0', '00', '07', '1', '5', '17', '100', '101', '42', '99', '999', '1234']

describe('parts of record ids (AL-12)', () => {
  test.each(digits)('numbers that contain %s, against reading every number', (text) => {
    const naive = (from: number): number => {
      let n = from
      while (!String(n).includes(text)) n++
      return n
    }
    for (let from = 1; from < 12_000; from += from % 97 === 0 ? 13 : 1)
      expect([from, nextContaining(from, text)]).toEqual([from, naive(from)])
  })

  test.each(digits.filter((text) => !text.startsWith('0')))('numbers that begin with %s', (text) => {
    for (let from = 1; from < 3_000; from++) {
      let n = from
      while (!String(n).startsWith(text)) n++
      expect(nextStarting(from, text)).toBe(n)
    }
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
