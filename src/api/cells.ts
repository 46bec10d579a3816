// Cells of the profile table as values of their types.
import type { Attribute, AttributeType } from '../core/attribute.ts'

/** Canonical text (lists and JSON as JSON) to a value; a number JavaScript cannot hold exactly stays text. */
export function typedCell(type: AttributeType, text: string | null): unknown {
  if (text === null) return null
  switch (type) {
    case 'integer':
    case 'number':
      return String(Number(text)) === text ? Number(text) : text
    case 'boolean':
      return text === 'true' || text === 't'
    case 'text_list':
    case 'json':
      return JSON.parse(text) as unknown
    case 'text':
    case 'date':
    case 'timestamp':
      return text
  }
}

/** Key and value of every attribute that has one. */
export function typedCells(
  attributes: readonly Attribute[],
  cells: readonly (string | null)[],
): [string, unknown][] {
  return attributes
    .map(({ key, type }, i): [string, unknown] => [key, typedCell(type, cells[i] ?? null)])
    .filter(([, value]) => value !== null)
}
