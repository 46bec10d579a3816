// Every step, on good and bad cells; the trace says the same as the run.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnMappingSchema } from '../mapping.ts'
import { SluiceError } from '../problem.ts'
import { compileColumnSteps, traceSteps } from './columnSteps.ts'
import { datePattern, DatePatternFault } from './datePattern.ts'

const columns = ['cell', 'first', 'last', 'E-Mail']
const outside = { file: 'people.csv' }

function mapped(given: object): ReturnType<typeof columnMappingSchema.parse> {
  return columnMappingSchema.parse({
    column: 'cell',
    target: { to: 'attribute', key: 'x', type: 'text' },
    ...given,
  })
}

function after(
  given: object,
  cell: string,
  rest: readonly (string | null)[] = ['Ada', ' Byron ', 'A@x.io'],
): unknown {
  const column = mapped(given)
  const record = { cells: [cell, ...rest], ordinal: 7 }
  const answer = compileColumnSteps(column, columns, outside)!.run(cell, record)
  const traced = traceSteps(column, columns, record, outside)
  const last = traced.at(-1)
  expect(last === undefined ? cell : (last.after ?? last.refusal)).toEqual(answer)
  return typeof answer === 'string' ? answer : answer.code
}

describe('steps (AL-20)', () => {
  test.each<[steps: unknown[], cell: string, becomes: string]>([
    [['trim'], 'a ', 'a'],
    [['squeeze'], 'a \t b\u00a0 c', 'a b c'],
    [[{ case: 'lower' }], 'ÄB', 'äb'],
    [[{ case: 'upper' }], 'straße', 'STRASSE'],
    [[{ case: 'title' }], "anne-marie O'NEILL (van der berg)", "Anne-Marie O'Neill (Van Der Berg)"],
    [[{ case: 'title' }], 'éva ÉTIENNE', 'Éva Étienne'],
    [[{ split: { by: ',', take: 1 } }], 'Wien, Linz', 'Wien'],
    [[{ split: { by: ',', take: -1 } }], 'Wien, Linz', 'Linz'],
    [[{ split: { by: ',', take: 5 } }], 'Wien, Linz', ''],
    [[{ join: { from: ['first', 'last'] } }], '', 'Ada Byron'],
    [[{ join: { from: ['last', 'cell', 'first'], with: ', ' } }], '', 'Byron, Ada'],
    [[{ replace: { text: '.', with: '' } }], '1.2.3', '123'],
    [[{ replace: { text: 'a', with: '$&' } }], 'aa', '$&$&'],
    [[{ replace: { pattern: '[^0-9+]', with: '' } }], '+49 (30) 12', '+493012'],
    [[{ replace: { pattern: '^(Herr|Frau)\\s+', with: '' } }], 'Frau Lin', 'Lin'],
    [[{ lookup: { table: { AT: 'Austria' } } }], 'AT', 'Austria'],
    [[{ lookup: { table: { AT: 'Austria' } } }], 'DE', 'step.lookup_missing'],
    [[{ lookup: { table: { AT: 'Austria' }, otherwise: 'keep' } }], 'DE', 'DE'],
    [[{ lookup: { table: { AT: 'Austria' }, otherwise: 'blank' } }], 'DE', ''],
    [[{ lookup: { table: { AT: 'Austria' }, ignoreCase: true } }], 'at', 'Austria'],
    [[{ lookup: { table: { AT: 'Austria' } } }], 'constructor', 'step.lookup_missing'],
    [[{ constant: 'shop' }], 'x', 'shop'],
    [[{ default: 'none' }], '', 'none'],
    [[{ default: 'none' }], 'x', 'x'],
    [[{ hash: 'md5' }], 'a', '0cc175b9c0f1b6a831c399e269772661'],
    [['trim', { case: 'lower' }, { hash: 'sha256' }], '', ''],
    [[{ date: 'dd.MM.yyyy' }], '03.04.2024', '2024-04-03'],
    [[{ date: 'dd.MM.yyyy' }], '31.02.2024', 'step.date'],
    [[{ date: 'dd.MM.yyyy' }], '04/03/2024', 'step.date'],
    [[{ number: { decimal: ',', group: '.' } }], '€ 1.234,50', '1234.50'],
    [[{ number: { decimal: ',', group: '.' } }], '1 234,5 EUR', '1234.5'],
    [[{ number: { decimal: '.', group: ',' } }], '$1,234.50', '1234.50'],
    [[{ number: { decimal: '.' } }], "CHF 1'234", '1234'],
    [[{ number: { decimal: '.' } }], '12 %', '12'],
    [[{ number: { decimal: ',' } }], '1.5', 'step.number'],
    [[{ number: { decimal: '.' } }], 'much', 'step.number'],
    [[{ substring: { from: 2, length: 3 } }], 'a😀bcd', '😀bc'],
    [[{ substring: { from: -2 } }], 'abcd', 'cd'],
    [[{ pad: { to: 5 } }], '1234', '01234'],
    [[{ copy: 'E-Mail' }], 'x', 'A@x.io'],
    [[{ cel: 'value + "/" + record.first + "/" + string(ordinal) + "/" + file' }], 'x', 'x/Ada/7/people.csv'],
    [[{ cel: 'value.split(",").filter(x, x != "").map(x, x.trim()).join("; ")' }], 'a, b,,c', 'a; b; c'],
    [[{ cel: 'int(value) + 1' }], '41', '42'],
    [[{ cel: 'int(value) + 1' }], 'many', 'expression.failed'],
    [[{ cel: 'value == "" ? "none" : value' }], '', 'none'],
    [[{ split: { by: ';', take: 1 } }, { case: 'upper' }, { default: 'X' }], ';b', 'X'],
  ])('%j on "%s" gives "%s"', (steps, cell, becomes) => {
    expect(after({ steps }, cell)).toBe(becomes)
  })

  test('a list travels as JSON', () => {
    const target = { to: 'attribute', key: 'x', type: 'text_list' }
    expect(after({ steps: [{ split: { by: '|' } }], target }, 'a| b |"c"|')).toBe('["a","b","\\"c\\""]')
    expect(after({ steps: [{ split: { by: '|' } }], target }, '|')).toBe('')
  })

  test('a blank cell goes past the steps that have nothing to say about it', () => {
    expect(
      traceSteps(
        mapped({ steps: [{ case: 'upper' }, { default: 'x' }] }),
        columns,
        { cells: [''], ordinal: 1 },
        outside,
      ),
    ).toEqual([{ step: 'default', before: '', after: 'x', refusal: null }])
  })

  test('the trace stops at the step that could not do its work', () => {
    const column = mapped({ steps: ['trim', { date: 'yyyy-MM-dd' }, { case: 'upper' }] })
    expect(traceSteps(column, columns, { cells: [' soon '], ordinal: 1 }, outside)).toEqual([
      { step: 'trim', before: 'soon', after: 'soon', refusal: null },
      {
        step: 'date',
        before: 'soon',
        after: null,
        refusal: { code: 'step.date', details: { pattern: 'yyyy-MM-dd' } },
      },
    ])
  })
})

