// Patterns of file names, as tables.
import { expect, test } from 'vitest'
import { isPassedOver, matchName, parseFilePattern } from './filePattern.ts'

function date(pattern: string, name: string): string | null | false {
  const parsed = parseFilePattern(pattern)
  if (typeof parsed === 'string') throw new Error(parsed)
  const match = matchName(parsed, name)
  return match === null ? false : match.date
}

test.each([
  ['*', 'anything', true],
  ['*', '', true],
  ['customers.csv', 'customers.csv', true],
  ['customers.csv', 'customers.csv.gz', false],
  ['customers.csv', 'Customers.csv', false],
  ['customers_*.csv', 'customers_.csv', true],
  ['customers_*.csv', 'customers_2026.csv', true],
  ['customers_*.csv', 'customers_2026.txt', false],
  ['customers_*.csv', 'old_customers_1.csv', false],
  ['c?t.csv', 'cat.csv', true],
  ['c?t.csv', 'ct.csv', false],
  ['*.csv', 'a.csv.csv', true],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'aXbYbZc', true],
  ['a*bc*c', 'abc', false],
  ['a.c', 'abc', false],
  ['(x)[1]+$.csv', '(x)[1]+$.csv', true],
  ['**', 'x', true],
  ['?', 'ä', true],
])('expectation 7: %s and %s', (pattern, name, fits) => {
  expect(date(pattern, name)).toBe(fits ? null : false)
})

test.each([
  ['c_{date:YYYYMMDD}.csv', 'c_20260301.csv', '20260301000000'],
  ['c_{date:YYYY-MM-DD}*.csv', 'c_2026-03-01_final.csv', '20260301000000'],
  ['{date:DD.MM.YYYY}.csv', '01.03.2026.csv', '20260301000000'],
  ['*{date:YYYYMMDDHHmmss}*', 'x20260301063000y', '20260301063000'],
  ['c_{date:YYYYMMDD}.csv', 'c_20261301.csv', false],
  ['c_{date:YYYYMMDD}.csv', 'c_20260300.csv', false],
  ['c_{date:YYYYMMDD}.csv', 'c_2026030a.csv', false],
  ['c_{date:YYYYMMDD}.csv', 'c_2026030.csv', false],
])('BC-D03 a date in a name: %s and %s', (pattern, name, found) => {
  expect(date(pattern, name)).toBe(found)
})

test.each([
  ['in/*.csv', 'no slash'],
  ['..\\x', 'no slash'],
  ['c_{YYYY}.csv', 'of braces'],
  ['c_{date:YYYY', 'of braces'],
  ['c_{date:MMDD}.csv', 'YYYY, MM and DD'],
  ['c_{date:YYYYMMDDDD}.csv', 'YYYY, MM and DD'],
  ['{date:YYYYMMDD}{date:YYYYMMDD}', 'two dates'],
  ['a}b', 'closes nothing'],
])('a pattern that cannot be: %s', (pattern, says) => {
  expect(parseFilePattern(pattern)).toContain(says)
})

test('many stars take no long time', () => {
  expect(date('*a'.repeat(100) + 'b', 'a'.repeat(255))).toBe(false)
})

test.each([
  ['.hidden.csv', '*', true],
  ['.hidden.csv', '.hid*', false],
  ['x.csv.filepart', '*', true],
  ['x.csv.part', 'x.csv.*', true],
  ['x.part', '*.part', false],
  ['x.csv', '*', false],
])('names of files that are being written: %s under %s', (name, pattern, passed) => {
  expect(isPassedOver(name, pattern)).toBe(passed)
})
