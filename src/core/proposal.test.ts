// Proposed mappings as tables: what a column is called and holds, what it becomes, and what is asked.
import { describe, expect, test } from 'vitest'
import type { AttributeType } from './attribute.ts'
import { keyChooser, keyFromHeader } from './attributeKeys.ts'
import { createColumnProfile } from './columnProfile.ts'
import { compileMapping } from './compileMapping.ts'
import type { RawRecord } from './dialect.ts'
import { targetText } from './mappingText.ts'
import { proposeMapping, type Proposal, type ProposalOptions } from './proposal.ts'

type Table = Readonly<Record<string, readonly string[]>>

function recordsOf(table: Table): RawRecord[] {
  const columns = Object.values(table)
  const length = Math.max(...columns.map((values) => values.length))
  return Array.from({ length }, (_, i) => {
    const cells = columns.map((values) => values[i] ?? '')
    return { ordinal: i + 1, line: i + 2, offset: 0, length: 1, cells, bad: null, raw: null }
  })
}

function propose(table: Table, options: ProposalOptions = {}): Proposal {
  const profile = createColumnProfile(
    Object.keys(table),
    options.country === undefined ? {} : { country: options.country },
  )
  const sample = recordsOf(table)
  for (const record of sample) profile.add(record)
  return proposeMapping(profile.report(), { sample, ...options })
}

/** What one column becomes, beside a customer id. */
function becomes(header: string, values: readonly string[], options: ProposalOptions = {}): string {
  const { mapping } = propose({ [header]: values, customer_id: values.map((_, i) => `c${i}`) }, options)
  return targetText(mapping.columns[0]!)
}

describe('by header and values', () => {
  test.each<[string, string[], string]>([
    ['First Name', ['Ada'], 'first_name:text'],
    ['Vorname', ['Ada'], 'first_name:text'],
    ['prénom', ['Ada'], 'first_name:text'],
    ['Apellidos', ['Ruiz'], 'last_name:text'],
    ['achternaam', ['Bos'], 'last_name:text'],
    ['PLZ', ['80331', '10115'], 'zip:text'],
    ['Straße', ['Am Weg 1'], 'street:text'],
    ['Geburtsdatum', ['31.12.1980', '1.1.1990'], 'birth_date:date (dateOrder dmy)'],
    ['dateOfBirth', ['12/31/1980', '1/1/1990'], 'birth_date:date (dateOrder mdy)'],
    ['signup_date', ['2024-01-02'], 'signup_date:date'],
    ['created_at', ['2024-01-02T03:04:05Z'], 'created_at:timestamp'],
    ['created_at', ['2024-01-02'], 'created_at:date'],
    ['created_at', ['1704164645'], 'created_at:timestamp'],
    ['signup_date', ['20240102'], 'signup_date:date'],
    ['Newsletter', ['ja', 'nein'], 'opt_in:boolean'],
    ['opt_in', ['1', '0'], 'opt_in:boolean'],
    ['Umsatz', ['1.234,50', '0,99'], 'lifetime_value:number (decimal ,)'],
    ['ltv', ['12', '7'], 'lifetime_value:number'],
    ['tags', ['vip', 'vip,new'], 'tags:text_list (separator ,)'],
    ['Tags', ['vip|b', 'vip|new'], 'tags:text_list (separator |)'],
    ['Land', ['Deutschland', 'FR'], 'country:country'],
    ['Land', ['Mordor', 'Gondor'], 'country:text'],
    ['Phone', ['+49 30 123456'], 'phone:phone'],
    ['Phone', ['030 123456'], 'phone:text'],
    ['Alter', ['33', '44'], 'age:integer'],
    ['Alter', ['33', 'x', 'y'], 'age:text'],
  ])('%s %j becomes %s', (header, values, expected) => expect(becomes(header, values)).toBe(expected))
})

