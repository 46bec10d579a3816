// Dates written after a pattern (dd.MM.yyyy HH:mm) become ISO 8601, so that nothing about their order is guessed.
import { dayExists, dayText, fullYear, monthOf, twoDigits } from '../clean/calendar.ts'

type Field =
  | 'year'
  | 'shortYear'
  | 'month'
  | 'monthName'
  | 'day'
  | 'hour'
  | 'half'
  | 'minute'
  | 'second'
  | 'fraction'

/** Longest first: `MMM` is not `MM` and `M`. */
const tokens: readonly (readonly [string, Field, string])[] = [
  ['yyyy', 'year', '(\\d{4})'],
  ['yy', 'shortYear', '(\\d{2})'],
  ['MMMM', 'monthName', '([A-Za-z]{3,9})\\.?'],
  ['MMM', 'monthName', '([A-Za-z]{3,9})\\.?'],
  ['MM', 'month', '(\\d{2})'],
  ['M', 'month', '(\\d{1,2})'],
  ['dd', 'day', '(\\d{2})'],
  ['d', 'day', '(\\d{1,2})'],
  ['HH', 'hour', '(\\d{2})'],
  ['H', 'hour', '(\\d{1,2})'],
  ['hh', 'hour', '(\\d{2})'],
  ['h', 'hour', '(\\d{1,2})'],
  ['mm', 'minute', '(\\d{2})'],
  ['m', 'minute', '(\\d{1,2})'],
  ['ss', 'second', '(\\d{2})'],
  ['SSS', 'fraction', '(\\d{1,6})'],
  ['s', 'second', '(\\d{1,2})'],
  ['a', 'half', '([AaPp])\\.?[Mm]\\.?'],
]

/** Why a pattern is not taken. */
export class DatePatternFault extends Error {}

/**
 * Compiles a pattern: y year, M month (MMM its English name), d day, H hour, h hour with a for AM and PM, m minute, s second,
 * S fraction; words in '…' mean themselves. Answers null for a text that does not fit or a day that does not exist.
 * Throws `DatePatternFault`.
 */
export function datePattern(pattern: string): (text: string) => string | null {
  const { fields, source, twelve } = readPattern(pattern)
  const expression = new RegExp(`^${source}$`)
  const hasTime = fields.includes('hour')
  return (text) => {
    const match = expression.exec(text)
    if (match === null) return null
    const found: Partial<Record<Field, string>> = {}
    fields.forEach((field, i) => {
      found[field] = match[i + 1]!
    })
    return isoOf(found, hasTime, twelve)
  }
}

function readPattern(pattern: string): { fields: Field[]; source: string; twelve: boolean } {
  const fields: Field[] = []
  let source = ''
  for (let at = 0; at < pattern.length;) {
    const quoted = /^'([^']*)'/.exec(pattern.slice(at))
    const token = tokens.find(([letters]) => pattern.startsWith(letters, at))
    if (quoted !== null) {
      source += plain(quoted[1]!)
      at += quoted[0].length
    } else if (token !== undefined) {
      fields.push(token[1])
      source += token[2]
      at += token[0].length
    } else if (/[A-Za-z']/.test(pattern[at]!)) {
      throw new DatePatternFault(
        `"${pattern[at]}" means nothing; words that stand for themselves go into '…'`,
      )
    } else {
      source += pattern[at] === ' ' ? ' +' : plain(pattern[at]!)
      at++
    }
  }
  requireFields(fields)
  return { fields, source, twelve: /h/.test(pattern.replace(/'[^']*'/g, '')) }
}

/** A text as a part of a regular expression that means itself. */
function plain(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

function requireFields(fields: readonly Field[]): void {
  const has = (...names: Field[]): boolean => names.some((name) => fields.includes(name))
  if (new Set(fields).size < fields.length) throw new DatePatternFault('something stands in it twice')
  if (!has('year', 'shortYear')) throw new DatePatternFault('it has no year (yyyy)')
  if (!has('month', 'monthName')) throw new DatePatternFault('it has no month (MM)')
  if (!has('day')) throw new DatePatternFault('it has no day (dd)')
  if (has('minute', 'second', 'half') && !has('hour')) throw new DatePatternFault('it has no hour (HH)')
}

function isoOf(found: Partial<Record<Field, string>>, hasTime: boolean, twelve: boolean): string | null {
  const year = found.year === undefined ? fullYear(found.shortYear!) : Number(found.year)
  const month = found.month === undefined ? (monthOf(found.monthName!) ?? 0) : Number(found.month)
  const day = Number(found.day)
  if (!dayExists(year, month, day)) return null
  const date = dayText({ year, month, day })
  if (!hasTime) return date
  const hour = hourOf(Number(found.hour), found.half, twelve)
  const minute = Number(found.minute ?? 0)
  const second = Number(found.second ?? 0)
  if (hour === null || minute > 59 || second > 59) return null
  const fraction = found.fraction === undefined ? '' : `.${found.fraction}`
  return `${date}T${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}${fraction}`
}

function hourOf(hour: number, half: string | undefined, twelve: boolean): number | null {
  if (!twelve || half === undefined) return hour > 23 ? null : hour
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}
