// Flags for steps, computed columns and filters, and what is said to one that does not fit.
import { describe, expect, test } from 'vitest'
import { applyFlags, isOpen } from './mappingFlags.ts'
import { mappingSchema } from './mapping.ts'
import type { TransformFlags } from './transformFlags.ts'

const mapping = mappingSchema.parse({
  columns: [
    { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
    { column: 'Name', target: { to: 'attribute', key: 'name', type: 'text' } },
    { column: 'a=b', target: { to: 'attribute', key: 'ab', type: 'date' } },
  ],
})
const applied = (flags: TransformFlags) => applyFlags(mapping, flags)

describe('flags (AL-20)', () => {
  test.each<[string, unknown]>([
    ['Name=trim', 'trim'],
    ['name=title', { case: 'title' }],
    ['Name=case: upper', { case: 'upper' }],
    ['Name=split: {by: "=", take: 1}', { split: { by: '=', take: 1 } }],
    ['Name=default: "-"', { default: '-' }],
  ])('--step %s', (flag, step) => {
    expect(applied({ step: [flag] }).columns[1]!.steps).toEqual([step])
  })

  test('steps follow each other in the order of the flags, lookup tables first', () => {
    const columns = applied({
      step: ['Name=trim', 'a=b=lower', 'Name=lower'],
      lookupTables: [{ column: 'Name', table: { a: 'A' } }],
    }).columns
    expect(columns[1]!.steps).toEqual([
      { lookup: { table: { a: 'A' }, otherwise: 'fail', ignoreCase: false } },
      'trim',
      { case: 'lower' },
    ])
    expect(columns[2]!.steps).toEqual([{ case: 'lower' }])
  })

  test('--compute and --set add columns', () => {
    const { columns } = applied({
      compute: ['full:text=record.a == "x" ? "=" : "b"'],
      set: ['Name2=x', 'tags:list=a,b'].slice(1),
    })
    expect(columns.slice(3)).toMatchObject([
      { column: 'tags', compute: { constant: 'a,b' }, target: { key: 'tags', type: 'text_list' } },
      {
        column: 'full',
        compute: { cel: 'record.a == "x" ? "=" : "b"' },
        target: { key: 'full', type: 'text' },
      },
    ])
    expect(applied({ set: ['id=x'] }).columns[3]).toMatchObject({ column: 'id (computed)' })
  })

  test.each([
    ['only active: record.status == "active"', 'only active', 'record.status == "active"'],
    ['record.status == "a: b"', 'record.status == "a: b"', 'record.status == "a: b"'],
    ['record.a == "" ? true : false', 'record.a == "" ? true : false', 'record.a == "" ? true : false'],
  ])('--filter %s', (flag, name, keep) => {
    expect(applied({ filter: [flag] }).filters).toEqual([{ name, keep, onError: 'fail' }])
  })

  test('the same flags on a mapping that has them already change nothing: it may be the remembered one', () => {
    const flags: TransformFlags = {
      step: ['Name=trim', 'Name=lower'],
      lookupTables: [{ column: 'a=b', table: { a: 'b' } }],
      set: ['source=x'],
      compute: ['id2=record.id'],
      filter: ['f: record.id != ""'],
    }
    const once = applied(flags)
    expect(applyFlags(once, flags)).toEqual(once)
    expect(
      applyFlags(once, { set: ['source=y'] }).columns.filter(({ column }) => column === 'source'),
    ).toMatchObject([{ compute: { constant: 'y' } }])
  })

  test('a date step answers the question about the order of dates', () => {
    const question = { about: 'date_order', column: 'a=b', question: '', examples: [], flags: [] } as const
    expect(isOpen(question as never, mapping)).toBe(true)
    expect(isOpen(question as never, applied({ step: ['a=b=date: dd.MM.yyyy'] }))).toBe(false)
  })
})

test.each<[TransformFlags, RegExp]>([
  [{ step: ['trim'] }, /--step trim does not fit: it needs a column/],
  [{ step: ['Nme=trim'] }, /the file has no column "Nme"; is it "Name"/],
  [{ step: ['Name=shout'] }, /it is trim, squeeze, upper/],
  [{ step: ['Name={'] }, /not written as in a mapping file/],
  [{ compute: ['full'] }, /needs an attribute, an equals sign/],
  [{ compute: ['Full Name=value'] }, /small letters/],
  [{ set: ['a:money=1'] }, /the type is one of text/],
  [{ lookupTables: [{ column: 'Nowhere', table: {} }] }, /has no column "Nowhere"/],
  [{ filter: [' '] }, /it is a name, a colon, and an expression/],
])('%j does not fit', (flags, says) => {
  expect(() => applied(flags)).toThrow(says)
})