describe('by values alone', () => {
  test.each<[string, string[], string]>([
    ['per order', ['205.625', '117.655833333333333', '80'], 'per_order:number (decimal .)'],
    ['visits', ['1', '22'], 'visits:integer'],
    ['x_score', ['1.5', '2'], 'x_score:number (decimal .)'],
    ['store_nr', ['1', '22'], 'store_nr:text'],
    ['storeId', ['1', '22'], 'store_id:text'],
    ['store', ['01', '22'], 'store:text'],
    ['card', ['4111111111111111', '4111111111111112'], 'card:text'],
    ['answer', ['yes', 'no'], 'answer:boolean'],
    ['flag', ['0', '1'], 'flag:integer'],
    ['size', ['S', 'M', 'L'], 'size:text'],
    ['sex?', ['F', 'F'], 'gender:text'],
    ['kind', ['f', 'f'], 'kind:text'],
    ['when', ['2024-01-02', '2024-01-03'], 'when:date'],
    ['when', ['2024-01-02 10:00', '2024-01-03 11:00'], 'when:timestamp'],
    ['reach', ['+49 30 123456', '+49 30 123457'], 'reach:phone'],
    ['data', ['{"a":1}'], 'data:json'],
    ['likes', ['a;b', 'c;d', 'e'], 'likes:text_list (separator ;)'],
    ['memo', ['Hello, you', 'Bye'], 'memo:text'],
    ['lang_code', ['de', 'en', 'fr'], 'lang_code:text'],
    ['nothing', ['', ''], 'left out: it is empty'],
    ['二', ['x'], 'column_1:text'],
    ['2024 total', ['x'], 'n2024_total:text'],
  ])('%s %j becomes %s', (header, values, expected) => expect(becomes(header, values)).toBe(expected))

  test('one wrong value among many changes no type, and is warned of', () => {
    const values = [...Array.from({ length: 99 }, (_, i) => String(i)), 'oops']
    const { mapping, warnings } = propose({ visits: values, id: values.map((_, i) => `c${i}`) })
    expect(targetText(mapping.columns[0]!)).toBe('visits:integer')
    expect(warnings.map(({ text }) => text)).toEqual([
      '1 of 100 values are not whole numbers (first in line 101: "oops"); such records fail. To leave only the value out: --on-bad-value visits=blank',
    ])
  })
})

test('a country completes phone numbers', () => {
  expect(becomes('Phone', ['030 123456'], { country: 'DE' })).toBe('phone:phone (country DE)')
})

describe('attributes that exist keep their type', () => {
  const attributes: { key: string; type: AttributeType }[] = [
    { key: 'vorname', type: 'text' },
    { key: 'visits', type: 'text' },
    { key: 'birth_date', type: 'text' },
  ]
  test.each([
    ['Vorname', 'Ada', 'vorname:text'],
    ['visits', '7', 'visits:text'],
    ['Geburtsdatum', '31.12.1980', 'birth_date:text'],
  ])('%s %s becomes %s', (header, value, expected) =>
    expect(becomes(header, [value], { attributes })).toBe(expected),
  )
})

describe('identifiers', () => {
  test.each<[string, Table, string[]]>([
    ['a customer id and an address', { Kundennr: ['1'], 'E-Mail': ['a@x.io'] }, ['@customer_id', '@email']],
    ['an id whose values differ', { id: ['1', '2'], n: ['x', 'y'] }, ['@customer_id', 'n:text']],
    [
      'no id whose values repeat',
      { id: ['1', '1', '1'], email: ['a@x.io', 'b@x.io'] },
      ['id:text', '@email'],
    ],
    ['a customer id before an id', { id: ['1', '2'], customer_id: ['a', 'b'] }, ['id:text', '@customer_id']],
    ['addresses under any name', { who: ['a@x.io', 'b@x.io'] }, ['@email']],
    ['one address only', { email: ['a@x.io'], mail: ['b@x.io'] }, ['@email', 'email_address:email']],
    ['phones never', { phone: ['+49 30 123456'], email: ['a@x.io'] }, ['phone:phone', '@email']],
    [
      'no shared address',
      { customer_id: ['1', '2'], email: ['a@x.io', 'A@x.io'] },
      ['@customer_id', 'email_address:email'],
    ],
    [
      'a repeated person is not shared',
      { customer_id: ['1', '1'], email: ['a@x.io', 'A@x.io'] },
      ['@customer_id', '@email'],
    ],
    [
      'placeholders are not shared',
      { customer_id: ['1', '2'], email: ['test@test.com', 'test@test.com'] },
      ['@customer_id', '@email'],
    ],
  ])('%s', (_, table, expected) => expect(propose(table).mapping.columns.map(targetText)).toEqual(expected))

  test('without any the question is asked with a flag to type', () => {
    const { ambiguities } = propose({ who: ['x', 'y'], city: ['Ulm', 'Ulm', 'Ulm', 'Ulm', 'Ulm'] })
    expect(ambiguities).toMatchObject([
      { column: null, about: 'identifier', flags: ['--map who=@customer_id'] },
    ])
  })
})

