// Which days a rule names, and at which times: the calendar part of a schedule, without zones.
import { dayFrom1970, daysSince1970 } from '../clean/calendar.ts'
import { weekdays, type ScheduleRule } from '../setup/schedule.ts'
import { parseCron, type Cron } from './cron.ts'

export interface NamedDay {
  /** Days since 1970-01-01. */
  readonly day: number
  /** The day of the month that this month does not have; then `day` is its last one, and nothing runs. */
  readonly missing?: number
}

export interface CalendarRule {
  /** Minutes of the day, ascending. */
  readonly times: readonly number[]
  /** Readings of the clock follow real time instead of standing for one instant each. */
  readonly realTime: boolean
  /** The first day it names from this one on; null: none within forty years, so never. */
  next(day: number): NamedDay | null
}

/** Nothing is due after this day: bounds every search. */
export const lastDay = daysSince1970({ year: 2400, month: 1, day: 1 })

// A fifth weekday of February comes every 28 years, and every 40 around 2100.
const monthsAhead = 40 * 12 + 1

const weekDays = 7
/** 0 is Monday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % weekDays) + weekDays) % weekDays
}

/** 06:30 in minutes. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** So many times a day, evenly spaced from a time, on whole minutes (BL-04, E13). */
export function timesPerDay(times: number, from: string): number[] {
  const first = minutesOf(from)
  const all = Array.from({ length: times }, (_, k) => (first + Math.floor((k * 1440) / times)) % 1440)
  return all.toSorted((a, b) => a - b)
}

/** The calendar of a rule; every N minutes has none. Throws CronError. */
export function calendarRule(rule: Exclude<ScheduleRule, { kind: 'every' }>): CalendarRule {
  switch (rule.kind) {
    case 'times_per_day':
      return calendar(timesPerDay(rule.times, rule.from), (day) => ({ day }))
    case 'weekdays': {
      const days = new Set(rule.days.map((name) => weekdays.indexOf(name)))
      return calendar([minutesOf(rule.at)], (from) => {
        let day = from
        while (!days.has(weekdayOf(day))) day++
        return { day }
      })
    }
    case 'day_of_month':
      return calendar(
        [minutesOf(rule.at)],
        monthly((month) => [dayOfMonth(month, rule.day, rule.missing === 'last_day')]),
      )
    case 'weekday_of_month': {
      const n = ['last', 'first', 'second', 'third', 'fourth'].indexOf(rule.which)
      const weekday = weekdays.indexOf(rule.day)
      return calendar(
        [minutesOf(rule.at)],
        monthly((month) => [{ day: nthWeekday(month, weekday, n)! }]),
      )
    }
    case 'cron':
      return cronRule(parseCron(rule.expression))
  }
}

function calendar(times: readonly number[], next: CalendarRule['next'], realTime = false): CalendarRule {
  return { times, realTime, next: (day) => (day > lastDay ? null : next(day)) }
}

interface Month {
  readonly month: number
  /** Of its first day. */
  readonly first: number
  readonly days: number
}

function monthFrom(year: number, month: number): Month {
  const first = daysSince1970({ year, month, day: 1 })
  const after = month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 }
  return { month, first, days: daysSince1970(after) - first }
}

/** Goes month by month; `named` gives the days of one, ascending. */
function monthly(named: (month: Month) => readonly NamedDay[]): CalendarRule['next'] {
  return (from) => {
    const start = dayFrom1970(from)
    for (let k = 0; k < monthsAhead; k++) {
      const months = start.month - 1 + k
      const month = monthFrom(start.year + Math.floor(months / 12), (months % 12) + 1)
      const found = named(month).find(({ day }) => day >= from)
      if (found !== undefined) return found
    }
    return null
  }
}

function dayOfMonth({ first, days }: Month, day: number, lastInstead: boolean): NamedDay {
  if (day <= days) return { day: first + day - 1 }
  const last = { day: first + days - 1 }
  return lastInstead ? last : { ...last, missing: day }
}

/** The n-th weekday of a month (0: the last), or undefined: a fifth need not exist. */
function nthWeekday({ first, days }: Month, weekday: number, n: number): number | undefined {
  const one = first + ((weekday - weekdayOf(first) + weekDays) % weekDays)
  const last = one + Math.floor((first + days - 1 - one) / weekDays) * weekDays
  const day = n === 0 ? last : one + (n - 1) * weekDays
  return day <= last ? day : undefined
}

function cronRule(cron: Cron): CalendarRule {
  const everyDay = cron.months.size === 12 && cron.days.any && cron.weekdays.any && cron.days.days.size === 31
  if (everyDay && cron.weekdays.days.size === weekDays)
    return calendar(cron.times, (day) => ({ day }), cron.realTime)
  const next = monthly((month) => (cron.months.has(month.month) ? cronDays(cron, month) : []))
  return calendar(cron.times, next, cron.realTime)
}

/** The days of a month: both fields must fit where one is *, else either (as Vixie cron does). */
function cronDays({ days, weekdays: week }: Cron, month: Month): NamedDay[] {
  const special = new Set(week.nth.map(({ weekday, n }) => nthWeekday(month, (weekday + 6) % weekDays, n)))
  const named: NamedDay[] = []
  for (let n = 1; n <= month.days; n++) {
    const day = month.first + n - 1
    const byDay = days.days.has(n) || (days.last && n === month.days)
    const byWeek = week.days.has((weekdayOf(day) + 1) % weekDays) || special.has(day)
    if (days.any || week.any ? byDay && byWeek : byDay || byWeek) named.push({ day })
  }
  return named
}
