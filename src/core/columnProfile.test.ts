// The data profile: counts, types with their first counter-example, and the ways of writing.
import { expect, test } from 'vitest'
import type { CandidateType } from './candidates.ts'
import { createColumnProfile, type ColumnReport } from './columnProfile.ts'
import type { RawRecord } from './dialect.ts'
import { distinctCounter } from './distinct.ts'

function record(cells: readonly (string | null)[], ordinal: number): RawRecord {
  return { ordinal, line: ordinal + 1, offset: 0, length: 1, cells, bad: null, raw: null }
}

function profileOf(values: readonly (string | null)[], country?: string): ColumnReport {
  const profile = createColumnProfile(['c'], country === undefined ? {} : { country })
  values.forEach((value, i) => profile.add(record([value], i + 1)))
  return profile.report()[0]!
}

function fit(report: ColumnReport, type: CandidateType): string {
  const found = report.types.find((one) => one.type === type)
  return found === undefined ? '0' : `${found.fits}/${found.tested}`
}

test('counts what is filled, different and long, and keeps the first ten examples', () => {
  const report = profileOf([
    'a',
    'b',
    ' a ',
    '',
    null,
    'ccc',
    ...Array.from({ length: 20 }, (_, i) => `x${i}`),
  ])
  expect(report).toMatchObject({ records: 26, filled: 24, distinct: 23, distinctExact: true, longest: 3 })
  expect(report.fillRate).toBeCloseTo(24 / 26)
  expect(report.examples).toEqual(['a', 'b', 'ccc', 'x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6'])
})

test.each<[CandidateType, string[], string]>([
  ['integer', ['1', '-2', '1,234'], '3/3'],
  ['integer', ['1', '1.5'], '1/2'],
  ['number', ['1', '1.5', '1.234,5', 'x'], '3/4'],
  ['boolean', ['yes', 'No', 'perhaps'], '2/3'],
  ['date', ['2024-01-02', '31/12/2024', '12/31/2024', '2024-01-02 10:00'], '3/4'],
  ['timestamp', ['2024-01-02', '2024-01-02 10:00', '31.12.2024 10:00', 'x'], '3/4'],
  ['email', ['a@x.io', 'a@x'], '1/2'],
  ['phone', ['+49 30 123456', '030 123456', '+49', 'ada'], '2/4'],
  ['country', ['DE', 'Frankreich', 'Atlantis'], '2/3'],
  ['json', ['{"a":1}', '[1]', '{a}', '1'], '2/4'],
  ['text_list', ['a,b', 'a;b', 'Dear all, this is a longer sentence, really'], '2/3'],
])('%s fits %j: %s', (type, values, expected) => expect(fit(profileOf(values), type)).toBe(expected))

test('national phone numbers are checked when a country is named', () => {
  expect(fit(profileOf(['030 123456', '01 23 45 67 89 01 23 45 67'], 'DE'), 'phone')).toBe('1/2')
})

test('the first value that does not fit is named with its line', () => {
  const report = profileOf(['1', 'x', 'y'])
  expect(report.types.find(({ type }) => type === 'integer')?.counter).toEqual({ line: 3, value: 'x' })
})

test.each<[string, string[], object]>([
  ['open', ['03/04/2024', '05/06/2024'], { numericDates: 2, orders: { dmy: 2, mdy: 2, ymd: 0 } }],
  ['day first', ['03/04/2024', '13/04/2024'], { numericDates: 2, orders: { dmy: 2, mdy: 1, ymd: 0 } }],
  ['month first', ['03/04/2024', '04/13/2024'], { numericDates: 2, orders: { dmy: 1, mdy: 2, ymd: 0 } }],
  [
    'with times',
    ['03/04/2024 10:00', '13/04/2024 10:00'],
    { numericDates: 2, orders: { dmy: 2, mdy: 1, ymd: 0 } },
  ],
  [
    'two-digit years',
    ['24-01-02', '03.04.31'],
    { shortYears: 2, dottedDates: 1, orders: { dmy: 2, mdy: 1, ymd: 1 } },
  ],
  ['ISO says nothing', ['2024-01-02'], { numericDates: 0 }],
])('date orders, %s', (_, values, expected) => expect(profileOf(values).writing).toMatchObject(expected))

test.each<[string, string[], object]>([
  ['open', ['1,234', '5,678'], { signedNumbers: 2, decimals: { '.': 2, ',': 2 } }],
  ['comma', ['1,5', '1.234,50', '7'], { signedNumbers: 2, decimals: { '.': 0, ',': 2 } }],
  ['point', ['1.5', '1,234.50', '2,345'], { signedNumbers: 3, decimals: { '.': 3, ',': 1 } }],
])('decimal signs, %s', (_, values, expected) => expect(profileOf(values).writing).toMatchObject(expected))

test('what spreadsheets do: leading zeros, scientific notation, capitals', () => {
  const report = profileOf(['007', '1.23457E+12', 'Ada@x.io', 'ada@x.io', 'ADA@x.io'])
  expect(report).toMatchObject({
    leadingZeros: 1,
    scientific: 1,
    firstScientific: { line: 3, value: '1.23457E+12' },
    caseVariants: 2,
  })
})

test('columns may come later; the records before count as empty there', () => {
  const columns = ['a']
  const profile = createColumnProfile(columns)
  profile.add(record(['1'], 1))
  columns.push('b')
  profile.add(record(['1', 'x'], 2))
  expect(profile.report().map(({ column, records, filled }) => [column, records, filled])).toEqual([
    ['a', 2, 2],
    ['b', 2, 1],
  ])
})

test('after the first values only types that may win are tested, and they over the whole file', () => {
  const report = profileOf([...Array.from({ length: 5_000 }, (_, i) => String(i)), 'x'])
  expect(fit(report, 'integer')).toBe('5000/5001')
  expect(report.types.find(({ type }) => type === 'integer')?.counter).toEqual({ line: 5002, value: 'x' })
  expect(fit(report, 'email')).toBe('0')
})

test.each([0, 1, 1_000, 20_000, 200_000])('%i different values are estimated within 5 %%', (n) => {
  const counter = distinctCounter()
  for (let i = 0; i < n; i++) {
    counter.add(`customer-${i}`)
    counter.add(`customer-${i}`)
  }
  const { count, exact } = counter.count()
  expect(exact).toBe(n <= 1_000)
  expect(Math.abs(count - n)).toBeLessThanOrEqual(exact ? 0 : n * 0.05)
})
