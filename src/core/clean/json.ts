// JSON as PostgreSQL prints jsonb: keys by byte length then bytes, the last of equal keys, numbers as numeric text.
import { caps } from '../dialect.ts'
import { plainDecimal } from './number.ts'
import type { Cleaned, Refusal } from './refusal.ts'

/** A number by its digits: JSON numbers may have more than a JavaScript number keeps. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | { readonly [key: string]: Json }

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown

const tooLarge: Refusal = { code: 'value.too_large' }
const refuse = (detail: string): Refusal => ({ code: 'json.invalid', details: { detail } })
const notJson = refuse('it does not follow the rules of JSON')
const tooDeep = refuse(`it is nested more than ${caps.jsonDepth} levels deep`)
const nul: Refusal = { code: 'text.nul' }
const broken: Refusal = { code: 'text.broken' }

/** Reads JSON without losing digits. Refuses what jsonb refuses: U+0000, lone surrogates; and depth over the cap. */
export function parseJson(text: string): { value: Json } | Refusal {
  if (depthOf(text) > caps.jsonDepth) return tooDeep
  let refusal: Refusal | undefined
  const sound = (string: string): void => {
    if (string.includes('\0')) refusal ??= nul
    else if (!string.isWellFormed()) refusal ??= broken
  }
  try {
    const value = parse(text, (key, value, context) => {
      sound(key)
      if (typeof value === 'string') sound(value)
      if (typeof value !== 'number') return value
      const plain = plainDecimal(context.source ?? String(value))
      if (typeof plain === 'string') return new JsonNumber(plain)
      refusal ??= tooLarge
      return null
    })
    return refusal ?? { value: value as Json }
  } catch {
    return notJson
  }
}

/** The deepest nesting of brackets outside strings: known before parsing, so that depth costs no stack. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++
    } else if (c === 0x7b || c === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (c === 0x7d || c === 0x5d) depth--
  }
  return deepest
}

/** True for arrays; `Array.isArray` alone widens readonly ones. */
export function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

const utf8 = new TextEncoder()

function compareKeys(a: string, b: string): number {
  const x = utf8.encode(a)
  const y = utf8.encode(b)
  if (x.length !== y.length) return x.length - y.length
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!
  return 0
}

/** The text jsonb prints. */
export function jsonText(value: Json): string {
  if (value instanceof JsonNumber) return value.text
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isJsonArray(value)) return `[${value.map(jsonText).join(', ')}]`
  const keys = Object.keys(value).sort(compareKeys)
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${jsonText(value[key]!)}`).join(', ')}}`
}

export function cleanJson(text: string): Cleaned {
  const parsed = parseJson(text)
  return 'value' in parsed ? jsonText(parsed.value) : parsed
}
