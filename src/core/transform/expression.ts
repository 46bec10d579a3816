// Expressions in CEL, checked once and run for every record: pure, total, and with a bound on what one record may cost.
import {
  ParseError,
  TypeError as CelTypeError,
  EvaluationError,
  type ParseResult,
} from '@marcbachmann/cel-js'
import { nearest } from '../nearest.ts'
import { failure } from '../problems.ts'
import { baseEnvironment, ExpressionRefusal, resultLengthMax, textLengthMax } from './expressionFunctions.ts'
import { countLoops, ExpressionFault, prepareTree, type Mentioned, type TreeNode } from './expressionTree.ts'
import { expressionLengthMax } from './stepSchema.ts'

export interface ExpressionScope {
  /** Columns of the file; null: not known yet, any name is taken. */
  readonly columns: readonly string[] | null
  /** Whether there are mapped values, as `profile.KEY`. */
  readonly hasProfile: boolean
  /** Their keys, in the order of the values given; null: not known yet, any key is taken. */
  readonly attributes: readonly string[] | null
  /** Whether there is a cell of its own. */
  readonly hasValue: boolean
  /** What the expression is to give. */
  readonly gives: 'value' | 'bool'
  /** Name of the file, as `file`. */
  readonly file: string
  /** Milliseconds of a steady clock; without one only work is counted. */
  readonly now?: () => number
}

/** What one evaluation reads. */
export interface ExpressionInput {
  readonly value: string
  readonly cells: readonly (string | null)[]
  readonly ordinal: number
  readonly values: readonly (string | null | undefined)[]
}

export interface Expression {
  /** Whether it reads mapped values: it can only be asked after mapping. */
  readonly readsProfile: boolean
  /** Throws `ExpressionRefusal` where it cannot answer for this record. */
  run(input: ExpressionInput): unknown
}

/** Rounds of loops, times what a round does, times how long the texts are. Counted, so that it is the same everywhere. */
const workMax = 2_000_000
/** Far above what the counted work takes: only for what the count does not see. */
const millisMax = 250
/** Stopped so often, an expression stops the run. */
export const stopsMax = 1000

let base: ReturnType<typeof baseEnvironment> | undefined

/** Checks an expression. Throws `ExpressionFault` with its place; nothing of it runs before a record comes. */
export function compileExpression(source: string, scope: ExpressionScope): Expression {
  if (source.length > expressionLengthMax)
    throw new ExpressionFault(`an expression has at most ${expressionLengthMax} characters`, 1)
  const environment = (base ??= baseEnvironment()).clone()
  environment.registerVariable('record', 'map<string, string>')
  environment.registerVariable('ordinal', 'int')
  environment.registerVariable('file', 'string')
  if (scope.hasValue) environment.registerVariable('value', 'string')
  if (scope.hasProfile) environment.registerVariable('profile', 'map<string, string>')
  const parsed = read(() => environment.parse(source))
  const root = parsed.ast as unknown as TreeNode
  const mentioned = prepareTree(root)
  const checked = parsed.check()
  if (!checked.valid) throw faultOf(checked.error, scope)
  requireType(checked.type ?? 'dyn', scope.gives)
  const columns = places(mentioned.columns, scope.columns, 'column')
  const attributes = places(mentioned.attributes, scope.attributes, 'attribute')
  const meter = new Meter(source, scope.now)
  countLoops(root, meter.tick)
  return {
    readsProfile: mentioned.attributes.size > 0,
    run: runner(parsed, meter, columns, attributes, scope, mentioned),
  }
}

/** Counts the work of one evaluation, and stops it. */
class Meter {
  readonly #source: string
  readonly #now: (() => number) | undefined
  #stops = 0
  #left = 0
  #factor = 1
  #until = 0
  #over = false

  constructor(source: string, now: (() => number) | undefined) {
    this.#source = source
    this.#now = now
  }

