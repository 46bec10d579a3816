// Text: kept as given (ends are trimmed by the mapper), unless PostgreSQL could not hold it.
import type { Cleaned, Refusal } from './refusal.ts'

const nul: Refusal = { code: 'text.nul' }
const broken: Refusal = { code: 'text.broken' }

export function cleanText(text: string): Cleaned {
  if (text.includes('\0')) return nul
  return text.isWellFormed() ? text : broken
}
