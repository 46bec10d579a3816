// Flags: what each does to a mapping, which questions it answers, and what is said when it does not fit.
import { describe, expect, test } from 'vitest'
import { applyFlags, isOpen, applyFlagsToProposal, type MappingFlags } from './mappingFlags.ts'
import { mappingSchema } from './mapping.ts'
import { targetText } from './mappingText.ts'
import { adviceFor } from './problems.ts'
import { SluiceError } from './problem.ts'
import type { Ambiguity } from './proposal.ts'

const mapping = mappingSchema.parse({
  columns: [
    { column: 'Nr', target: { to: 'identifier', kind: 'customer_id' } },
    { column: 'Name', target: { to: 'attribute', key: 'name', type: 'text' } },
    { column: 'Since', target: { to: 'attribute', key: 'since', type: 'date' } },
    { column: 'seen=at', target: { to: 'attribute', key: 'seen_at', type: 'timestamp' } },
    { column: 'Price', target: { to: 'attribute', key: 'price', type: 'number' } },
    { column: 'Tel', target: { to: 'attribute', key: 'phone', type: 'text', clean: 'phone' } },
    { column: 'Tags', target: { to: 'attribute', key: 'tags', type: 'text_list' } },
    { column: 'Empty', target: { to: 'ignore', why: 'it is empty' } },
  ],
})

/** The columns that flags change. */
function changed(flags: MappingFlags): Record<string, string> {
  const fresh = applyFlags(mapping, flags, [{ key: 'age', type: 'integer' }])
  const differs = fresh.columns.filter(
    (column, i) => JSON.stringify(column) !== JSON.stringify(mapping.columns[i]),
  )
  return Object.fromEntries(
    differs.map((column) => {
      const policies = [
        column.blank === 'ignore' ? '' : ` blank ${column.blank}`,
        column.onBad === 'fail' ? '' : ' bad blank',
      ]
      return [column.column, targetText(column) + policies.join('')]
    }),
  )
}

test.each<[MappingFlags, Record<string, string>]>([
  [{ map: ['Name=full_name'] }, { Name: 'full_name:text' }],
  [{ map: ['name=full_name'] }, { Name: 'full_name:text' }],
  [{ map: ['Name=age'] }, { Name: 'age:integer' }],
  [{ map: ['Name=age:number'] }, { Name: 'age:number' }],
  [{ map: ['Name=mail:email'] }, { Name: 'mail:email' }],
  [{ map: ['Name=words:list'] }, { Name: 'words:text_list' }],
  [{ map: ['Name=@email'] }, { Name: '@email' }],
  [{ map: ['Name=-'] }, { Name: 'left out: left out by --map' }],
  [{ map: ['Nr=number'] }, { Nr: 'number:text' }],
  [{ map: ['Tel=mobile'] }, { Tel: 'mobile:phone' }],
  [{ map: ['Tel=mobile:text'] }, { Tel: 'mobile:text' }],
  [{ map: ['seen=at=last_seen'] }, { 'seen=at': 'last_seen:timestamp' }],
  [{ asOf: 'seen=at' }, { 'seen=at': 'time of the record' }],
  [
    { dateOrder: ['dmy'] },
    { Since: 'since:date (dateOrder dmy)', 'seen=at': 'seen_at:timestamp (dateOrder dmy)' },
  ],
  [
    { dateOrder: ['Since=mdy', 'dmy'] },
    { Since: 'since:date (dateOrder mdy)', 'seen=at': 'seen_at:timestamp (dateOrder dmy)' },
  ],
  [{ dateOrder: ['seen=at=DMY'] }, { 'seen=at': 'seen_at:timestamp (dateOrder dmy)' }],
  [{ decimal: [','] }, { Price: 'price:number (decimal ,)' }],
  [{ separator: ['Tags=|'] }, { Tags: 'tags:text_list (separator |)' }],
  [{ timeZone: ['seen=at=Europe/Berlin'] }, { 'seen=at': 'seen_at:timestamp (timeZone Europe/Berlin)' }],
  [{ country: ['de'] }, { Tel: 'phone:phone (country DE)' }],
  [
    { map: ['Name=@phone'], country: ['FR', 'Tel=DE'] },
    { Name: '@phone (country FR)', Tel: 'phone:phone (country DE)' },
  ],
  [{ blank: ['Tel=clear'] }, { Tel: 'phone:phone (an empty cell clears) blank clear' }],
  [{ onBadValue: ['Nr=blank'] }, { Nr: '@customer_id (values that do not fit are left blank) bad blank' }],
  [{ ifEmpty: ['Name'] }, { Name: 'name:text, only if empty' }],
])('%j', (flags, expected) => expect(changed(flags)).toEqual(expected))

