// Mapping files: a round trip loses nothing, and every fault is named with its place.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attributeTypes, identifierKinds } from './attribute.ts'
import { cleaners, mappingSchema, type ColumnMapping, type Mapping } from './mapping.ts'
import { mappingFromYaml, mappingToYaml, mergeMappingFile } from './mappingFile.ts'
import { SluiceError } from './problem.ts'
import type { Step } from './transform/stepSchema.ts'

const target: fc.Arbitrary<ColumnMapping['target']> = fc.oneof(
  fc.record({
    to: fc.constant('attribute' as const),
    key: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
    type: fc.constantFrom(...attributeTypes),
    clean: fc.constantFrom(...cleaners),
    write: fc.constantFrom('set' as const, 'set_if_empty' as const),
  }),
  fc.record({
    to: fc.constant('identifier' as const),
    kind: fc.constantFrom(...identifierKinds.map(({ kind }) => kind)),
  }),
  fc.record({ to: fc.constant('as_of' as const) }),
  fc.record({ to: fc.constant('ignore' as const), why: fc.string() }),
)
const format = fc.record(
  {
    dateOrder: fc.constantFrom('dmy' as const, 'mdy' as const, 'ymd' as const),
    decimal: fc.constantFrom('.' as const, ',' as const),
    separator: fc.string({ minLength: 1, maxLength: 8 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
    country: fc.constantFrom('DE', 'NO'),
    trueWords: fc.array(fc.string()),
  },
  { requiredKeys: [] },
)
const column = fc.record({
  column: fc.oneof(
    fc.string(),
    fc.constantFrom('yes', 'no', '1', 'null', '- x', '# y', 'a: b', "it's", '2024-01-01', '\u2028', '<<'),
  ),
  target,
  format,
  blank: fc.constantFrom('ignore' as const, 'clear' as const, 'reject' as const),
  onBad: fc.constantFrom('fail' as const, 'blank' as const),
})
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.constantFrom('01', 'no', '~', '1e3', ': ', '#', '"'),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom('trim' as const, 'squeeze' as const),
  fc.record({ case: fc.constantFrom('upper' as const, 'title' as const) }),
  fc.record({
    split: fc.record({ by: text, take: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: ['by'] }),
  }),
  fc.record({ join: fc.record({ from: fc.array(text, { minLength: 1, maxLength: 3 }), with: fc.string() }) }),
  fc.record({ replace: fc.record({ text, with: fc.string() }) }),
  fc.record({
    lookup: fc.record({
      table: fc.dictionary(text, fc.string(), { noNullPrototype: true }),
      otherwise: fc.constantFrom('keep' as const, 'fail' as const),
      ignoreCase: fc.boolean(),
    }),
  }),
  fc.record({ constant: fc.string() }),
  fc.record({ cel: fc.constantFrom('value', 'record["a: b"] + \'x\'', 'value == "" ?\n  "a" : "b"') }),
)
const filter = fc.record({
  name: fc.constantFrom('only active', 'no: 1', '# x', "it's"),
  keep: fc.constantFrom('record.a != "#"', 'true'),
  onError: fc.constantFrom('fail' as const, 'skip' as const),
})
const transformed = fc
  .tuple(column, fc.array(step, { minLength: 1, maxLength: 3 }), fc.constantFrom(undefined, { copy: 'a' }))
  .map(([one, steps, compute]): ColumnMapping => ({
    ...one,
    steps,
    ...(compute === undefined ? {} : { compute }),
  }))
const mapping: fc.Arbitrary<Mapping> = fc.record(
  {
    columns: fc.array(fc.oneof(column, transformed), { maxLength: 6 }),
    filters: fc.array(filter, { minLength: 1, maxLength: 2 }),
    clearToken: fc.string({ minLength: 1 }),
    checks: fc.constantFrom([], ['blueshift' as const]),
  },
  { requiredKeys: ['columns', 'checks'] },
)

test('a mapping survives YAML', () => {
  fc.assert(
    fc.property(mapping, (one) => {
      expect(mappingFromYaml(mappingToYaml(one))).toEqual(one)
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('what equals the default is not written', () => {
  const one = mappingSchema.parse({
    columns: [
      { column: 'Vorname', target: { to: 'attribute', key: 'first_name', type: 'text' } },
      {
        column: 'Seit',
        target: { to: 'attribute', key: 'since', type: 'date' },
        format: { dateOrder: 'dmy' },
      },
    ],
  })
  expect(mappingToYaml(one).replace(/^#.*\n/gm, '')).toBe(
    [
      'columns:',
      '  - column: Vorname',
      '    target:',
      '      to: attribute',
      '      key: first_name',
      '      type: text',
      '  - column: Seit',
      '    target:',
      '      to: attribute',
      '      key: since',
      '      type: date',
      '    format:',
      '      dateOrder: dmy',
      '',
    ].join('\n'),
  )
})

describe('faults are named with line and column', () => {
  test.each<[string, string, number, number, string]>([
    ['broken YAML', 'columns:\n  - {column: a', 2, 15, ''],
    ['not a mapping', '- 1\n', 1, 1, ''],
    ['a missing list', 'checks: []\n', 1, 1, 'columns'],
    [
      'a wrong word',
      'columns:\n  - column: a\n    target: {to: ignore}\n    blank: drop\n',
      4,
      12,
      'columns.0.blank',
    ],
    [
      'a wrong key',
      'columns:\n  - column: a\n    target: {to: attribute, key: First, type: text}\n',
      3,
      34,
      'columns.0.target.key',
    ],
    [
      'a missing key',
      'columns:\n  - column: a\n    target: {to: attribute, type: text}\n',
      3,
      13,
      'columns.0.target.key',
    ],
    ['nothing', '', 1, 1, ''],
  ])('%s', (_, yaml, line, at, detail) => {
    let thrown: unknown
    try {
      mappingFromYaml(yaml)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(SluiceError)
    const { problem } = thrown as SluiceError
    expect(problem).toMatchObject({ code: 'mapping.file_invalid', details: { line, at } })
    expect(problem.message).toContain(detail)
  })
  test('aliases that multiply are refused', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a]',
      'c: [*b,*b,*b,*b,*b,*b,*b,*b]',
    ].join('\n')
    expect(() => mappingFromYaml(bomb)).toThrow('refers to itself too often')
  })
})

test('a file decides its columns, the proposal the others', () => {
  const of = (...names: string[]): Mapping =>
    mappingSchema.parse({
      columns: names.map((name) => ({ column: name.slice(0, 1), target: { to: 'ignore', why: name } })),
    })
  const merged = mergeMappingFile(of('a1', 'b1'), { ...of('b2', 'c2'), clearToken: 'x' })
  expect(merged).toEqual({ ...of('a1', 'b2', 'c2'), clearToken: 'x' })
})

describe('a fault in steps and filters is named with its place (AL-20)', () => {
  const file = (step: string, keep = 'record.status == "x"'): string =>
    `columns:
  - column: Name
    steps:
      - trim
      - ${step}
    target: {to: attribute, key: name, type: text}
filters:
  - {name: active, keep: '${keep}'}
`
  test.each([
    [
      'case: lowr',
      'line 5, column 15: columns.0.steps.1.case: Invalid option: expected one of "upper"|"lower"|"title"',
    ],
    ['lower', /line 5, column 9: .*a step is trim or squeeze, or begins with one of case, split/],
    ['{case: lower, pad: {to: 3}}', /line 5, column 9: .*a step does one thing/],
    ['split: {by: ",", take: 0}', /line 5, column 32: .*the first part is 1/],
    ['split: {by: ",", tak: 1}', /line 5, column 16: .*Unrecognized key: "tak"/],
    ['lookup: {table: {a: 1}}', /line 5, column 29: .*goes in quotes/],
    ['lookup: {table: {01: a}}', /line 5, column 26: YAML reads 01 as 1: put it in quotes/],
    ['replace: {pattern: "(a", with: ""}', /line 5, column 9: The pattern \(a of column Name cannot be used/],
    ['date: tt.MM', /line 5, column 9: The date pattern/],
    ['cel: value +', /line 5, column 9: The expression of column Name .*at character 8: the end/],
  ])('%s', (step, says) => {
    expect(() => mappingFromYaml(file(step))).toThrow(says)
  })
  test('a filter', () => {
    expect(() => mappingFromYaml(file('trim', 'record.status'))).toThrow(
      /line 8, column 26: .*filter "active".*yes or no/,
    )
  })
})
