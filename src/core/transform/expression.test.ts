// Expressions: what they give, what is wrong with them in words people understand, and hostile ones that stay harmless.
import { describe, expect, test } from 'vitest'
import { compileExpression, textOf } from './expression.ts'
import { ExpressionRefusal } from './expressionFunctions.ts'
import { ExpressionFault } from './expressionTree.ts'

const scope = {
  columns: ['Vorname', 'E-Mail', 'n', '__proto__'],
  hasProfile: true,
  attributes: ['email', 'city'],
  hasValue: true,
  gives: 'value',
  file: 'x.csv',
} as const
const cells = ['Ada', 'A@x.io', '12', 'p']

function gives(source: string, value = 'a,b,c'): string {
  const input = { value, cells, ordinal: 7, values: ['ada@x.io', undefined] }
  try {
    return textOf(compileExpression(source, scope).run(input))
  } catch (error) {
    if (error instanceof ExpressionFault) return `fault at ${error.at}: ${error.message}`
    if (error instanceof ExpressionRefusal) return `${error.slow ? 'slow' : 'refused'}: ${error.message}`
    throw error
  }
}

/** A text stands for itself, all of it. */
function whole(says: string | RegExp): RegExp {
  return typeof says === 'string' ? new RegExp(`^${says.replace(/[$()*+.?[\]^{|}\\]/g, '\\$&')}$`) : says
}

test.each([
  ['record.Vorname + " " + record["E-Mail"].lower()', 'Ada a@x.io'],
  ['int(record.n) + 1', '13'],
  ['double(record.n) / 5.0', '2.4'],
  ['value.split(",").map(x, x.upper()).join("-")', 'A-B-C'],
  ['value.split(",")', '["a","b","c"]'],
  ['value.matches("^[a-c,]+$")', 'true'],
  ['value.replace(",", "")', 'abc'],
  ['profile.city == "" ? "nowhere" : profile.city', 'nowhere'],
  ['profile.email', 'ada@x.io'],
  ['"b" in value.split(",")', 'true'],
  ['timestamp("2024-01-31T10:00:00Z").getFullYear()', '2024'],
  ['null', ''],
  ['record["__proto__"]', 'p'],
  ['ordinal', '7'],
])('%s gives %s (AL-20)', (source, text) => {
  expect(gives(source)).toBe(text)
})

describe('a mistake is named with its place and what was meant', () => {
  test.each([
    ['record.Vornam', 'fault at 1: there is no column "Vornam"; is it "Vorname"?'],
    ['"x" + Vorname', 'fault at 7: "Vorname" is not known here; a column is written record.Vorname'],
    ['vlaue', 'fault at 1: "vlaue" is not known here; did you mean value?'],
    [
      'value > 5',
      'fault at 1: no such overload: string > int (cells are texts: write int(value) or double(record.price) to count)',
    ],
    ['value.uper()', 'fault at 1: there is no uper(); did you mean upper()?'],
    ['value +', 'fault at 8: it ends before it is complete'],
    ['profile.cty', 'fault at 1: there is no attribute "cty"; is it "city"?'],
    ['value.matches("(a")', 'fault at 15: in the pattern, at character 1: this bracket is not closed'],
    ['value.matches(record.n)', 'fault at 15: the pattern of matches() is written out in quotes'],
    ['value.contains(5)', "fault at 1: found no matching overload for 'string.contains(int)'"],
    ['record', 'fault at 1: name what you mean: record.NAME or record["NAME"]'],
    ['record[value]', 'fault at 1: the name in record[…] is written out in quotes'],
    [
      'value.split(",").map(value, value)',
      'fault at 22: value has a meaning already; call the variable something else',
    ],
    ['{"a": 1}', 'fault at 1: this gives a map, which no attribute can hold'],
    ['cel.bind(x, value, x + x)', /there is no bind\(\)/],
    ['bytes(value).json()', /there is no json\(\)/],
    ['duration(value)', /there is no duration\(\)/],
    ['type(value)', /there is no type\(\)/],
  ])('%s', (source, says) => {
    expect(gives(source)).toMatch(whole(says))
  })
  test('a filter gives true or false', () => {
    expect(() => compileExpression('record.n', { ...scope, gives: 'bool' })).toThrow(
      /a filter says yes or no.* gives a text/,
    )
  })
})