test('a general policy leaves identifiers and left-out columns as they are', () => {
  expect(Object.keys(changed({ blank: ['clear'] }))).toEqual([
    'Name',
    'Since',
    'seen=at',
    'Price',
    'Tel',
    'Tags',
  ])
  expect(Object.keys(changed({ onBadValue: ['blank'] }))).toEqual([
    'Nr',
    'Name',
    'Since',
    'seen=at',
    'Price',
    'Tel',
    'Tags',
  ])
})

test('the clear token and checks', () => {
  expect(applyFlags(mapping, { clearToken: ' (empty) ', checks: ['blueshift', 'blueshift'] })).toMatchObject({
    clearToken: '(empty)',
    checks: ['blueshift'],
  })
})

describe('flags that do not fit say what to type', () => {
  test.each<[MappingFlags, string, string]>([
    [
      { map: ['Name'] },
      '--map Name does not fit: it needs a column, an equals sign',
      'Vorname=first_name:text',
    ],
    [{ map: ['Nmae=x'] }, 'the file has no column "Nmae"; is it "Name"?', '--map "Name=first_name:text"'],
    [{ map: ['Zzz=x'] }, 'the file has no column "Zzz"', '--map'],
    [{ map: ['Name=First'] }, 'small letters', 'Vorname=first_name:text'],
    [{ map: ['Name=first:string'] }, 'the type is one of text, integer', 'Vorname=first_name:text'],
    [{ map: ['Name=@mail'] }, 'the kinds of identifiers are @customer_id, @email', '@customer_id'],
    [{ asOf: 'when' }, 'the file has no column "when"', '--as-of updated_at'],
    [{ dateOrder: ['Since=ddmm'] }, 'the order is dmy, mdy or ymd', '--date-order signup_date=dmy'],
    [{ decimal: ['x'] }, 'the decimal sign is . or ,', '--decimal price=,'],
    [{ timeZone: ['CEST5'] }, 'this time zone is not known', '--time-zone Europe/Berlin'],
    [{ country: ['Germany'] }, 'two letters', '--country DE'],
    [{ blank: ['drop'] }, 'ignore, clear, reject', '--blank phone=clear'],
    [{ onBadValue: ['drop'] }, 'fail, blank', '--on-bad-value phone=blank'],
    [{ separator: ['Tags='] }, '1 to 8 characters', '--separator'],
    [{ ifEmpty: ['Nr'] }, 'not mapped to an attribute', '--if-empty city'],
    [{ checks: ['hubspot'] }, 'the only set of checks is blueshift', '--checks blueshift'],
    [{ clearToken: ' ' }, 'must not be blank', '--clear-token'],
  ])('%j', (flags, sentence, example) => {
    let thrown: unknown
    try {
      applyFlags(mapping, flags)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(SluiceError)
    const { problem } = thrown as SluiceError
    expect(problem.code).toBe('mapping.flag_invalid')
    expect(problem.message).toContain(sentence)
    expect(adviceFor(problem)).toContain(example)
  })
})

describe('questions and answers', () => {
  const ask = (about: Ambiguity['about'], column: string | null): Ambiguity => ({
    about,
    column,
    question: '?',
    examples: [],
    flags: [],
  })
  const questions = [ask('date_order', 'Since'), ask('decimal', 'Price')]
  const proposal = { mapping, reasons: [], ambiguities: questions, warnings: [], notes: [] }
  test.each<[MappingFlags, string[]]>([
    [{}, ['Since', 'Price']],
    [{ dateOrder: ['dmy'] }, ['Price']],
    [{ decimal: ['Price=,'] }, ['Since']],
    [{ map: ['Since=since:text'] }, ['Price']],
    [{ map: ['Since=-'], decimal: [','] }, []],
    [{ dateOrder: ['seen=at=dmy'] }, ['Since', 'Price']],
  ])('%j leaves %j open', (flags, open) => {
    expect(applyFlagsToProposal(proposal, flags).ambiguities.map(({ column }) => column)).toEqual(open)
  })
  test('who somebody is', () => {
    const question = ask('identifier', null)
    expect(isOpen(question, mapping)).toBe(false)
    expect(isOpen(question, applyFlags(mapping, { map: ['Nr=-'] }))).toBe(true)
  })
})
