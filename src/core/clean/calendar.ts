// Days and months: the proleptic Gregorian calendar, as PostgreSQL and ISO 8601 count it.

export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Years outside are refused: they are typing errors, and their texts would need BC and five digits. */
export const yearMin = 1
export const yearMax = 9999

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** True for a day that exists, within the years we take. */
export function dayExists(year: number, month: number, day: number): boolean {
  if (year < yearMin || year > yearMax || month < 1 || month > 12 || day < 1) return false
  return day <= (month === 2 && isLeap(year) ? 29 : monthDays[month - 1]!)
}

const two = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))

/** A number below 100 as two digits. */
export function twoDigits(n: number): string {
  return two[n]!
}

/** YYYY-MM-DD. */
export function dayText({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

/** Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms": eras of 400 years from March). */
export function daysSince1970({ year, month, day }: Day): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  )
}

/** The inverse of `daysSince1970`. */
export function dayFrom1970(days: number): Day {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  )
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const
const months = new Map<string, number>([['sept', 9]])
for (const [i, name] of monthNames.entries()) months.set(name, i + 1).set(name.slice(0, 3), i + 1)

/** 1 to 12 for an English month name or its first three letters, else undefined. */
export function monthOf(word: string): number | undefined {
  return months.get(word.toLowerCase())
}

/** January for 1. */
export function monthName(month: number): string {
  const name = monthNames[month - 1]!
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

/** Two-digit years as spreadsheets read them: 00–29 are 20xx, 30–99 are 19xx (birthdays reach back far). */
export function fullYear(digits: string): number {
  const year = Number(digits)
  return digits.length > 2 ? year : year < 30 ? 2000 + year : 1900 + year
}
