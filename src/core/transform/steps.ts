// What each step does to a text. Compiled once per run; the import, the preview and `explain` run the same functions.
import type { Refusal } from '../clean/refusal.ts'
import { failure } from '../problems.ts'
import { compileExpression, stopsMax, textOf, type Expression, type ExpressionInput } from './expression.ts'
import { ExpressionRefusal } from './expressionFunctions.ts'
import { ExpressionFault } from './expressionTree.ts'
import { datePattern, DatePatternFault } from './datePattern.ts'
import { hashText } from './hashes.ts'
import { linearPattern, TooMuchWork } from './linearPattern.ts'
import { nearest } from '../nearest.ts'
import { PatternFault } from './patternSyntax.ts'
import type { Compute, Step, StepSetting } from './stepSchema.ts'

/** What steps need from the machine: handed in, as the core has no input or output. */
export interface Outside {
  /** Milliseconds of a steady clock; without one only the work of expressions is counted. */
  readonly now?: () => number
  /** Name of the file that is read. */
  readonly file: string
}

/** Where a step stands: what it may refer to, and how messages name it. */
export interface StepPlace {
  readonly column: string
  /** Of the file; null: not known yet, any name is taken. */
  readonly columns: readonly string[] | null
  readonly outside: Outside
  /** Whether there is a cell: computed columns have none before their first step. */
  readonly hasValue: boolean
}

/** Takes a trimmed text ('' is blank) and answers the next one, or why there is none. */
export type RunStep = (text: string, input: ExpressionInput) => string | Refusal

export interface CompiledStep {
  readonly name: string
  /** Whether it has something to say about a blank text; the others leave it blank. */
  readonly onBlank: boolean
  readonly run: RunStep
}

/** Compiles one step. Throws a halting problem where it cannot mean anything. */
export function compileStep(step: Step, place: StepPlace): CompiledStep {
  if (step === 'trim') return { name: step, onBlank: false, run: (text) => text.trim() }
  if (step === 'squeeze')
    return { name: step, onBlank: false, run: (text) => text.replace(/\s+/g, ' ').trim() }
  const name = Object.keys(step)[0] as keyof typeof makers
  const make = makers[name] as (setting: unknown, place: StepPlace) => RunStep
  return { name, onBlank: speakOnBlank.has(name), run: make(step[name], place) }
}

/** Compiles where a computed column's value comes from. */
export function compileCompute(compute: Compute, place: StepPlace): CompiledStep {
  return compileStep(compute, place)
}

const speakOnBlank: ReadonlySet<string> = new Set(['join', 'constant', 'default', 'copy', 'cel'])

type Settings = Exclude<Step, string>
type Makers = {
  readonly [Name in keyof Required<Settings>]: (setting: StepSetting<Name>, place: StepPlace) => RunStep
}

const makers: Makers = {
  case: (to) => cases[to],
  split: ({ by, take }) => (take === undefined ? intoList(by) : takePart(by, take)),
  join: ({ from, with: between }, place) => {
    const places = from.map((column) => columnAt(column, place))
    return (_text, { cells }) => {
      const parts: string[] = []
      for (const at of places) {
        const cell = cells[at]?.trim() ?? ''
        if (cell !== '') parts.push(cell)
      }
      return parts.join(between)
    }
  },
  replace: (setting, place) => replaceStep(setting, place),
  lookup: lookupStep,
  constant: (text) => () => text,
  default: (fallback) => (text) => (text === '' ? fallback : text),
  hash: (algorithm) => (text) => hashText(algorithm, text),
  date: dateStep,
  number: numberStep,
  substring: ({ from, length }) => substringStep(from, length),
  pad: ({ to, with: sign }) => {
    return (text) => text.padStart(to, sign)
  },
  copy: (column, place) => {
    const at = columnAt(column, place)
    return (_text, { cells }) => cells[at]?.trim() ?? ''
  },
  cel: (source, place) => {
    const expression = expressionOf(source, place)
    return (_text, input) => answerOf(expression, input)
  },
}

const cases: Readonly<Record<StepSetting<'case'>, RunStep>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) => titled(text),
}

