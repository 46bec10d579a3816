// Formulas in exported cells (requirements P12; design section 12).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeFormula, unescapeFormula } from './spreadsheetCell.ts'

test.each([
  ['=HYPERLINK("http://evil.example","x")', `'=HYPERLINK("http://evil.example","x")`],
  ['+43 664 123456', '+43 664 123456'],
  ['-12.50', '-12.50'],
  ['+1+cmd|x', `'+1+cmd|x`],
  ['-1-1', `'-1-1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['＝1+1', `'＝1+1`],
  ["'quoted", "''quoted"],
  ['Wien', 'Wien'],
  ['', ''],
])('P12 %s → %s', (cell, escaped) => {
  expect(escapeFormula(cell)).toBe(escaped)
})

test('P12 every escaped text can be had back', () => {
  const risky = fc
    .tuple(fc.constantFrom("'", '=', '+', '-', '@', '\t', '1', 'a', ''), fc.string())
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), risky), (cell) => {
      expect(unescapeFormula(escapeFormula(cell))).toBe(cell)
    }),
    { seed: 20261121, numRuns: 300 },
  )
})