  /** Throws `expression.too_slow_often`: a run of a million such records would take days. */
  begin(longest: number): void {
    if (this.#stops >= stopsMax)
      throw failure('expression.too_slow_often', { count: stopsMax, expression: this.#source.slice(0, 100) })
    this.#left = workMax
    this.#factor = 1 + (longest >> 8)
    this.#until = 0
    this.#over = false
  }

  readonly tick = (weight: number): void => {
    this.#left -= weight * this.#factor
    if (this.#now !== undefined) {
      const now = this.#now()
      if (this.#until === 0) this.#until = now + millisMax
      else if (now > this.#until) this.#over = true
    }
    if (this.#left < 0) this.#over = true
    if (this.#over) throw slow
  }

  /** `||`, `&&` and quantifiers go on after an error: what was stopped stays stopped. */
  end(): void {
    if (!this.#over) return
    this.#stops++
    throw slow
  }
}

const slow = new ExpressionRefusal('it takes too long', true)

/** Nothing of a context outlives an evaluation, so one is used again and again. */
interface Context extends Record<string, unknown> {
  value: string
  readonly record: Map<string, string>
  readonly profile: Map<string, string>
  ordinal: bigint
  readonly file: string
}

type Places = readonly (readonly [name: string, at: number])[]

function runner(
  parsed: ParseResult,
  meter: Meter,
  columns: Places,
  attributes: Places,
  { hasValue, file }: ExpressionScope,
  mentioned: Mentioned,
): Expression['run'] {
  const reads = hasValue && mentioned.value
  const context: Context = { value: '', record: new Map(), profile: new Map(), ordinal: 0n, file }
  return ({ value, cells, ordinal, values }) => {
    let longest = reads ? value.length : 0
    context.value = value
    if (mentioned.ordinal) context.ordinal = BigInt(ordinal)
    if (columns.length > 0) longest = Math.max(longest, take(context.record, columns, cells))
    if (attributes.length > 0) longest = Math.max(longest, take(context.profile, attributes, values))
    if (longest > textLengthMax)
      throw new ExpressionRefusal(`a text it reads has more than ${textLengthMax} characters`)
    meter.begin(longest)
    try {
      return evaluate(parsed, context)
    } finally {
      meter.end()
    }
  }
}

/** Puts the named texts into a map; blank is ''. Answers the length of the longest. */
function take(
  into: Map<string, string>,
  places: Places,
  from: readonly (string | null | undefined)[],
): number {
  let longest = 0
  for (const [name, at] of places) {
    const text = from[at]?.trim() ?? ''
    if (text.length > longest) longest = text.length
    into.set(name, text)
  }
  return longest
}

function evaluate(parsed: ParseResult, context: Context): unknown {
  try {
    return parsed(context) as unknown
  } catch (error) {
    if (error instanceof ExpressionRefusal) throw error
    if (error instanceof EvaluationError) throw new ExpressionRefusal(plain(error.summary))
    // What V8 refuses: a text or an array beyond its limits.
    if (error instanceof RangeError) throw new ExpressionRefusal(error.message)
    throw error
  }
}

/** The text a value of an expression becomes; '' is blank. Throws `ExpressionRefusal` for what has no text. */
export function textOf(answer: unknown): string {
  switch (typeof answer) {
    case 'string':
      if (answer.length > resultLengthMax)
        throw new ExpressionRefusal(`the text has more than ${resultLengthMax} characters`)
      return answer
    case 'bigint':
    case 'boolean':
      return String(answer)
    case 'number':
      if (Number.isFinite(answer)) return String(answer)
      throw new ExpressionRefusal(`${answer} is no number that can be stored`)
    default:
      if (answer === null) return ''
      if (answer instanceof Date) return answer.toISOString()
      if (Array.isArray(answer)) return listText(answer)
      throw new ExpressionRefusal('it gives something that is neither a text, a number, a date nor a list')
  }
}

/** Lists travel as JSON, which the reader of lists takes. */
function listText(answer: readonly unknown[]): string {
  const texts = answer.map((one) => (Array.isArray(one) ? null : textOf(one)))
  if (texts.includes(null)) throw new ExpressionRefusal('it gives a list of lists')
  return textOf(JSON.stringify(texts))
}

const storable =
  /^(?:string|int|double|bool|dyn|null|google\.protobuf\.Timestamp|list(?:<(?:string|int|double|bool|dyn)>)?)$/

function requireType(type: string, gives: ExpressionScope['gives']): void {
  if (gives === 'bool' && type !== 'bool' && type !== 'dyn')
    throw new ExpressionFault(`a filter says yes or no (true or false); this gives ${typeWord(type)}`, 1)
  if (gives === 'value' && !storable.test(type))
    throw new ExpressionFault(`this gives ${typeWord(type)}, which no attribute can hold`, 1)
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  bool: 'true or false',
  null: 'nothing',
}

function typeWord(type: string): string {
  return typeWords[type] ?? (type.startsWith('list') ? 'a list' : type.startsWith('map') ? 'a map' : type)
}

function places(
  mentioned: ReadonlyMap<string, number>,
  known: readonly string[] | null,
  noun: string,
): [string, number][] {
  if (known === null) return [...mentioned.keys()].map((name) => [name, -1])
  return [...mentioned].map(([name, at]) => {
    const place = known.indexOf(name)
    if (place >= 0) return [name, place]
    const near = nearest(name, known)
    throw new ExpressionFault(
      `there is no ${noun} "${name}"${near === undefined ? '' : `; is it "${near}"?`}`,
      at,
    )
  })
}

function read(parse: () => ParseResult): ParseResult {
  try {
    return parse()
  } catch (error) {
    throw faultOf(error, null)
  }
}

function faultOf(error: unknown, scope: ExpressionScope | null): ExpressionFault {
  if (!(error instanceof ParseError) && !(error instanceof CelTypeError)) throw error
  const detail = explained(plain(error.summary), error.code, scope)
  return new ExpressionFault(detail, (error.range?.start ?? 0) + 1)
}

const ownNames: Readonly<Record<string, string>> = {
  boundContains: 'contains',
  boundIndexOf: 'indexOf',
  boundLastIndexOf: 'lastIndexOf',
  boundMatches: 'matches',
  boundSplit: 'split',
  boundJoin: 'join',
  boundReplace: 'replace',
  toLower: 'lower',
  toUpper: 'upper',
  toInt: 'int',
  toDouble: 'double',
}

/** The library's sentence with the names people typed. */
function plain(summary: string): string {
  return summary.replace(
    /\b(?:bound[A-Z]\w*|to(?:Lower|Upper|Int|Double))\b/g,
    (name) => ownNames[name] ?? name,
  )
}

function explained(summary: string, code: string, scope: ExpressionScope | null): string {
  if (code === 'unknown_variable' && scope !== null) {
    const name = summary.replace(/^Unknown variable: /, '')
    const names = ['record', 'ordinal', 'file', ...(scope.hasValue ? ['value'] : [])]
    if (scope.hasProfile) names.push('profile')
    if (scope.columns?.includes(name) === true)
      return `"${name}" is not known here; a column is written record.${name}`
    const near = nearest(name, names)
    return `"${name}" is not known here${near === undefined ? `; there are ${names.join(', ')}` : `; did you mean ${near}?`}`
  }
  if (summary === 'Unexpected token: EOF') return 'it ends before it is complete'
  if (code === 'no_such_overload' && summary.includes('string') && /\b(?:int|double)\b/.test(summary))
    return `${summary} (cells are texts: write int(value) or double(record.price) to count)`
  return summary
}
