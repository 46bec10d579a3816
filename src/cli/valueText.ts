// Attribute values as people read them.
import { harmless } from './width.ts'

/** Attribute values as people read them. */
export function textOf(value: unknown): string {
  return harmless(plainText(value))
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
