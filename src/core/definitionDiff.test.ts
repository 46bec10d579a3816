// What the difference of two definitions reads like (requirements P9, BC-09).
import { describe, expect, test } from 'vitest'
import { changeText, diffDefinitions, type Comparable } from './definitionDiff.ts'
import { columnMappingSchema, type ColumnMapping, type Mapping } from './mapping.ts'

const column = (name: string, target: object, more: object = {}): ColumnMapping => ({
  ...columnMappingSchema.parse({ column: name, target }),
  ...more,
})
const attribute = (name: string, type = 'text', more: object = {}): ColumnMapping =>
  column(name, { to: 'attribute', key: name, type }, more)
const email = column('Email', { to: 'identifier', kind: 'email' })
const mapping = (columns: ColumnMapping[], more: object = {}): Mapping => ({ columns, checks: [], ...more })
const lines = (before: Comparable, after: Comparable): string[] =>
  diffDefinitions(before, after).map(changeText)
const between = (before: ColumnMapping[], after: ColumnMapping[]): string[] =>
  lines({ mapping: mapping(before) }, { mapping: mapping(after) })

describe('P9 columns', () => {
  test.each<[string, ColumnMapping[], ColumnMapping[], string[]]>([
    ['nothing', [email], [email], []],
    ['new', [email], [email, attribute('city')], ['+ city → attribute city (text)']],
    ['gone', [attribute('fax'), email], [email], ['- fax → attribute fax (text)']],
    [
      'renamed',
      [email, attribute('city')],
      [{ ...email, column: 'E-Mail' }, attribute('city')],
      ['~ Email → E-Mail (renamed)'],
    ],
    [
      'left out is never taken for a new name',
      [column('a', { to: 'ignore' })],
      [column('b', { to: 'ignore' })],
      ['+ b → left out', '- a → left out'],
    ],
    [
      'why it is left out says nothing',
      [column('a', { to: 'ignore', why: 'x' })],
      [column('a', { to: 'ignore' })],
      [],
    ],
    [
      'target',
      [attribute('city')],
      [column('city', { to: 'ignore' })],
      ['~ city: attribute city (text) → left out'],
    ],
    [
      'type',
      [attribute('n')],
      [attribute('n', 'integer')],
      ['~ n: attribute n (text) → attribute n (integer)'],
    ],
    [
      'cleaner and way of writing',
      [attribute('p')],
      [column('p', { to: 'attribute', key: 'p', type: 'text', clean: 'phone', write: 'set_if_empty' })],
      ['~ p: attribute p (text) → attribute p (phone, only if empty)'],
    ],
    [
      'formats',
      [attribute('d', 'date', { format: { dateOrder: 'dmy' } })],
      [attribute('d', 'date', { format: { dateOrder: 'mdy', timeZone: 'Europe/Berlin' } })],
      ['~ d: date order dmy → mdy', '~ d: time zone (not set) → Europe/Berlin'],
    ],
    [
      'policies',
      [attribute('d')],
      [attribute('d', 'text', { blank: 'clear', onBad: 'blank' })],
      ['~ d: empty cell ignore → clear', '~ d: value that does not fit fail → blank'],
    ],
    [
      'a new column says all its settings',
      [],
      [attribute('d', 'date', { format: { dateOrder: 'dmy' }, blank: 'clear' })],
      ['+ d → attribute d (date), date order dmy, empty cell clear'],
    ],
    [
      'signs nobody sees',
      [attribute('l', 'text_list', { format: { separator: ';' } })],
      [attribute('l', 'text_list', { format: { separator: '\t' } })],
      ['~ l: separator ; → "\\t"'],
    ],
    [
      'fields of tomorrow',
      [attribute('a', 'text', { steps: [] })],
      [attribute('a', 'text', { steps: [{ trim: true }, { replace: [' ', '-'] }] })],
      ['~ a: steps (not set) → trim true, replace " ", -'],
    ],
  ])('%s', (_, before, after, expected) => expect(between(before, after)).toEqual(expected))
})

describe('P9 the rest of a definition', () => {
  test('what holds for the whole mapping, its lists one by one', () => {
    const before = mapping([email], {
      clearToken: '-',
      filters: [
        { name: 'active', when: 'a' },
        { name: 'adult', when: 'b' },
      ],
    })
    const after = mapping([email], {
      checks: ['blueshift'],
      filters: [
        { name: 'active', when: 'a' },
        { name: 'old', when: 'c' },
      ],
    })
    expect(lines({ mapping: before }, { mapping: after })).toEqual([
      '+ checks: blueshift',
      '~ clear token - → (not set)',
      '- filters: name adult, when b',
      '+ filters: name old, when c',
    ])
  })

  test('header, dialect, policy and breaker', () => {
    const dialect = { delimiter: ',', encoding: 'utf-8' }
    const before = {
      mapping: mapping([email]),
      columns: ['Email', 'a'],
      dialect,
      policy: { mode: 'upsert' },
      breaker: null,
    }
    const after = {
      ...before,
      columns: ['b', 'Email'],
      dialect: { ...dialect, delimiter: '\t' },
      policy: { mode: 'update_only' },
      breaker: { rejectsPercent: 5 },
    }
    expect(lines(before, after)).toEqual([
      '+ header → b',
      '- header → a',
      '~ dialect: delimiter , → "\\t"',
      '~ policy: mode upsert → update_only',
      '~ breaker: (not set) → percent of rejects 5',
    ])
  })

  test('columns in another order', () => {
    const before = { mapping: mapping([email]), columns: ['Email', 'a'] }
    expect(lines(before, { ...before, columns: ['a', 'Email'] })).toEqual([
      '~ header: columns in another order',
    ])
  })

  test('a part that only one side has', () => {
    const before = { mapping: mapping([email]) }
    expect(lines(before, { ...before, skipSeen: true } as Comparable)).toEqual([
      '~ skipSeen: (not set) → true',
    ])
  })
})
