// Cron expressions of five fields, read as Vixie cron reads them, with L and # for the days that months do not share.
import { weekdays } from '../setup/schedule.ts'

export interface Cron {
  /** Minutes of the day, ascending. */
  readonly times: readonly number[]
  /** Minutes or hours begin with *: it follows real time, so a repeated hour counts twice and a missing one not at all. */
  readonly realTime: boolean
  readonly months: ReadonlySet<number>
  readonly days: DayField
  readonly weekdays: WeekdayField
}

interface DayField {
  readonly any: boolean
  readonly days: ReadonlySet<number>
  readonly last: boolean
}

interface WeekdayField {
  readonly any: boolean
  /** 0 is Sunday. */
  readonly days: ReadonlySet<number>
  /** The n-th of the month; 0: the last. */
  readonly nth: readonly { readonly weekday: number; readonly n: number }[]
}

/** What is wrong, and at which character (from 1). */
export class CronError extends Error {
  readonly position: number
  constructor(position: number, message: string) {
    super(message)
    this.position = position
  }
}

interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
  /** The number of the first name. */
  readonly first: number
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
// Monday is 1; Sunday is 0, and 7 as well.
const dayNames = weekdays.map((name) => name.slice(0, 3))

const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, names: [], first: 0 },
  { name: 'hour', min: 0, max: 23, names: [], first: 0 },
  { name: 'day of the month', min: 1, max: 31, names: [], first: 0 },
  { name: 'month', min: 1, max: 12, names: monthNames, first: 1 },
  { name: 'weekday', min: 0, max: 7, names: dayNames, first: 1 },
]

const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

interface Part {
  readonly text: string
  /** Of its first character, from 1. */
  readonly at: number
}

/** Reads an expression; throws CronError. */
export function parseCron(expression: string): Cron {
  const parts = [...(nicknames[expression.trim().toLowerCase()] ?? expression).matchAll(/\S+/g)].map(
    (match): Part => ({ text: match[0].toLowerCase(), at: match.index + 1 }),
  )
  if (parts[0]?.text.startsWith('@') === true)
    throw new CronError(parts[0].at, `known are ${Object.keys(nicknames).join(', ')}`)
  if (parts.length !== 5) throw countError(parts, expression)
  const [minute, hour, day, month, weekday] = parts as [Part, Part, Part, Part, Part]
  const hours = values(hour, fields[1]!)
  const minutes = values(minute, fields[0]!)
  return {
    times: hours.flatMap((h) => minutes.map((m) => h * 60 + m)),
    realTime: minute.text.startsWith('*') || hour.text.startsWith('*'),
    months: new Set(values(month, fields[3]!)),
    days: dayField(day),
    weekdays: weekdayField(weekday),
  }
}

function countError(parts: readonly Part[], expression: string): CronError {
  const six = parts.length === 6 ? ' (schedules have no seconds)' : ''
  return new CronError(
    parts[5]?.at ?? expression.length + 1,
    `five fields are needed, minute hour day month weekday, and there are ${parts.length}${six}`,
  )
}

/** The pieces between commas, with their places. */
function pieces({ text, at }: Part): Part[] {
  let position = at
  return text.split(',').map((piece) => {
    const part = { text: piece, at: position }
    position += piece.length + 1
    return part
  })
}

/** Ascending, without doubles. */
function values(part: Part, field: Field): number[] {
  return [...new Set(pieces(part).flatMap((piece) => range(piece, field)))].toSorted((a, b) => a - b)
}

function range({ text, at }: Part, field: Field): number[] {
  const match = /^([^/-]+)(?:-([^/-]+))?(?:\/(.+))?$/.exec(text)
  if (match === null)
    throw new CronError(at, text === '' ? 'there is nothing here' : `"${text}" is no ${field.name}`)
  const [, from = '', to, every] = match
  const step = every === undefined ? 1 : Number(every)
  if (!Number.isInteger(step) || step < 1 || !/^\d+$/.test(every ?? '1'))
    throw new CronError(at + text.indexOf('/') + 1, `after / comes a number from 1, not "${every}"`)
  if (from === '*' && to !== undefined) throw new CronError(at, `"${text}" is no ${field.name}`)
  const low = from === '*' ? field.min : value(from, at, field)
  const single = every === undefined ? low : field.max
  const high = from === '*' ? field.max : to === undefined ? single : value(to, at + from.length + 1, field)
  if (high < low) throw new CronError(at, `the range ${text} ends before it begins`)
  const all: number[] = []
  for (let n = low; n <= high; n += step) all.push(n)
  return all
}

function value(text: string, at: number, { name, min, max, names, first }: Field): number {
  const named = names.indexOf(text)
  const number = named === -1 ? Number(text) : named + first
  const written = named !== -1 || /^\d{1,2}$/.test(text)
  if (!written || number < min || number > max) {
    const example =
      names.length === 0 ? '' : ` or ${names[0]!.toUpperCase()} to ${names.at(-1)!.toUpperCase()}`
    throw new CronError(at, `"${text}" is no ${name}; it goes from ${min} to ${max}${example}`)
  }
  return number
}

/** Every part that is * or ?, or begins so. */
function isAny({ text }: Part): boolean {
  return text.startsWith('*') || text === '?'
}

function dayField(part: Part): DayField {
  if (part.text === '?') return dayField({ ...part, text: '*' })
  const plain = pieces(part).filter(({ text }) => text !== 'l')
  return {
    any: isAny(part),
    days: new Set(plain.flatMap((piece) => range(piece, fields[2]!))),
    last: plain.length < pieces(part).length,
  }
}

function weekdayField(part: Part): WeekdayField {
  if (part.text === '?') return weekdayField({ ...part, text: '*' })
  const nth: { weekday: number; n: number }[] = []
  const days = pieces(part).flatMap((piece) => {
    const special = /^([^#]+)(?:#(.*)|l)$/.exec(piece.text)
    if (special === null) return range(piece, fields[4]!)
    const [, name = '', number] = special
    const weekday = value(name, piece.at, fields[4]!) % 7
    if (number !== undefined && !/^[1-5]$/.test(number))
      throw new CronError(piece.at + name.length + 1, `after # comes a number from 1 to 5, not "${number}"`)
    nth.push({ weekday, n: number === undefined ? 0 : Number(number) })
    return []
  })
  return { any: isAny(part), days: new Set(days.map((day) => day % 7)), nth }
}