test('computed columns (AL-20)', () => {
  const computed = (compute: object, steps: unknown[] = []): unknown =>
    after({ column: 'made', compute, steps }, '')
  expect(computed({ join: { from: ['first', 'last'], with: ' ' } })).toBe('Ada Byron')
  expect(computed({ copy: 'E-Mail' }, [{ case: 'lower' }, { hash: 'md5' }])).toBe(
    createHash('md5').update('a@x.io').digest('hex'),
  )
  expect(computed({ constant: 'newsletter' })).toBe('newsletter')
  expect(computed({ cel: 'record["E-Mail"].split("@")[1]' })).toBe('x.io')
})

test('hashes are those of everybody else', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('sha256' as const, 'md5' as const),
      (text, hash) => {
        // A blank cell has no hash, and cells come without blanks around them.
        fc.pre(text !== '' && text.trim() === text)
        expect(after({ steps: [{ hash }] }, text)).toBe(createHash(hash).update(text).digest('hex'))
      },
    ),
    { seed: 7, numRuns: 200 },
  )
})

describe('date patterns', () => {
  test.each<[pattern: string, text: string, becomes: string | null]>([
    ['dd.MM.yyyy HH:mm', '03.04.2024 17:05', '2024-04-03T17:05:00'],
    ['d.M.yy', '3.4.24', '2024-04-03'],
    ['MM/dd/yyyy hh:mm a', '04/03/2024 05:07 pm', '2024-04-03T17:07:00'],
    ['MM/dd/yyyy hh:mm a', '04/03/2024 12:07 AM', '2024-04-03T00:07:00'],
    ['MM/dd/yyyy hh:mm a', '04/03/2024 13:07 AM', null],
    ['d MMM yyyy', '3 April 2024', '2024-04-03'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2024-04-03T01:02:03.5', '2024-04-03T01:02:03.5'],
    ['yyyyMMdd', '20240403', '2024-04-03'],
    ['yyyyMMdd', '20241301', null],
    ['dd.MM.yyyy HH:mm', '03.04.2024 24:00', null],
    ['dd.MM.yyyy', '03x04x2024', null],
  ])('%s reads %s', (pattern, text, becomes) => {
    expect(datePattern(pattern)(text)).toBe(becomes)
  })
  test.each(['MM.dd', 'dd.yyyy', 'yyyy MM', 'dd.MM.yyyy mm', 'dd.dd.MM.yyyy', 'tt.MM.jjjj', "dd'.MM.yyyy"])(
    '%s is refused',
    (pattern) => {
      expect(() => datePattern(pattern)).toThrow(DatePatternFault)
    },
  )
})

describe('what cannot mean anything is said before the first record', () => {
  const refused = (given: object): string => {
    try {
      compileColumnSteps(mapped(given), columns, outside)
    } catch (error) {
      if (error instanceof SluiceError) return `${error.problem.code}: ${error.problem.message}`
      throw error
    }
    return 'taken'
  }
  test.each<[object, string]>([
    [
      { steps: [{ copy: 'E-mail' }] },
      'step.column_missing: A step of cell names the column "E-mail", which the file does not have. Is it "E-Mail"?',
    ],
    [{ steps: [{ join: { from: ['first', 'nowhere at all'] } }] }, 'step.column_missing'],
    [{ steps: [{ replace: { pattern: '(a', with: '' } }] }, 'step.pattern_invalid'],
    [{ steps: [{ date: 'tt.MM.yyyy' }] }, 'step.date_pattern_invalid'],
    [{ steps: [{ number: { decimal: ',', group: ',' } }] }, 'step.number_signs'],
    [{ steps: [{ split: { by: ',' } }] }, 'step.list_target'],
    [
      { steps: [{ cel: 'vlaue' }] },
      'expression.invalid: The expression of column cell cannot be used: "vlaue" is not known here; did you mean value? (at character 1: vlaue).',
    ],
    [{ column: 'first', compute: { constant: 'x' } }, 'mapping.computed_name'],
    [{ column: 'made', compute: { cel: 'value' } }, 'expression.invalid'],
  ])('%j', (given, says) => {
    expect(refused(given).startsWith(says)).toBe(true)
  })
})
