// Schedules, spans and instants in words.
import { twoDigits } from '../clean/calendar.ts'
import type { Quiet } from '../setup/policies.ts'
import type { Schedule, ScheduleRule } from '../setup/schedule.ts'
import { timesPerDay } from './days.ts'
import { zoneClock } from './zone.ts'

const minute = 60_000
const day = 86_400_000

/** Times of the day that are told one by one; more are told by their distance. */
const timesTold = 4

/** "Mondays and Fridays at 01:30, Europe/Vienna, until 2027-01-01 00:00". */
export function scheduleSentence(schedule: Schedule, zone: string): string {
  const { start, end, rule } = schedule
  const bounds = [
    ...(start === null ? [] : [`from ${localText(Date.parse(start), zone)}`]),
    ...(end === null ? [] : [`until ${localText(Date.parse(end), zone)}`]),
  ]
  const zoned = rule.kind === 'every' && bounds.length === 0 ? [] : [zone]
  return [ruleSentence(rule), ...zoned, ...bounds].join(', ')
}

/** `22:00 to 06:00, Europe/Vienna`. `zone`: of the schedule or the namespace. */
export function quietText(quiet: Quiet, zone: string): string {
  return `${quiet.from} to ${quiet.to}, ${quiet.zone ?? zone}`
}

function ruleSentence(rule: ScheduleRule): string {
  switch (rule.kind) {
    case 'times_per_day':
      return timesSentence(rule.times, rule.from)
    case 'weekdays':
      return `${daysSentence(rule.days)} at ${rule.at}`
    case 'day_of_month': {
      const missing = rule.missing === 'last_day' ? 'or the last day' : 'not in months without it'
      return `Monthly on day ${rule.day}${rule.day > 28 ? ` (${missing})` : ''} at ${rule.at}`
    }
    case 'weekday_of_month':
      return `On the ${rule.which} ${titled(rule.day)} of the month at ${rule.at}`
    case 'every':
      return rule.minutes === 1 ? 'Every minute' : `Every ${spanText(rule.minutes * 60)}`
    case 'cron':
      return `Cron ${rule.expression}`
  }
}

function timesSentence(times: number, from: string): string {
  if (times === 1) return `Daily at ${from}`
  const all = timesPerDay(times, from).map((n) => `${twoDigits(Math.floor(n / 60))}:${twoDigits(n % 60)}`)
  if (times <= timesTold) return `Daily at ${joined(all)}`
  return `${times} times a day from ${from} on, every ${spanText(Math.round(1440 / times) * 60)}`
}

function daysSentence(days: readonly string[]): string {
  const all = [...new Set(days)]
  if (all.length === 7) return 'Daily'
  const weekend = (name: string): boolean => name.startsWith('s')
  if (all.length === 5 && !all.some(weekend)) return 'Mondays to Fridays'
  return joined(all.map((name) => `${titled(name)}s`))
}

function titled(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}

function joined(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)!}`
}

const spans = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** 5400 seconds → "1 hour 30 minutes"; the two largest parts. */
export function spanText(seconds: number): string {
  let rest = Math.round(seconds)
  const parts: string[] = []
  for (const [name, size] of spans) {
    const n = Math.floor(rest / size)
    rest -= n * size
    if (n > 0) parts.push(`${n} ${name}${n === 1 ? '' : 's'}`)
  }
  return parts.slice(0, 2).join(' ') || '0 seconds'
}

/** A reading of the wall clock (milliseconds as if it were UTC): 2026-03-29 02:30. */
export function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16).replace('T', ' ')
}

/** An instant on the clocks of a zone: 2026-03-29 03:30. */
export function localText(at: number, zone: string): string {
  return wallText(zoneClock(zone).wall(at))
}

/** An instant with the zone's offset, ISO 8601: 2026-03-29T03:30:00+02:00. */
export function offsetText(at: number, zone: string): string {
  const { offset } = zoneClock(zone).at(at)
  const minutes = Math.abs(Math.round(offset / minute))
  const sign = offset < 0 ? '-' : '+'
  const ahead = `${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
  return new Date(at + offset).toISOString().slice(0, 19) + ahead
}

const shortDays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** The weekday of a reading of the wall clock: Mon. */
export function weekdayText(wall: number): string {
  return shortDays[(((Math.floor(wall / day) + 3) % 7) + 7) % 7]!
}
