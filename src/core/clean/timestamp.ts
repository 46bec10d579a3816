// Moments: ISO 8601, the column's own date order with a time, and epoch numbers; printed as timestamptz in UTC.
import { dayFrom1970, daysSince1970, dayText, twoDigits, yearMax, yearMin, type Day } from './calendar.ts'
import { orderPhrase, parseDay, type DateOrder } from './date.ts'
import type { Clean, Cleaned, Refusal } from './refusal.ts'
import { localOffset } from './zone.ts'

/** Whole seconds since 1970 and the microseconds after them (0 to 999,999). */
export interface Instant {
  readonly seconds: number
  readonly micros: number
}

const firstSecond = daysSince1970({ year: yearMin, month: 1, day: 1 }) * 86_400
const lastSecond = daysSince1970({ year: yearMax, month: 12, day: 31 }) * 86_400 + 86_399

const ambiguous: Refusal = { code: 'date.ambiguous' }

const isoTime = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?(Z|[+-]\d\d(?::?\d\d)?)?$/
const timePart =
  /(?:T|,? +)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(?: ?([ap])\.?m\.?)?(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?(?:\[[\w/+-]+\])?$/i
const epoch = /^(\d{9,10}|\d{12,13}|\d{15,16})(?:\.(\d{1,12}))?$/
const compact = /^(\d{8})(\d\d)(\d\d)(\d\d)$/

/** Seconds ahead of UTC of `Z`, `+01`, `+0100`, `-08:00`; undefined for an offset no place has. */
function offsetOf(zone: string): number | undefined {
  if (zone.length === 1 || zone[0] === 'U' || zone[0] === 'u' || zone[0] === 'G' || zone[0] === 'g') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0
  if (hours > 15 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60)
}

/** Digits after the point as microseconds; finer ones are cut, as nothing keeps them. */
function microsOf(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 6).padEnd(6, '0'))
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return Number.NaN
  return (hour % 12) + (half === 'p' || half === 'P' ? 12 : 0)
}

type ParsedInstant = Instant | 'ambiguous' | undefined

/** Reads moments of one column. Without a zone in the text, the column's zone counts. */
export function instantParser(order?: DateOrder, timeZone = 'UTC'): (text: string) => ParsedInstant {
  const offsetAt = localOffset(timeZone)
  const at = (
    day: Day,
    hour: number,
    minute: number,
    second: number,
    micros: number,
    zone?: string,
  ): ParsedInstant => {
    if (!(hour < 24 && minute < 60 && second <= 60)) return undefined
    const local = daysSince1970(day) * 86_400 + hour * 3600 + minute * 60 + second
    const offset = zone === undefined ? offsetAt(local) : offsetOf(zone)
    if (offset === undefined) return undefined
    return within({ seconds: local - offset, micros })
  }
  const withTime = (dayText: string, time: RegExpExecArray | null): ParsedInstant => {
    const day = parseDay(dayText, order)
    if (day === 'ambiguous' || day === undefined) return day
    if (time === null) return at(day, 0, 0, 0, 0)
    return at(day, hourOf(+time[1]!, time[5]), +time[2]!, +(time[3] ?? 0), microsOf(time[4]), time[6])
  }
  return (text) => {
    const plain = isoTime.exec(text)
    if (plain !== null) {
      const day = parseDay(text.slice(0, 10))
      if (day === undefined || day === 'ambiguous') return undefined
      return at(day, +plain[4]!, +plain[5]!, +plain[6]!, microsOf(plain[7]), plain[8])
    }
    const digits = compact.exec(text)
    if (digits !== null) {
      const day = parseDay(digits[1]!)
      return typeof day === 'object' ? at(day, +digits[2]!, +digits[3]!, +digits[4]!, 0) : undefined
    }
    if (epoch.test(text)) return fromEpoch(text)
    const time = timePart.exec(text)
    return withTime(time === null ? text : text.slice(0, time.index), time)
  }
}

function within(instant: Instant): Instant | undefined {
  return instant.seconds >= firstSecond && instant.seconds <= lastSecond ? instant : undefined
}

/** Seconds (9–10 digits), milliseconds (12–13) or microseconds (15–16) since 1970: no other date has that many digits. */
function fromEpoch(text: string): Instant | undefined {
  const match = epoch.exec(text)!
  const whole = match[1]!
  const unit = whole.length <= 10 ? 0 : whole.length <= 13 ? 3 : 6
  const seconds = Number(whole.slice(0, whole.length - unit))
  return within({
    seconds,
    micros: microsOf(whole.slice(whole.length - unit) + (match[2] ?? '') || undefined),
  })
}

/** timestamptz as PostgreSQL prints it with TimeZone UTC: `2024-01-02 03:04:05.12+00`. */
export function timestampText({ seconds, micros }: Instant): string {
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  const hour = Math.floor(rest / 3600)
  const minute = Math.floor(rest / 60) % 60
  const clock = `${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(rest % 60)}`
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
  return `${dayText(dayFrom1970(days))} ${clock}${fraction}+00`
}

/** Microseconds since 1970. Exact until the year 2255. */
export function microsOfInstant({ seconds, micros }: Instant): number {
  return seconds * 1e6 + micros
}

/** Why a moment was refused. */
export function instantRefusal(parsed: 'ambiguous' | undefined, order?: DateOrder): Refusal {
  return parsed === 'ambiguous'
    ? ambiguous
    : { code: 'timestamp.invalid', details: { order: orderPhrase(order) } }
}

export function timestampCleaner(order?: DateOrder, timeZone?: string): Clean {
  const parse = instantParser(order, timeZone)
  return (text): Cleaned => {
    const parsed = parse(text)
    return typeof parsed === 'object' ? timestampText(parsed) : instantRefusal(parsed, order)
  }
}
