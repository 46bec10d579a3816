// E-mail addresses: a practical check (RFC 5321 lengths, RFC 5322 atoms), trimmed and lower-cased so that they match.
import type { Cleaned, Refusal } from './refusal.ts'

const invalid: Refusal = { code: 'email.invalid' }

/** RFC 5321 4.5.3.1: 64 octets before the @, 254 in all. */
const localMax = 64
const addressMax = 254

const plain =
  /^[a-z0-9_'+-](?:\.?[a-z0-9!#$%&'*+/=?^_`{|}~-])*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/
/** Letters of other scripts are allowed on both sides (RFC 6531); blanks, quotes and control characters are not. */
const international =
  /^(?!\.)(?:\.?[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-])+@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+(?:[\p{L}\p{M}]{2,63}|xn--[a-z0-9-]{1,59})$/u

const utf8 = new TextEncoder()

export function cleanEmail(text: string): Cleaned {
  const address = text.toLowerCase()
  if (address.length > addressMax || address.indexOf('@') > localMax) return invalid
  if (plain.test(address)) return address
  if (!international.test(address)) return invalid
  const local = address.slice(0, address.indexOf('@'))
  const fits = utf8.encode(address).length <= addressMax && utf8.encode(local).length <= localMax
  return fits ? address : invalid
}
