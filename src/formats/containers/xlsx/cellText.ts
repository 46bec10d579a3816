// The text of a number cell: dates and times as ISO 8601, numbers in full without exponents.
import type { Look } from './styles.ts'

const dayMillis = 86_400_000
/** Days of a workbook's count between its first day and 1970-01-01. */
const epochDays = { from1900: 25_569, from1904: 24_107 } as const
/** 9999-12-31, the last day a spreadsheet knows. */
const lastDay = { from1900: 2_958_465, from1904: 2_957_003 } as const

/** The text of a number as it is written in the file, under the look of its cell. */
export function cellText(written: string, look: Look, from1904: boolean): string {
  if (look === 'number') return plainNumber(written)
  const value = Number(written)
  // Day 0 is what a reference to an empty cell shows (00.01.1900): nothing.
  if (value === 0 && !from1904 && (look === 'date' || look === 'moment')) return ''
  if (typeof look === 'object')
    return Number.isSafeInteger(value) && value >= 0
      ? String(value).padStart(look.zeros, '0')
      : plainNumber(written)
  return momentText(value, look, from1904) ?? plainNumber(written)
}

/** The shortest text that means the same number, digit by digit: an id must never become 1.2E+15. */
export function plainNumber(written: string): string {
  const trimmed = written.trim()
  // More digits than a number of a computer holds: written by a program that knew them all.
  if (/^-?\d+$/.test(trimmed)) return trimmed
  const value = Number(trimmed)
  if (trimmed === '' || !Number.isFinite(value)) return trimmed
  return expanded(String(value))
}

/** `1.5e-7` → `0.00000015` */
export function expanded(text: string): string {
  const [, sign = '', whole = '', part = '', exponent = ''] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]?\d+)$/.exec(text) ?? []
  if (exponent === '') return text
  const digits = whole + part
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return sign + digits.padEnd(point, '0')
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Null for a number that is no date or time that a spreadsheet could show. */
function momentText(value: number, look: 'date' | 'moment' | 'time', from1904: boolean): string | null {
  const last = from1904 ? lastDay.from1904 : lastDay.from1900
  if (!(value >= 0 && value < last + 1)) return null
  // Nobody enters less than a millisecond; the rest is what a fraction of a day cannot hold exactly.
  const millis = Math.round(value * dayMillis)
  const days = Math.floor(millis / dayMillis)
  const rest = millis - days * dayMillis
  if (look === 'time' || (look === 'moment' && days === 0 && rest > 0)) return timeText(millis)
  const date = dateText(days, from1904)
  return look === 'date' && rest === 0 ? date : `${date}T${timeText(rest)}`
}

/** A sheet has the same few thousand days again and again. */
const datesKept = 50_000
const dates = new Map<number, string>()

function dateText(days: number, from1904: boolean): string {
  // 1900 had no 29 February, which spreadsheets count all the same: earlier days are one further on.
  const phantom = !from1904 && days < 60 ? 1 : 0
  const epoch = from1904 ? epochDays.from1904 : epochDays.from1900
  const day = days + phantom - epoch
  let text = dates.get(day)
  if (text === undefined) {
    text = new Date(day * dayMillis).toISOString().slice(0, 10)
    if (dates.size < datesKept) dates.set(day, text)
  }
  return text
}

/** Hours may be more than 24: a duration. */
function timeText(millis: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')
  const seconds = millis / 1000
  const whole = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  const part = millis % 1000
  return part === 0 ? whole : `${whole}.${String(part).padStart(3, '0')}`
}
