// Conditions on attributes as the address and the API write them: city=Wien, points>=100, first_name~ad, city= (no value).
import type { AttributesView } from '../../../client/index.ts'

export interface Condition {
  readonly key: string
  readonly operator: string
  readonly value: string
}

const form = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*(!=|<=|>=|=|<|>|~)\s*(.*?)\s*$/s

/** Null: it is not written as one; the server says what is wrong with it. */
export function readCondition(text: string): Condition | null {
  const [, key, operator, value] = form.exec(text) ?? []
  return key === undefined || operator === undefined || value === undefined ? null : { key, operator, value }
}

export function writeCondition({ key, operator, value }: Condition): string {
  return `${key}${operator}${value}`
}

/** What can be asked of a value, with the operators in words; `filled` and `empty` need no value. */
export const questions = [
  { ask: 'is', operator: '=', value: true },
  { ask: 'is not', operator: '!=', value: true },
  { ask: 'contains', operator: '~', value: true },
  { ask: 'is at least', operator: '>=', value: true },
  { ask: 'is at most', operator: '<=', value: true },
  { ask: 'has a value', operator: '!=', value: false },
  { ask: 'has no value', operator: '=', value: false },
] as const
export type Ask = (typeof questions)[number]['ask']

type AttributeType = AttributesView['attributes'][number]['type']

/** Questions that make sense for a type; identifiers are texts. */
export function asksOf(type: AttributeType | 'identifier'): readonly Ask[] {
  const ordered = ['integer', 'number', 'date', 'timestamp'].includes(type)
  return questions
    .map(({ ask }) => ask)
    .filter((ask) => (ordered ? ask !== 'contains' : !/at least|at most/.test(ask)))
}

/** `City contains Wien`. */
export function inWords(text: string, labels: ReadonlyMap<string, string>): string {
  const condition = readCondition(text)
  if (condition === null) return text
  const { key, operator, value } = condition
  const label = labels.get(key) ?? key
  if (value === '' && operator === '=') return `${label} has no value`
  if (value === '' && operator === '!=') return `${label} has a value`
  const ask = questions.find((one) => one.operator === operator)?.ask ?? operator
  return `${label} ${ask} ${value}`
}