test.each([
  ['int(value)', 'x', 'refused: "x" is not a whole number'],
  ['int(value)', '', 'refused: a blank is not a whole number'],
  ['int(value)', '0x10', /is not a whole number/],
  ['int(value)', '9223372036854775808', /is not a whole number/],
  ['double(value)', '', 'refused: a blank is not a number'],
  ['double(value)', '1,5', /is not a number/],
  ['double(value) / 0.0', '1', 'refused: Infinity is no number that can be stored'],
  ['1 / 0', '', 'refused: division by zero'],
  ['9223372036854775807 + 1', '', /^refused: integer overflow/],
  ['double(value)', 'Infinity', /is not a number/],
  ['value.split(",")[9]', 'a', /^refused: /],
])('%s on "%s" has no answer', (source, value, says) => {
  expect(gives(source, value)).toMatch(whole(says))
})

/** `[1, …].all(a, [1, …].all(b, …))`, twelve deep: 10 to the 12th rounds. */
const nested = Array.from({ length: 12 }, (_, i) => i).reduce(
  (inner, i) => `[1,2,3,4,5,6,7,8,9,10].all(x${i}, ${inner})`,
  'true',
)

describe('hostile expressions are stopped by counting, without a clock', () => {
  test.each([
    ['loops in loops', nested, '', 'slow: it takes too long'],
    ['what is stopped stays stopped', `${nested} || true`, '', 'slow: it takes too long'],
    [
      'three loops over a long cell',
      'value.split(",").exists(a, value.split(",").exists(b, value.split(",").exists(c, a + b + c == "z")))',
      'a,'.repeat(300),
      'slow: it takes too long',
    ],
    [
      'a text that grows',
      'value.split("").map(a, value).join()',
      'a'.repeat(9000),
      'refused: the text would have more than 1048576 characters',
    ],
    [
      'many copies',
      Array.from({ length: 500 }, () => 'value').join('+'),
      'a'.repeat(60_000),
      'refused: the text has more than 1048576 characters',
    ],
    ['too many parts', 'value.split("")', 'a'.repeat(60_000), 'slow: split gives more than 10000 parts'],
    [
      'a very long cell',
      'value',
      'a'.repeat(70_000),
      'refused: a text it reads has more than 65536 characters',
    ],
    [
      'a long search',
      'value.contains(value)',
      'a'.repeat(60_000),
      'refused: what is searched for has more than 1000 characters',
    ],
    ['a pattern made to be slow', 'value.matches("^(a|a|aa)+$")', `${'a'.repeat(60_000)}b`, 'false'],
    [
      'lists that grow in a loop',
      'value.split("").map(a, value.split("") + value.split("")).map(a, size(a))',
      'aaa',
      'fault at 24: lists cannot be put together inside map, filter, all or exists',
    ],
    ['brackets', `${'('.repeat(200)}1${')'.repeat(200)}`, '', /^fault at \d+: Exceeded maxDepth/],
    ['a long list', `[${'1,'.repeat(1500)}1]`, '', /^fault at \d+: Exceeded maxListElements/],
    ['many signs', `${'!'.repeat(3000)}true`, '', /^fault at \d+: Exceeded maxAstNodes/],
    [
      'a long expression',
      `"${'a'.repeat(5000)}"`,
      '',
      'fault at 1: an expression has at most 4000 characters',
    ],
  ])('%s', (_what, source, value, says) => {
    expect(gives(source, value)).toMatch(whole(says))
  })

  test('with a clock, one that stands still changes nothing, and one that runs away stops a loop', () => {
    const loop = 'value.split(",").map(x, x.upper()).join("")'
    const at = (now: () => number): unknown =>
      compileExpression(loop, { ...scope, now }).run({ value: 'a,b,c', cells, ordinal: 1, values: [] })
    expect(at(() => 5)).toBe('ABC')
    let time = 0
    expect(() => at(() => (time += 200))).toThrow('it takes too long')
  })

  test('an expression that is stopped again and again stops the run', () => {
    const other = compileExpression('value.split("").size()', scope)
    const loop = compileExpression(
      'value.split(",").exists(a, value.split(",").exists(b, a + b == "zz"))',
      scope,
    )
    const input = { value: 'aaaaaaaaa,'.repeat(6000), cells, ordinal: 1, values: [] }
    for (let i = 0; i < 1000; i++) expect(() => loop.run(input)).toThrow('it takes too long')
    expect(() => loop.run(input)).toThrow(/stopped at 1000 records/)
    // Others go on.
    expect(other.run({ ...input, value: 'ab' })).toBe(2n)
  })
})
