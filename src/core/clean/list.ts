// Lists of texts: split by the column's separator, or a JSON array; printed as PostgreSQL prints text[].
import { isJsonArray, JsonNumber, parseJson } from './json.ts'
import type { Clean, Cleaned, Refusal } from './refusal.ts'
import { cleanText } from './text.ts'

const invalid: Refusal = { code: 'list.invalid' }
const objects: Refusal = { code: 'list.objects' }

/** What array_out puts in quotes: empty, NULL, and anything with a sign or blank that array_in would read otherwise. */
const needsQuotes = /^$|^null$|[{}",\\ \t\n\r\v\f]/i

/** The text[] form of these values. */
export function arrayText(values: readonly string[]): string {
  let out = '{'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (i > 0) out += ','
    out += needsQuotes.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value
  }
  return `${out}}`
}

/** Values are trimmed and empty ones left out; order and repeats are kept. */
export function listCleaner(separator = ','): Clean {
  return (text): Cleaned => {
    if (text.startsWith('[') && text.endsWith(']')) return fromJson(text)
    const sound = cleanText(text)
    if (typeof sound !== 'string') return sound
    if (!text.includes(separator)) return arrayText([text])
    return arrayText(
      text
        .split(separator)
        .map((value) => value.trim())
        .filter((value) => value !== ''),
    )
  }
}

function fromJson(text: string): Cleaned {
  const parsed = parseJson(text)
  if (!('value' in parsed)) return parsed.code === 'json.invalid' ? invalid : parsed
  if (!isJsonArray(parsed.value)) return invalid
  const values: string[] = []
  for (const value of parsed.value) {
    if (value === null) continue
    if (typeof value === 'string') values.push(value.trim())
    else if (value instanceof JsonNumber) values.push(value.text)
    else if (typeof value === 'boolean') values.push(String(value))
    else return isJsonArray(value) ? invalid : objects
  }
  return arrayText(values.filter((value) => value !== ''))
}
