// Mapping files: a round trip loses nothing, and every fault is named with its place.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attributeTypes, identifierKinds } from './attribute.ts'
import { cleaners, mappingSchema, type ColumnMapping, type Mapping } from './mapping.ts'
import { mappingFromYaml, mappingToYaml, mergeMappingFile } from './mappingFile.ts'
import { SluiceError } from './problem.ts'

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
const mapping: fc.Arbitrary<Mapping> = fc.record(
  {
    columns: fc.array(column, { maxLength: 6 }),
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
