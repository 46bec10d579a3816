// Numbers: numeric and bigint as PostgreSQL prints them, whatever thousands and decimal signs the file uses.
import type { Clean, Cleaned, Refusal } from './refusal.ts'

const invalid: Refusal = { code: 'number.invalid' }
const tooLarge: Refusal = { code: 'value.too_large' }
const notWhole: Refusal = { code: 'integer.invalid' }
const outOfRange: Refusal = { code: 'integer.too_large' }
const scientific: Refusal = { code: 'number.scientific' }

/** Far above any honest value, far below what numeric refuses (131,072 digits). */
const digitsMax = 1000

const canonicalNumber = /^(?:0|-?[1-9]\d{0,30}(?:\.\d{0,30}[1-9])?|-?0\.\d{0,30}[1-9])$/
const canonicalInteger = /^(?:0|-?[1-9]\d{0,17})$/
const literal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/

/**
 * The plain decimal form of a number literal (sign, digits, point, exponent): no exponent, no leading or trailing
 * zeros, no minus zero. Undefined: not a number. A refusal: more than 1,000 digits.
 */
export function plainDecimal(text: string): string | undefined | Refusal {
  if (canonicalNumber.test(text)) return text
  const match = literal.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  if (whole === '' && fraction === '') return undefined
  return place(sign === '-', whole + fraction, whole.length + Number(exponent ?? 0))
}

/** Puts the decimal point after the `point`-th digit; it may lie outside the digits. */
function place(negative: boolean, digits: string, point: number): string | Refusal {
  const kept = digits.replace(/^0+/, '')
  const at = point - (digits.length - kept.length)
  const bare = kept.replace(/0+$/, '')
  if (bare === '') return '0'
  if (Math.max(bare.length, at, bare.length - at) > digitsMax) return tooLarge
  const whole = at <= 0 ? '0' : bare.slice(0, at).padEnd(at, '0')
  const fraction = at <= 0 ? '0'.repeat(-at) + bare : bare.slice(at)
  return (negative ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`)
}

const blanksAndApostrophes = " \u00a0\u202f\u2009'\u2019"
const currency = /^[€$£¥]\s*|\s*(?:[€$£¥]|EUR|USD|GBP|CHF)$/

function grouped(thousands: string, decimal: string): RegExp {
  return new RegExp(`^[+-]?\\d{1,3}(?:([${thousands}])\\d{3})(?:\\1\\d{3})*(?:\\${decimal}\\d*)?$`)
}

/** Brings the signs of the file to those of a literal. Without a decimal sign named, a comma is not guessed at. */
function toLiteral(decimal: '.' | ',' | undefined): (text: string) => string {
  const groups = grouped(
    blanksAndApostrophes + (decimal === ',' ? '.' : decimal === '.' ? ',' : ''),
    decimal ?? '.',
  )
  return (text) => {
    const bare = text.replace('\u2212', '-').replace(currency, '')
    const whole = groups.test(bare)
      ? bare.replace(/[^\d+-]/g, (c) => (c === (decimal ?? '.') ? c : ''))
      : bare
    if (decimal !== ',') return whole
    return whole.includes('.') ? 'x' : whole.replace(',', '.')
  }
}

/** Numeric. `decimal`: the decimal sign of the column; the other sign then separates thousands. */
export function numberCleaner(decimal?: '.' | ','): Clean {
  const literalOf = toLiteral(decimal)
  return (text): Cleaned => {
    if (decimal !== ',' && canonicalNumber.test(text)) return text
    return plainDecimal(literalOf(text)) ?? invalid
  }
}

const bigintMax = 2n ** 63n - 1n
const bigintMin = -(2n ** 63n)

/** Bigint. `12.0` is a whole number; `1.2E+12` is a spreadsheet's damage and is refused. */
export function integerCleaner(decimal?: '.' | ','): Clean {
  const literalOf = toLiteral(decimal)
  return (text): Cleaned => {
    if (canonicalInteger.test(text)) return text
    const bare = literalOf(text)
    const plain = plainDecimal(bare)
    if (typeof plain === 'object') return outOfRange
    if (plain === undefined || plain.includes('.')) return notWhole
    if (/e/i.test(bare)) return scientific
    if (plain.length < 19) return plain
    const value = BigInt(plain)
    return value > bigintMax || value < bigintMin ? outOfRange : plain
  }
}
