// Cells of COPY answers are read as they were written.
import { expect, test } from 'vitest'
import { CopyLines } from './copyLines.ts'
import { toCopy } from './copyText.ts'

test('numbers, nulls, texts with escapes, and the rest of a line', () => {
  const lines = new CopyLines(`12\t-7\t\\N\t${toCopy('a\tb')}\tx\ty\n9007199254740991\t0\tN\t\\N\n`)
  expect(lines.next()).toBe(true)
  expect([lines.number(), lines.number(), lines.cell(), lines.cell(), lines.rest()]).toEqual([
    12,
    -7,
    null,
    'a\tb',
    'x\ty',
  ])
  expect(lines.next()).toBe(true)
  expect([lines.number(), lines.number(), lines.cell(), lines.cell(), lines.rest()]).toEqual([
    9007199254740991,
    0,
    'N',
    null,
    '',
  ])
  expect(lines.next()).toBe(false)
})

test('an empty answer has no lines', () => {
  expect(new CopyLines('').next()).toBe(false)
})
