// Attribute keys from column headers: lower case, plain letters, distinct, and never the name of an identifier.
import { plainHeader } from './synonyms.ts'

const keyMax = 60
/** The people view shows identifiers under these names, so attributes that are none go by others. */
const taken: Readonly<Record<string, string>> = { customer_id: 'customer_number', email: 'email_address' }

/** "firstName" and "First Name" are `first_name`; undefined: no letter or digit of the Latin script is left. */
export function keyFromHeader(header: string): string | undefined {
  const words = header
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(plainHeader)
    .filter((word) => word !== '')
  const key = words.join('_').slice(0, keyMax).replace(/_+$/, '')
  if (key === '') return undefined
  return /^\d/.test(key) ? `n${key}`.slice(0, keyMax) : key
}

/** Hands out keys, each once; `others` are in use already. */
export function keyChooser(
  others: Iterable<string> = [],
): (wanted: string | undefined, position: number) => string {
  const used = new Set<string>([...Object.keys(taken), ...others])
  return (wanted, position) => {
    const base = (wanted === undefined ? `column_${position + 1}` : taken[wanted]) ?? wanted!
    let key = base
    for (let n = 2; used.has(key); n++) key = `${base.slice(0, keyMax - 1 - String(n).length)}_${n}`
    used.add(key)
    return key
  }
}