/** Capitals at the beginning of words, also after hyphens and apostrophes; the rest in small letters. */
function titled(text: string): string {
  return text
    .toLowerCase()
    .replace(
      /(^|[\s\-–—/('’.])(\p{L})/gu,
      (_all, before: string, letter: string) => before + letter.toUpperCase(),
    )
}

function intoList(by: string): RunStep {
  return (text) => {
    const parts = text.split(by).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
    return parts.length === 0 ? '' : JSON.stringify(parts)
  }
}

function takePart(by: string, take: number): RunStep {
  return (text) => {
    const parts = text.split(by)
    return (take > 0 ? parts[take - 1] : parts.at(take))?.trim() ?? ''
  }
}

function substringStep(from: number, length: number | undefined): RunStep {
  return (text) => {
    // Characters as people count them: an emoji is one.
    const chars = Array.from(text)
    const start = from > 0 ? from - 1 : Math.max(0, chars.length + from)
    return chars
      .slice(start, length === undefined ? undefined : start + length)
      .join('')
      .trim()
  }
}

function replaceStep(setting: StepSetting<'replace'>, { column }: StepPlace): RunStep {
  const { text: literal, pattern, with: by } = setting
  if (literal !== undefined) return (text) => text.replaceAll(literal, () => by).trim()
  try {
    const compiled = linearPattern(pattern!)
    let stops = 0
    return (text) => {
      try {
        return compiled.replaceAll(text, by).trim()
      } catch (error) {
        if (error instanceof TooMuchWork && ++stops >= stopsMax)
          throw failure('expression.too_slow_often', { count: stopsMax, expression: pattern! })
        if (error instanceof TooMuchWork) return { code: 'step.too_slow', details: { step: 'replace' } }
        throw error
      }
    }
  } catch (error) {
    if (!(error instanceof PatternFault)) throw error
    throw failure('step.pattern_invalid', { column, pattern: pattern!, at: error.at, detail: error.message })
  }
}

function lookupStep({ table, otherwise, ignoreCase }: StepSetting<'lookup'>): RunStep {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text)
  const entries = new Map(Object.entries(table).map(([from, to]) => [fold(from), to]))
  const unknown: Refusal = { code: 'step.lookup_missing' }
  return (text) => {
    const found = entries.get(fold(text))
    if (found !== undefined) return found
    return otherwise === 'keep' ? text : otherwise === 'blank' ? '' : unknown
  }
}

function dateStep(pattern: string, { column }: StepPlace): RunStep {
  try {
    const parse = datePattern(pattern)
    const invalid: Refusal = { code: 'step.date', details: { pattern } }
    return (text) => parse(text) ?? invalid
  } catch (error) {
    if (!(error instanceof DatePatternFault)) throw error
    throw failure('step.date_pattern_invalid', { column, pattern, detail: error.message })
  }
}

/** What may stand before or after a number: signs and codes of currencies, per cent, blanks. */
const around =
  /^[\s\p{Sc}%]*(?:[A-Z]{3}(?=[\s\d+-]))?[\s\p{Sc}]*|[\s\p{Sc}%]*(?:(?<=[\s\d.,])[A-Z]{3})?[\s\p{Sc}%]*$/gu

function numberStep({ decimal, group }: StepSetting<'number'>, { column }: StepPlace): RunStep {
  if (group === decimal) throw failure('step.number_signs', { column, sign: decimal })
  const refusal: Refusal = { code: 'step.number', details: { decimal } }
  const blanks = /[\s'’]/g
  return (text) => {
    let bare = text.slice(0, 200).replace('\u2212', '-').replace(around, '')
    if (group !== '') bare = bare.replaceAll(group, '')
    bare = bare.replace(blanks, '')
    if (decimal === ',' && bare.includes('.')) return refusal
    const literal = decimal === ',' ? bare.replace(',', '.') : bare
    return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(literal) ? literal : refusal
  }
}

function columnAt(column: string, { columns, column: of }: StepPlace): number {
  if (columns === null) return -1
  const at = columns.indexOf(column)
  if (at >= 0) return at
  const near = nearest(column, columns)
  throw failure('step.column_missing', {
    column: of,
    named: column,
    near: near === undefined ? '' : ` Is it "${near}"?`,
  })
}

function expressionOf(source: string, { column, columns, outside, hasValue }: StepPlace): Expression {
  const { file, now } = outside
  return expressionFor(`of column ${column}`, source, {
    columns,
    hasProfile: false,
    attributes: null,
    hasValue,
    gives: 'value',
    file,
    ...(now === undefined ? {} : { now }),
  })
}

/** Compiles an expression; throws `expression.invalid` naming where it stands. */
export function expressionFor(
  where: string,
  source: string,
  scope: Parameters<typeof compileExpression>[1],
): Expression {
  try {
    return compileExpression(source, scope)
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    const near = source.slice(error.at - 1, error.at + 29).replace(/\s+/g, ' ')
    throw failure('expression.invalid', {
      where,
      detail: error.message,
      at: error.at,
      near: near === '' ? 'the end' : near,
    })
  }
}

function answerOf(expression: Expression, input: ExpressionInput): string | Refusal {
  try {
    return textOf(expression.run(input)).trim()
  } catch (error) {
    if (!(error instanceof ExpressionRefusal)) throw error
    if (error.slow) return { code: 'expression.too_slow' }
    return { code: 'expression.failed', details: { detail: error.message } }
  }
}
