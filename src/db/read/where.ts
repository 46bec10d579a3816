// Conditions as people write them: city=Wien, lifetime_value>=100, email~example, city= (no value).
import { identifierKind, type Attribute } from '../../core/attribute.ts'
import { nearest } from '../../core/nearest.ts'
import { failure } from '../../core/problems.ts'
import type { Condition } from './profiles.ts'

const form = /^([A-Za-z][A-Za-z0-9_]*)\s*(!=|<=|>=|=|<|>|~)\s*(.*)$/s

/** Reads one condition; throws `filter.invalid` naming what is wrong. */
export function parseCondition(text: string, attributes: readonly Attribute[]): Condition {
  const [, name, operator, value] = form.exec(text.trim()) ?? []
  if (name === undefined || operator === undefined || value === undefined)
    throw failure('filter.invalid', { filter: text, detail: 'it has no operator (=, !=, <, <=, >, >=, ~).' })
  const key = name.toLowerCase()
  const keys = attributes.map((attribute) => attribute.key)
  if (!keys.includes(key) && identifierKind(key) === undefined) {
    const near = nearest(key, keys)
    const hint = near === undefined ? '' : ` Did you mean ${near}?`
    throw failure('filter.invalid', { filter: text, detail: `there is no attribute ${key}.${hint}` })
  }
  return { key, operator: operator as Condition['operator'], value }
}
