// Dates: ISO, the one numeric order of the column, and English month names.
import { dayExists, dayText, fullYear, monthOf, type Day } from './calendar.ts'
import type { Clean, Cleaned, Refusal } from './refusal.ts'

export type DateOrder = 'dmy' | 'mdy' | 'ymd'

const orderWords: Readonly<Record<DateOrder, string>> = {
  dmy: ' in the order day, month, year',
  mdy: ' in the order month, day, year',
  ymd: ' in the order year, month, day',
}

/** Completes "… is not a date": names the order the column is read in. */
export function orderPhrase(order: DateOrder | undefined): string {
  return order === undefined ? '' : orderWords[order]
}

const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/
const compact = /^(\d{4})(\d\d)(\d\d)$/
const numeric = /^(\d{1,2})(-|\/|\.|\. | )(\d{1,2})\2(\d{4}|\d{2})$/
const weekday = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +/i
const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?[-. /]{0,2}([a-z]{3,9})\.?[-. /,]{0,2}(\d{4}|\d{2})$/i
const monthFirst = /^([a-z]{3,9})\.?[- ](\d{1,2})(?:st|nd|rd|th)?(?:, ?| |-)(\d{4}|\d{2})$/i

function day(year: number, month: number, day: number): Day | undefined {
  return dayExists(year, month, day) ? { year, month, day } : undefined
}

/** The parts of 03/04/2024, in the order written; undefined for any other shape. */
export function numericParts(text: string): readonly [string, string, string, sign: string] | undefined {
  const match = numeric.exec(text)
  return match === null ? undefined : [match[1]!, match[3]!, match[4]!, match[2]!]
}

function byOrder(first: string, second: string, third: string, order: DateOrder): Day | undefined {
  if (order === 'ymd')
    return first.length === 2 && third.length === 2 ? day(fullYear(first), +second, +third) : undefined
  return order === 'dmy' ? day(fullYear(third), +second, +first) : day(fullYear(third), +first, +second)
}

/** A day, 'ambiguous' when the order decides and none is named, or undefined. */
export function parseDay(text: string, order?: DateOrder): Day | 'ambiguous' | undefined {
  const first = iso.exec(text)
  if (first !== null) return day(+first[1]!, +first[3]!, +first[4]!)
  const parts = numericParts(text)
  if (parts !== undefined)
    return order === undefined ? 'ambiguous' : byOrder(parts[0], parts[1], parts[2], order)
  const digits = compact.exec(text)
  if (digits !== null) return day(+digits[1]!, +digits[2]!, +digits[3]!)
  return named(text.replace(weekday, ''))
}

function named(text: string): Day | undefined {
  const a = dayFirst.exec(text)
  if (a !== null) return day(fullYear(a[3]!), monthOf(a[2]!) ?? 0, +a[1]!)
  const b = monthFirst.exec(text)
  return b === null ? undefined : day(fullYear(b[3]!), monthOf(b[1]!) ?? 0, +b[2]!)
}

const canonical = /^(\d{4})-(\d\d)-(\d\d)$/
/** A database's "date" with a time that says nothing. */
const midnight = /[T ]00:00(?::00(?:\.0+)?)?(?:Z| ?UTC|[+-]00(?::?00)?)?$/

const ambiguous: Refusal = { code: 'date.ambiguous' }

/** Dates as YYYY-MM-DD. Without an order, 03/04/2024 is refused, never guessed. */
export function dateCleaner(order?: DateOrder): Clean {
  const invalid: Refusal = { code: 'date.invalid', details: { order: orderPhrase(order) } }
  return (text): Cleaned => {
    const plain = canonical.exec(text)
    if (plain !== null) return dayExists(+plain[1]!, +plain[2]!, +plain[3]!) ? text : invalid
    const parsed = parseDay(text.replace(midnight, ''), order)
    if (parsed === 'ambiguous') return ambiguous
    return parsed === undefined ? invalid : dayText(parsed)
  }
}
