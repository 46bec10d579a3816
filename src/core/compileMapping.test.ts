// The mapper: blanks, bad values, identifiers, junk, as-of, and mappings that do not fit.
import { describe, expect, test } from 'vitest'
import { compileMapping } from './compileMapping.ts'
import type { RawRecord } from './dialect.ts'
import { mappingSchema, type Mapping } from './mapping.ts'
import { problem, type ProblemCode } from './problems.ts'
import { SluiceError } from './problem.ts'
import type { z } from 'zod'

type MappingInput = z.input<typeof mappingSchema>
type ColumnInput = MappingInput['columns'][number]

const columns = ['id', 'email', 'email2', 'name', 'age', 'since', 'phone', 'changed']

function mapping(
  extra: Partial<Record<(typeof columns)[number], Partial<ColumnInput>>> = {},
  rest: Partial<MappingInput> = {},
): Mapping {
  const base: ColumnInput[] = [
    { column: 'email', target: { to: 'identifier', kind: 'email' } },
    { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
    { column: 'email2', target: { to: 'identifier', kind: 'email' } },
    { column: 'name', target: { to: 'attribute', key: 'name', type: 'text' } },
    { column: 'age', target: { to: 'attribute', key: 'age', type: 'integer', write: 'set_if_empty' } },
    {
      column: 'since',
      target: { to: 'attribute', key: 'since', type: 'date' },
      format: { dateOrder: 'dmy' },
    },
    {
      column: 'phone',
      target: { to: 'attribute', key: 'phone', type: 'text', clean: 'phone' },
      format: { country: 'DE' },
    },
    { column: 'changed', target: { to: 'as_of' } },
  ]
  return mappingSchema.parse({ columns: base.map((c) => ({ ...c, ...extra[c.column] })), ...rest })
}

function record(cells: Readonly<Record<string, string | null>>): RawRecord {
  const row = columns.map((column) => cells[column] ?? '')
  return { ordinal: 7, line: 8, offset: 99, length: 10, cells: row, bad: null, raw: null }
}

describe('a mapper', () => {
  const mapper = compileMapping(mapping(), columns)

  test('lists identifiers by rank and attributes in the order of the mapping', () => {
    expect(mapper.identifiers.map((i) => [i.kind, i.kindId, i.rank, i.column])).toEqual([
      ['customer_id', 1, 1, 'id'],
      ['email', 2, 2, 'email'],
    ])
    expect(mapper.attributes.map((a) => [a.key, a.type, a.write, a.column])).toEqual([
      ['name', 'text', 'set', 'name'],
      ['age', 'integer', 'set_if_empty', 'age'],
      ['since', 'date', 'set', 'since'],
      ['phone', 'text', 'set', 'phone'],
    ])
  })

  test('cleans every value and keeps what the file gave', () => {
    const mapped = mapper.map(
      record({
        id: ' A1 ',
        email: ' Ada@X.IO ',
        name: ' Ada  L. ',
        age: '042',
        since: '3/4/2024',
        phone: '030 901820',
        changed: '2024-01-02T03:04:05.6Z',
      }),
    )
    expect(mapped).toEqual({
      ordinal: 7,
      failed: null,
      skipped: null,
      identifiers: ['A1', 'ada@x.io'],
      given: [null, 'Ada@X.IO'],
      asOf: 1_704_164_645_600_000,
      values: ['Ada  L.', '42', '2024-04-03', '+4930901820'],
      warnings: [],
    })
  })

  test.each<[string, Record<string, string | null>, (string | null)[], (string | null)[]]>([
    [
      'the first column with a value wins',
      { email: 'a@x.io', email2: 'b@x.io' },
      [null, 'a@x.io'],
      [null, null],
    ],
    ['a blank one is passed over', { email: ' ', email2: 'B@x.io' }, [null, 'b@x.io'], [null, 'B@x.io']],
    ['a placeholder is passed over', { email: 'N/A', email2: 'b@x.io' }, [null, 'b@x.io'], [null, null]],
    ['ids keep their case and zeros', { id: '007aB' }, ['007aB', null], [null, null]],
    ['a JSON null is a blank', { id: 'x', email: null }, ['x', null], [null, null]],
  ])('identifiers: %s', (_, cells, identifiers, given) => {
    const mapped = mapper.map(record(cells))
    expect(mapped.failed).toBe(null)
    expect([mapped.identifiers, mapped.given]).toEqual([identifiers, given])
  })

  test.each<[Record<string, string>, ProblemCode, string | undefined, string]>([
    [{}, 'identifier.none', undefined, 'no usable identifier'],
    [{ id: 'null', email: 'noreply@x.io' }, 'identifier.none', undefined, 'no usable identifier'],
    [
      { email: 'ada at x.io' },
      'email.invalid',
      'email',
      '"ada at x.io" in column email is not an e-mail address.',
    ],
    [{ id: 'x', age: 'old' }, 'integer.invalid', 'age', '"old" in column age is not a whole number.'],
    [
      { id: 'x', since: '4/31/2024' },
      'date.invalid',
      'since',
      '"4/31/2024" in column since is not a date in the order day, month, year.',
    ],
    [
      { id: 'x', phone: '12' },
      'phone.invalid',
      'phone',
      '"12" in column phone is not a complete phone number.',
    ],
    [
      { id: 'x', changed: 'yesterday' },
      'timestamp.invalid',
      'changed',
      '"yesterday" in column changed is not a date with time.',
    ],
    [{ id: 'x'.repeat(257) }, 'identifier.too_long', 'id', 'longer than 256 bytes'],
    [{ id: 'é'.repeat(129) }, 'identifier.too_long', 'id', 'longer than 256 bytes'],
    [{ id: 'x', age: `${'9'.repeat(100)}x` }, 'integer.invalid', 'age', `"${'9'.repeat(80)}…"`],
    [{ id: 'x', name: 'a\0b' }, 'text.nul', 'name', 'zero byte'],
    [{ id: 'x', name: 'a\ud800b' }, 'text.broken', 'name', 'half of a character'],
  ])('fails %j with %s', (cells, code, column, sentence) => {
    const { failed, values } = mapper.map(record(cells))
    expect(failed).toMatchObject({ code, ...(column === undefined ? {} : { column }) })
    expect(failed?.message).toContain(sentence)
    expect(values).toEqual([])
  })

  test('256 bytes are not too long, and identifiers of a failed record are still read', () => {
    expect(mapper.map(record({ id: 'é'.repeat(128), age: 'old' }))).toMatchObject({
      identifiers: ['é'.repeat(128), null],
      failed: { code: 'integer.invalid' },
    })
  })

  test('passes the problem of a record that could not be read', () => {
    const bad = problem('file.empty')
    const mapped = mapper.map({ ordinal: 3, line: 1, offset: 0, length: 1, cells: null, bad, raw: null })
    expect(mapped).toMatchObject({ ordinal: 3, failed: bad, identifiers: [null, null] })
  })

  test('placeholders are named in a warning', () => {
    expect(mapper.map(record({ id: 'x', email: 'test@test.com' })).warnings).toMatchObject([
      { code: 'identifier.junk', column: 'email' },
    ])
  })
})

describe('BS-D05 policies of a column', () => {
  const blank = (policy: 'ignore' | 'clear' | 'reject') =>
    compileMapping(mapping({ name: { blank: policy } }, { clearToken: '\\0' }), columns)
  test.each([
    ['ignore', '', undefined],
    ['clear', '', null],
    ['clear', '  ', null],
    ['ignore', '\\0', null],
    ['reject', '\\0', null],
    ['ignore', 'x', 'x'],
  ] as const)('blank %s: %j gives %j', (policy, cell, expected) => {
    expect(blank(policy).map(record({ id: 'x', name: cell })).values[0]).toBe(expected)
  })
  test('reject fails an empty cell', () => {
    expect(blank('reject').map(record({ id: 'x' })).failed).toMatchObject({
      code: 'value.blank',
      column: 'name',
    })
  })
  test('the clear token clears no identifier', () => {
    expect(blank('ignore').map(record({ id: 'x', email: '\\0' })).identifiers).toEqual(['x', null])
  })
  test.each([
    ['age', 'old', 'integer.invalid'],
    ['email', 'a@b', 'email.invalid'],
    ['changed', 'old', 'timestamp.invalid'],
  ] as const)('onBad blank leaves %s out with a warning', (column, value, code) => {
    const mapper = compileMapping(mapping({ [column]: { onBad: 'blank' } }), columns)
    const mapped = mapper.map(record({ id: 'x', [column]: value }))
    expect(mapped.failed).toBe(null)
    expect(mapped.warnings).toMatchObject([{ code, column }])
  })
})

describe('a mapping that does not fit is refused', () => {
  const attribute = (key: string) => ({ target: { to: 'attribute', key, type: 'text' } }) as const
  test.each<[string, () => unknown, ProblemCode, string]>([
    [
      'a column that is not there',
      () => compileMapping(mapping(), ['ID', ...columns.slice(1)]),
      'mapping.column_missing',
      'id. The file has "ID": is that "id"?',
    ],
    [
      'two columns for one attribute',
      () => compileMapping(mapping({ age: attribute('name') }), columns),
      'mapping.duplicate_key',
      'name and age',
    ],
    [
      'an unknown kind',
      () => compileMapping(mapping({ age: { target: { to: 'identifier', kind: 'mail' } } }), columns),
      'mapping.kind_unknown',
      '@mail',
    ],
    [
      'two times',
      () => compileMapping(mapping({ age: { target: { to: 'as_of' } } }), columns),
      'mapping.several_as_of',
      'age and changed',
    ],
    [
      'an unknown zone',
      () => compileMapping(mapping({ changed: { format: { timeZone: 'Mars/Olympus' } } }), columns),
      'mapping.time_zone_unknown',
      'Mars/Olympus',
    ],
    [
      'an unknown country',
      () => compileMapping(mapping({ phone: { format: { country: 'QQ' } } }), columns),
      'mapping.country_unknown',
      'QQ',
    ],
    [
      'no identifier',
      () => compileMapping(mappingSchema.parse({ columns: [] }), columns),
      'mapping.no_identifier',
      'No column',
    ],
  ])('%s', (_, compile, code, sentence) => {
    let thrown: unknown
    try {
      compile()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(SluiceError)
    expect((thrown as SluiceError).problem.code).toBe(code)
    expect((thrown as SluiceError).problem.message).toContain(sentence)
  })
})
