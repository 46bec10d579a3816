// Filters and steps in a whole mapping: what is left out, what fails, and in which order.
import { describe, expect, test } from 'vitest'
import { compileMapping } from '../compileMapping.ts'
import { mappingSchema } from '../mapping.ts'

const columns = ['id', 'mail', 'status', 'age', 'tags']

function mapping(rest: object, extra: readonly object[] = []) {
  return mappingSchema.parse({
    columns: [
      { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
      { column: 'mail', steps: ['trim', { case: 'lower' }], target: { to: 'identifier', kind: 'email' } },
      { column: 'age', target: { to: 'attribute', key: 'age', type: 'integer' } },
      ...extra,
    ],
    ...rest,
  })
}

function map(of: ReturnType<typeof mapping>, ...cells: (string | null)[]) {
  const raw = { ordinal: 3, line: 4, offset: 0, length: 1, cells, bad: null }
  return compileMapping(of, columns).map(raw as never)
}

describe('filters (AL-06)', () => {
  const active = { filters: [{ name: 'only active', keep: 'record.status == "active"' }] }

  test('a record that is not kept asserts nothing, and the filter is named', () => {
    expect(map(mapping(active), 'c1', 'A@x.io', 'gone', '7', null)).toEqual({
      ordinal: 3,
      failed: null,
      skipped: {
        reason: 'filtered',
        note: {
          code: 'record.filtered',
          message: 'The filter "only active" does not keep this record.',
          details: { by: 'only active' },
        },
      },
      identifiers: ['c1', 'a@x.io'],
      given: [null, null],
      asOf: null,
      values: [],
      warnings: [],
    })
    expect(map(mapping(active), 'c1', null, 'active', '7', null)).toMatchObject({
      skipped: null,
      values: ['7'],
    })
  })

  test('a record that is left out does not fail for a bad value', () => {
    expect(map(mapping(active), null, 'no address', 'gone', 'x', null)).toMatchObject({
      failed: null,
      skipped: { reason: 'filtered' },
    })
  })

  test('a filter of mapped values comes after mapping, so a bad value fails first', () => {
    const adults = { filters: [{ name: 'adults', keep: 'int(profile.age) >= 18' }] }
    expect(map(mapping(adults), 'c1', null, 'x', '17', null)).toMatchObject({
      skipped: { reason: 'filtered' },
    })
    expect(map(mapping(adults), 'c1', null, 'x', '1.8', null)).toMatchObject({
      skipped: null,
      failed: { code: 'integer.invalid' },
    })
    expect(map(mapping(adults), 'c1', null, 'x', '18', null)).toMatchObject({ skipped: null, failed: null })
  })

  test('a filter that cannot decide fails the record, or leaves it out', () => {
    const keep = 'int(record.age) >= 18'
    const strict = mapping({ filters: [{ name: 'adults', keep }] })
    expect(map(strict, 'c1', null, '', null, null)).toMatchObject({
      skipped: null,
      failed: { code: 'filter.failed', details: { by: 'adults' } },
    })
    const lenient = mapping({ filters: [{ name: 'adults', keep, onError: 'skip' }] })
    expect(map(lenient, 'c1', null, '', null, null)).toMatchObject({
      failed: null,
      skipped: { reason: 'filtered' },
    })
  })

  test('the first filter that does not keep it is named', () => {
    const two = mapping({
      filters: [
        { name: 'one', keep: 'profile.age != ""' },
        { name: 'two', keep: 'record.status != ""' },
      ],
    })
    // Those that need no mapping are asked first.
    expect(map(two, 'c1', null, '', '', null)).toMatchObject({
      skipped: { note: { details: { by: 'two' } } },
    })
    expect(map(two, 'c1', null, 'x', '', null)).toMatchObject({
      skipped: { note: { details: { by: 'one' } } },
    })
  })

  test.each([
    [[{ name: 'a', keep: 'record.satus == "x"' }], 'expression.invalid', /of the filter "a".*is it "status"/],
    [[{ name: 'a', keep: 'profile.agee != ""' }], 'expression.invalid', /is it "age"/],
    [[{ name: 'a', keep: 'record.status' }], 'expression.invalid', /yes or no/],
    [
      [
        { name: 'a', keep: 'true' },
        { name: 'a', keep: 'true' },
      ],
      'filter.name_twice',
      /"a"/,
    ],
  ])('%j is refused', (filters, code, says) => {
    expect(() => compileMapping(mapping({ filters }), columns)).toThrow(says)
    expect(() => compileMapping(mapping({ filters }), columns)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) as unknown }) as Error,
    )
  })
})

