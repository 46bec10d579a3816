// Patterns: the same matches as JavaScript's, for every pattern both know; and no text that makes one slow.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearPattern, TooMuchWork, type LinearPattern } from './linearPattern.ts'
import { PatternFault } from './patternSyntax.ts'

const atom = fc.constantFrom(
  'a',
  'b',
  '[ab]',
  '[^a]',
  '.',
  '\\d',
  '\\s',
  '\\b',
  '^',
  '$',
  'é',
  '😀',
  '-',
  '\\.',
)
const repeat = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?', '+?', '??')
const repeated = fc.tuple(atom, repeat).map(([a, r]) => (['\\b', '^', '$'].includes(a) ? a : a + r))
/** Branches of parts, with brackets around them one level deeper. */
function within(part: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const branch = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
  return fc.array(branch, { minLength: 1, maxLength: 2 }).map((branches) => branches.join('|'))
}
const grouped = fc.tuple(within(repeated), repeat).map(([inner, r]) => `(${inner})${r}`)
const pattern = within(fc.oneof({ arbitrary: repeated, weight: 2 }, { arbitrary: grouped, weight: 1 }))

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '1', ' ', 'é', '😀', '-', '.', '\n'),
  maxLength: 12,
})

function offered(source: string): LinearPattern | null {
  try {
    return linearPattern(source)
  } catch (error) {
    if (error instanceof PatternFault && error.message.includes('nothing at all')) return null
    throw error
  }
}

test('matches and replaces as JavaScript does (AL-20)', () => {
  fc.assert(
    fc.property(pattern, text, (source, given) => {
      const ours = offered(source)
      if (ours === null) return
      const theirs = new RegExp(source, 'gu')
      expect(ours.test(given)).toBe(new RegExp(source, 'u').test(given))
      expect(ours.replaceAll(given, '<$&>')).toBe(given.replace(theirs, () => '<$&>'))
    }),
    { seed: 20_261_121, numRuns: 1000 },
  )
})

describe('what cannot be matched in linear time, or means nothing, is refused with its place', () => {
  test.each([
    ['(a)\\1', 4, /refer back/],
    ['(?=a)', 1, /look-ahead/],
    ['(?<n>a)', 1, /names/],
    ['a)', 2, /closes nothing/],
    ['(a', 1, /not closed/],
    ['[a', 1, /not closed/],
    ['[z-a]', 3, /range/],
    ['*a', 1, /nothing does/],
    ['(a*)*', 5, /nothing at all/],
    ['a{9999}', 2, /at most 200/],
    ['a**', 3, /cannot be repeated/],
    ['a\\', 2, /backslash/],
    ['\\p{L}', 1, /not offered/],
    ['((a{100}){100}){100}', 1, /too large/],
    ['a'.repeat(1001), 1001, /at most 1000/],
  ])('%s', (source, at, message) => {
    expect(() => linearPattern(source)).toThrow(message)
    expect(() => linearPattern(source)).toThrow(expect.objectContaining({ at }) as Error)
  })
})

test.each(['(a+)+$', '^(a|a)*$', '\\s+$', '(.+)+x', 'a*a*a*a*b'])(
  'a text made to be slow is not: %s',
  (source) => {
    expect(linearPattern(source).test(`${'a'.repeat(20_000)}${' '.repeat(20_000)}!`)).toBe(false)
  },
)

test('work is counted: a text too long for a pattern is refused, the same everywhere', () => {
  const text = 'a'.repeat(50_000)
  expect(() => linearPattern('a.*b|a').replaceAll(text, '')).toThrow(TooMuchWork)
  expect(() => linearPattern('(a|b){0,150}x').test(text)).toThrow(TooMuchWork)
})
