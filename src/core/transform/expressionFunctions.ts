// The functions of expressions: those of CEL that are pure and bounded, some of them made so, and a few of our own.
import { Environment } from '@marcbachmann/cel-js'
import { linearPattern, TooMuchWork, type LinearPattern } from './linearPattern.ts'

/** Texts beyond are not given to expressions, and not made by them. Characters are UTF-16 units. */
export const textLengthMax = 65_536
export const resultLengthMax = 1_048_576
const partsMax = 10_000
const searchedMax = 1000

/** Said about a record: why an expression cannot answer for it. */
export class ExpressionRefusal extends Error {
  readonly slow: boolean
  constructor(detail: string, slow = false) {
    super(detail)
    this.name = 'ExpressionRefusal'
    this.slow = slow
  }
}

/** Functions called by name, with those that stand in for CEL's own. */
export const plainFunctions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    size: 'size',
    int: 'toInt',
    double: 'toDouble',
    string: 'string',
    bool: 'bool',
    has: 'has',
    timestamp: 'timestamp',
  }),
)
/** Functions called on a value, with those that stand in for CEL's own. */
export const methods: ReadonlyMap<string, string> = new Map(
  Object.entries({
    contains: 'boundContains',
    indexOf: 'boundIndexOf',
    lastIndexOf: 'boundLastIndexOf',
    matches: 'boundMatches',
    split: 'boundSplit',
    join: 'boundJoin',
    replace: 'boundReplace',
    lower: 'toLower',
    upper: 'toUpper',
    lowerAscii: 'toLower',
    upperAscii: 'toUpper',
    ...Object.fromEntries(
      [
        'size',
        'startsWith',
        'endsWith',
        'substring',
        'trim',
        'getFullYear',
        'getMonth',
        'getDate',
        'getDayOfWeek',
        'getHours',
        'getMinutes',
        'getSeconds',
      ].map((name) => [name, name]),
    ),
  }),
)
/** Methods that go through the values of a list. */
export const loops: ReadonlySet<string> = new Set(['map', 'filter', 'all', 'exists', 'exists_one'])

const patterns = new Map<string, LinearPattern>()

function patternOf(source: string): LinearPattern {
  const known = patterns.get(source)
  if (known !== undefined) return known
  if (patterns.size >= 200) patterns.clear()
  const pattern = linearPattern(source)
  patterns.set(source, pattern)
  return pattern
}

function searched(text: string): string {
  if (text.length <= searchedMax) return text
  throw new ExpressionRefusal(`what is searched for has more than ${searchedMax} characters`)
}

function matches(text: string, pattern: string): boolean {
  try {
    return patternOf(pattern).test(text)
  } catch (error) {
    if (error instanceof TooMuchWork) throw new ExpressionRefusal(error.message, true)
    throw error
  }
}

function split(text: string, by: string): string[] {
  const parts = text.split(searched(by), partsMax + 1)
  if (parts.length <= partsMax) return parts
  throw new ExpressionRefusal(`split gives more than ${partsMax} parts`, true)
}

function join(parts: readonly unknown[], by = ''): string {
  let length = 0
  for (const part of parts) {
    if (typeof part !== 'string') throw new ExpressionRefusal('join takes a list of texts')
    length += part.length + by.length
    if (length > resultLengthMax) throw tooLong()
  }
  return parts.join(by)
}

function replace(text: string, what: string, by: string): string {
  if (what === '') return text
  const parts = split(text, what)
  return join(parts, by)
}

/** Nothing is guessed: a blank is not 0, and 0x10 is no number people write. */
function toInt(text: string): bigint {
  const value = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace('+', '')) : null
  if (value !== null && BigInt.asIntN(64, value) === value) return value
  throw new ExpressionRefusal(`${shown(text)} is not a whole number`)
}

function toDouble(text: string): number {
  if (/^[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?$/.test(text)) return Number(text)
  throw new ExpressionRefusal(`${shown(text)} is not a number`)
}

function shown(text: string): string {
  if (text === '') return 'a blank'
  return `"${text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text}"`
}

function tooLong(): ExpressionRefusal {
  return new ExpressionRefusal(`the text would have more than ${resultLengthMax} characters`)
}

/** What expressions may use, without variables. Made once; every expression adds its own. */
export function baseEnvironment(): Environment {
  return new Environment({
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: 2000,
      maxDepth: 40,
      maxListElements: 1000,
      maxMapEntries: 200,
      maxCallArguments: 8,
    },
  })
    .registerFunction('string.boundContains(string): bool', (text: string, part: string) =>
      text.includes(searched(part)),
    )
    .registerFunction('string.boundIndexOf(string): int', (text: string, part: string) =>
      BigInt(text.indexOf(searched(part))),
    )
    .registerFunction('string.boundLastIndexOf(string): int', (text: string, part: string) =>
      BigInt(text.lastIndexOf(searched(part))),
    )
    .registerFunction('string.boundMatches(string): bool', matches)
    .registerFunction('string.boundSplit(string): list<string>', split)
    .registerFunction('list.boundJoin(): string', (parts: readonly unknown[]) => join(parts))
    .registerFunction('list.boundJoin(string): string', join)
    .registerFunction('string.boundReplace(string, string): string', replace)
    .registerFunction('toInt(string): int', toInt)
    .registerFunction('toInt(int): int', (value: bigint) => value)
    .registerFunction('toInt(double): int', (value: number) => {
      if (Number.isFinite(value)) return BigInt.asIntN(64, BigInt(Math.trunc(value)))
      throw new ExpressionRefusal(`${value} is not a whole number`)
    })
    .registerFunction('toDouble(string): double', toDouble)
    .registerFunction('toDouble(int): double', Number)
    .registerFunction('toDouble(double): double', (value: number) => value)
    .registerFunction('string.toLower(): string', (text: string) => text.toLowerCase())
    .registerFunction('string.toUpper(): string', (text: string) => text.toUpperCase())
}
