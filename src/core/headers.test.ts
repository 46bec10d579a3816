// Which headers are equal, which columns are the same under another name (requirement P9).
import { describe, expect, test } from 'vitest'
import { errorColumns } from './errorColumns.ts'
import { headerKey, pairColumns, type Likeness } from './headers.ts'

const csv = { format: 'csv', headerLines: 1 } as const

describe('P9 the key of a header', () => {
  test.each<[string, string[], string[], boolean]>([
    ['the same', ['Email', 'City'], ['Email', 'City'], true],
    ['another order', ['Email', 'City'], ['City', 'Email'], true],
    ['case, blanks and signs', ['E-Mail', 'First Name'], ['email', 'first_name'], true],
    ['one more', ['Email'], ['Email', 'City'], false],
    ['another name for the same thing', ['Email'], ['E-Mail Adresse'], false],
    ['another script', ['氏名'], ['住所'], false],
  ])('%s', (_, a, b, equal) => {
    const [one, other] = [headerKey(a, csv, 'a.csv'), headerKey(b, csv, 'b.csv')]
    expect(JSON.stringify(one?.names) === JSON.stringify(other?.names)).toBe(equal)
  })

  test('CSV and JSON are not equal, JSON lines and lists are', () => {
    const of = (format: 'csv' | 'json' | 'jsonl') => headerKey(['a'], { format, headerLines: 1 }, 'x')?.format
    expect([of('csv'), of('json'), of('jsonl')]).toEqual(['csv', 'json', 'json'])
  })

  test('without a header, a file is known by its name but for digits, and similar to nothing', () => {
    const of = (file: string) => headerKey(['column_1'], { format: 'csv', headerLines: 0 }, file)
    expect(of('people-2026-01.csv')).toEqual(of('people-2026-02.csv'))
    expect(of('orders-2026-01.csv')).not.toEqual(of('people-2026-01.csv'))
    expect(of('people.csv')?.meanings).toEqual([])
  })

  test('an error file is not kept', () => {
    expect(headerKey(['_run', 'email', ...errorColumns], csv, 'errors.csv')).toBeNull()
  })
})

describe('P9 which column is which', () => {
  test.each<[string, string[], string[], [string, string, Likeness][]]>([
    [
      'the same',
      ['a', 'b'],
      ['b', 'a'],
      [
        ['a', 'a', 'same'],
        ['b', 'b', 'same'],
      ],
    ],
    ['signs', ['E-Mail'], ['email'], [['E-Mail', 'email', 'renamed']]],
    ['synonyms', ['Telefon', 'x'], ['Phone', 'y'], [['Telefon', 'Phone', 'renamed']]],
    ['a typing error', ['Loyality Tier'], ['Loyalty Tier'], [['Loyality Tier', 'Loyalty Tier', 'near']]],
    ['numbers are no typing errors', ['Score 2'], ['Score 1'], []],
    ['short names neither', ['cat'], ['car'], []],
    ['two of one meaning are not guessed', ['Telefon', 'Tel'], ['Phone'], []],
    ['an exact name is never given away', ['emial', 'email'], ['email'], [['email', 'email', 'same']]],
  ])('%s', (_, now, before, expected) => {
    const pairs = pairColumns(now, before).map((one) => [one.now, one.before, one.likeness])
    expect(pairs).toEqual(expected)
  })
})

test('P9 thousands of other names are told apart quickly', () => {
  const names = (start: string): string[] => Array.from({ length: 4096 }, (_, i) => `${start} of column ${i}`)
  expect(pairColumns(names('amount'), names('amounts'))).toEqual([])
  expect(pairColumns(names('amount'), names('Amount'))).toHaveLength(4096)
})
