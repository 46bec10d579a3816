// Canonical text, as mapping makes it and PostgreSQL prints it, as a value of its type: for people and programs that read answers.
import type { AttributeType } from './attribute.ts'

/** Null stays null; a number JavaScript cannot hold exactly stays text, so no digit of a long number is lost. */
export function typedValue(type: AttributeType, canonical: string | null): unknown {
  if (canonical === null) return null
  switch (type) {
    case 'integer':
    case 'number':
      return String(Number(canonical)) === canonical ? Number(canonical) : canonical
    case 'boolean':
      return canonical === 't' || canonical === 'true'
    case 'text_list':
      return listOf(canonical)
    case 'json':
      return JSON.parse(canonical) as unknown
    case 'text':
    case 'date':
    case 'timestamp':
      return canonical
  }
}

/** The values of a text[] as array_out prints it: {plain,"with, sign"}. */
export function listOf(canonical: string): string[] {
  const values: string[] = []
  const form = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs
  for (const [, quoted, plain] of canonical.matchAll(form))
    values.push(quoted === undefined ? plain! : quoted.replace(/\\(.)/gs, '$1'))
  return values
}
