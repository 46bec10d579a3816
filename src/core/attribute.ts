// The attribute catalogue: typed fields of a profile, and the kinds of identifiers.
import { z } from 'zod'

export const attributeTypes = [
  'text',
  'integer',
  'number',
  'boolean',
  'date',
  'timestamp',
  'text_list',
  'json',
] as const
export type AttributeType = (typeof attributeTypes)[number]

/** The column type behind each attribute type. */
export const columnTypes: Readonly<Record<AttributeType, string>> = {
  text: 'text',
  integer: 'bigint',
  number: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  text_list: 'text[]',
  json: 'jsonb',
}

/** Attribute keys are column names: lower case, no leading digit or underscore (those are the system's). */
export const attributeKey = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/)
export const attributesMax = 500

export interface Attribute {
  readonly key: string
  readonly type: AttributeType
  readonly label: string
  readonly pii: boolean
}

/**
 * A kind of identifier. Ranked: 1 is the strongest. `single`: a later value replaces; otherwise a profile may have many.
 * `id` is what the identifier table stores; never renumber.
 */
export interface IdentifierKind {
  readonly id: number
  readonly kind: string
  readonly rank: number
  readonly single: boolean
  readonly label: string
}

export const identifierKinds: readonly IdentifierKind[] = [
  { id: 1, kind: 'customer_id', rank: 1, single: true, label: 'Customer id' },
  { id: 2, kind: 'email', rank: 2, single: true, label: 'E-mail address' },
  { id: 3, kind: 'phone', rank: 3, single: false, label: 'Phone number' },
  { id: 4, kind: 'device_id', rank: 4, single: false, label: 'Device id' },
  { id: 5, kind: 'cookie', rank: 5, single: false, label: 'Cookie' },
  { id: 6, kind: 'external_id', rank: 6, single: false, label: 'External id' },
]

export function identifierKind(kind: string): IdentifierKind | undefined {
  return identifierKinds.find((k) => k.kind === kind)
}

/** Longest identifier value, in UTF-8 bytes, after normalising. */
export const identifierBytesMax = 256