describe('steps in a mapping (AL-20)', () => {
  const column = (rest: object) => ({
    column: 'status',
    target: { to: 'attribute', key: 's', type: 'text' },
    ...rest,
  })
  const second = (mapped: ReturnType<typeof map>) => [
    mapped.values[1],
    mapped.failed?.code ?? null,
    mapped.warnings.length,
  ]

  test('what steps leave blank follows the blank policy', () => {
    const steps = [{ split: { by: ',', take: 2 } }]
    const become = (blank: string) =>
      second(map(mapping({}, [column({ steps, blank })]), 'c1', null, 'a', null, null))
    expect(become('ignore')).toEqual([undefined, null, 0])
    expect(become('clear')).toEqual([null, null, 0])
    expect(become('reject')).toEqual([undefined, 'value.blank', 0])
  })

  test('a step that cannot do its work follows onBad', () => {
    const steps = [{ lookup: { table: { a: 'A' } } }]
    const become = (onBad: string) =>
      map(mapping({}, [column({ steps, onBad })]), 'c1', null, 'q', null, null)
    expect(become('fail').failed).toMatchObject({
      code: 'step.lookup_missing',
      message: 'q in status is not in the lookup table.',
      column: 'status',
    })
    expect(second(become('blank'))).toEqual([undefined, null, 1])
  })

  test('the clear token is looked for in the cell itself', () => {
    const steps = [{ case: 'upper' }, { default: 'x' }]
    const of = mapping({ clearToken: 'none' }, [column({ steps })])
    expect(map(of, 'c1', null, 'none', null, null).values[1]).toBe(null)
  })

  test('numbers of a step have a decimal point, whatever was proposed for the column', () => {
    const of = mapping({}, [
      {
        column: 'status',
        target: { to: 'attribute', key: 's', type: 'number' },
        format: { decimal: ',' },
        steps: [{ number: { decimal: ',', group: '.' } }],
      },
    ])
    expect(map(of, 'c1', null, '1.234,50 €', null, null).values[1]).toBe('1234.5')
  })

  test('one column can give several values', () => {
    const of = mapping({}, [
      {
        column: 'hash',
        compute: { copy: 'mail' },
        steps: [{ case: 'lower' }, { hash: 'md5' }],
        target: { to: 'attribute', key: 'h', type: 'text' },
      },
      {
        column: 'tag list',
        compute: { copy: 'tags' },
        steps: [{ split: { by: '|' } }],
        target: { to: 'attribute', key: 't', type: 'text_list' },
      },
    ])
    expect(map(of, 'c1', 'A@x.io', null, null, 'a|b,c').values).toEqual([
      undefined,
      'a43c564056190dca51f9f4a6fae36c30',
      '{a,"b,c"}',
    ])
  })

  test('an identifier is shown as its steps left it: a hashed address is nowhere', () => {
    const of = mappingSchema.parse({
      columns: [
        { column: 'mail', steps: [{ hash: 'sha256' }], target: { to: 'identifier', kind: 'customer_id' } },
      ],
    })
    const mapped = compileMapping(of, columns).map({
      ordinal: 1,
      line: 2,
      offset: 0,
      length: 1,
      cells: ['', 'a@x.io'],
      bad: null,
    } as never)
    expect(JSON.stringify(mapped)).not.toContain('a@x.io')
  })
})