describe('what cannot be known is asked', () => {
  test.each<[string, string[], string[]]>([
    ['since', ['03/04/2024', '05/06/2024'], ['--date-order since=dmy', '--date-order since=mdy']],
    ['since', ['01-02-03'], ['--date-order since=dmy', '--date-order since=mdy', '--date-order since=ymd']],
    ['since when', ['03/04/2024 10:00'], ["--date-order 'since when=dmy'", "--date-order 'since when=mdy'"]],
    ['mixed', ['13/04/2024', '04/13/2024'], ['--date-order mixed=dmy', '--date-order mixed=mdy']],
    ['price', ['1,234', '2,500'], ['--decimal price=.', '--decimal price=,']],
    ['since', ['13/04/2024', '05/06/2024'], []],
    ['since', ['03.04.2024'], []],
    ['price', ['1,234', '2,5'], []],
  ])('%s %j: %j', (header, values, flags) => {
    const { ambiguities } = propose({ [header]: values, customer_id: values.map((_, i) => `c${i}`) })
    expect(ambiguities.flatMap((one) => one.flags)).toEqual(flags)
  })
  test('an open order is left out of the mapping, so that nothing is guessed by accident', () => {
    const table = { since: ['03/04/2024'], customer_id: ['c1'] }
    const mapper = compileMapping(propose(table).mapping, Object.keys(table))
    expect(mapper.map(recordsOf(table)[0]!).failed?.code).toBe('date.ambiguous')
  })
})

test('a column that may date the records is only mentioned', () => {
  const { mapping, notes } = propose({ id: ['1'], updated_at: ['2024-01-02T03:04:05Z'] })
  expect(targetText(mapping.columns[1]!)).toBe('updated_at:timestamp')
  expect(notes).toMatchObject([{ column: 'updated_at', text: expect.stringContaining('--as-of updated_at') }])
})

test.each([
  ['First Name', 'first_name'],
  ['firstName', 'first_name'],
  ['customerID', 'customer_id'],
  ['Größe (cm)', 'groesse_cm'],
  ['_utm.source', 'utm_source'],
  ['x'.repeat(70), 'x'.repeat(60)],
  ['7', 'n7'],
  ['???', undefined],
])('the key of %j is %j', (header, key) => expect(keyFromHeader(header)).toBe(key))

test('keys are distinct and never the name of an identifier', () => {
  const choose = keyChooser()
  const long = 'y'.repeat(60)
  expect(['city', 'city', 'city', 'email', undefined, long, long].map(choose)).toEqual([
    'city',
    'city_2',
    'city_3',
    'email_address',
    'column_5',
    long,
    `${'y'.repeat(58)}_2`,
  ])
})

test('an error file that comes back: its own columns are left out, and the header says what a broken e-mail column is', () => {
  const ours = Object.fromEntries(
    ['_run', '_line', '_offset', '_record', '_column', '_code', '_message', '_raw'].map((name) => [
      name,
      ['7'],
    ]),
  )
  const { mapping } = propose({
    'Contact ID': ['C1', 'C2', 'C3'],
    'E-mail': ['x@', 'nobody', 'ada@example.com'],
    ...ours,
  })
  const targets = mapping.columns.map(({ target }) => target.to)
  expect(targets).toEqual(['identifier', 'identifier', ...Object.keys(ours).map(() => 'ignore')])
})
