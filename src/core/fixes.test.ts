// What fixes make of a failed row: rules in order, cells by hand after them, rows left out; and what the last rule adds.
import { describe, expect, test } from 'vitest'
import { SluiceError } from './problem.ts'
import { compileFixes, compileLastRule, fixesSchema, type Fixes, type Reject } from './fixes.ts'

const columns = ['id', 'email', 'city']
const row: Reject = {
  ordinal: 7,
  cause: { code: 'email.invalid', column: 'email' },
  cells: ['C7', 'ADA(at)example.com', null],
}
const fixes = (some: Partial<Fixes>): Fixes => fixesSchema.parse(some)
const at = {
  cause: { code: 'email.invalid' },
  column: 'email',
  steps: [{ replace: { text: '(at)', with: '@' } }],
}
const lower = { cause: null, column: 'email', steps: [{ case: 'lower' as const }] }
const city = { record: 7, column: 'city', value: 'Wien' }

describe('a row with fixes', () => {
  test.each<[name: string, some: Partial<Fixes>, cells: (string | null)[] | null]>([
    ['nothing to do', {}, null],
    ['a rule for its cause', { rules: [at] }, ['C7', 'ADA@example.com', null]],
    ['rules in their order', { rules: [at, lower] }, ['C7', 'ada@example.com', null]],
    ['a rule for another cause', { rules: [{ ...at, cause: { code: 'date.invalid' } }] }, null],
    [
      'a rule for another column of the cause',
      { rules: [{ ...at, cause: { code: 'email.invalid', column: 'id' } }] },
      null,
    ],
    [
      'a cell by hand after the rules',
      { rules: [at], edits: [{ ...city, column: 'email', value: 'x@y.at' }] },
      ['C7', 'x@y.at', null],
    ],
    ['a cell that had nothing', { edits: [city] }, ['C7', 'ADA(at)example.com', 'Wien']],
    ['a cell of another record', { edits: [{ ...city, record: 8 }] }, null],
    ['a cell that stays empty', { edits: [{ ...city, value: '' }] }, null],
    ['left out', { rules: [at], edits: [city], exclude: [7] }, null],
  ])('%s', (_, some, cells) => {
    expect(compileFixes(fixes(some), columns)(row)).toEqual(cells)
  })

  test('a column that is not there is refused before any row is looked at', () => {
    expect(() => compileFixes(fixes({ edits: [{ ...city, column: 'town' }] }), columns)).toThrow(SluiceError)
    expect(() => compileLastRule(fixes({ rules: [{ ...at, column: 'mail' }] }), columns)).toThrow(SluiceError)
  })
})

describe('what the last rule adds', () => {
  test.each<[name: string, some: Partial<Fixes>, change: { before: string; after: string } | null]>([
    ['no rules', { edits: [city] }, null],
    ['the first rule', { rules: [at] }, { before: 'ADA(at)example.com', after: 'ADA@example.com' }],
    ['one after another', { rules: [at, lower] }, { before: 'ADA@example.com', after: 'ada@example.com' }],
    ['the same once more', { rules: [at, at] }, null],
    [
      'a cell that is set by hand',
      { rules: [at], edits: [{ ...city, column: 'email', value: 'x@y.at' }] },
      null,
    ],
    ['a row that is left out', { rules: [at], exclude: [7] }, null],
  ])('%s', (_, some, change) => {
    expect(compileLastRule(fixes(some), columns)(row)).toEqual(change)
  })
})
