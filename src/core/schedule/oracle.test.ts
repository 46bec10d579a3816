// Every kind of schedule against brute force: ten zones and more, decades of days, no difference.
import { Cron as Croner } from 'croner'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { campaign } from '../../../test/support/campaign.ts'
import { dueByOracle, type OracleRule } from '../../../test/support/scheduleOracle.ts'
import { scheduleSchema, type ScheduleRule } from '../setup/schedule.ts'
import { lastOccurrence, occurrences, type Timing } from './occurrences.ts'

const zones = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Africa/Cairo',
  'America/Nuuk',
  'Asia/Gaza',
]

type Case = readonly [rule: ScheduleRule, oracle: OracleRule]

const at = (hours: number, minutes = 0): number => hours * 60 + minutes
const every = (step: number, from = 0, to = 1440): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, k) => from + k * step)
const always = (): boolean => true

/** All times are multiples of a quarter of an hour. */
const quarters: readonly Case[] = [
  [
    { kind: 'times_per_day', times: 3, from: '02:30' },
    { day: always, minutes: [at(2, 30), at(10, 30), at(18, 30)] },
  ],
  [
    { kind: 'times_per_day', times: 96, from: '00:00' },
    { day: always, minutes: every(15) },
  ],
  [
    { kind: 'weekdays', days: ['monday', 'friday'], at: '01:30' },
    { day: ({ weekday }) => weekday === 1 || weekday === 5, minutes: [at(1, 30)] },
  ],
  [
    { kind: 'weekdays', days: ['sunday'], at: '00:15' },
    { day: ({ weekday }) => weekday === 0, minutes: [15] },
  ],
  [
    { kind: 'weekdays', days: ['sunday', 'saturday'], at: '23:45' },
    { day: ({ weekday }) => weekday % 6 === 0, minutes: [at(23, 45)] },
  ],
  [
    { kind: 'day_of_month', day: 31, at: '02:15', missing: 'skip' },
    { day: ({ day }) => day === 31, minutes: [at(2, 15)] },
  ],
  [
    { kind: 'day_of_month', day: 30, at: '00:00', missing: 'last_day' },
    { day: ({ day, days }) => day === Math.min(30, days), minutes: [0] },
  ],
  [
    { kind: 'weekday_of_month', which: 'last', day: 'sunday', at: '02:00' },
    { day: ({ weekday, day, days }) => weekday === 0 && day > days - 7, minutes: [at(2)] },
  ],
  [
    { kind: 'weekday_of_month', which: 'second', day: 'sunday', at: '02:30' },
    { day: ({ weekday, day }) => weekday === 0 && day > 7 && day <= 14, minutes: [at(2, 30)] },
  ],
  [
    { kind: 'cron', expression: '30 1,2 * * SUN' },
    { day: ({ weekday }) => weekday === 0, minutes: [at(1, 30), at(2, 30)] },
  ],
  [
    { kind: 'cron', expression: '*/15 0-2 * * *' },
    { day: always, minutes: every(15, 0, 180), realTime: true },
  ],
  [
    { kind: 'cron', expression: '45 * 25-31 MAR,OCT,APR *' },
    {
      day: ({ day, month }) => day >= 25 && [3, 4, 10].includes(month),
      minutes: every(60, 45),
      realTime: true,
    },
  ],
  [
    { kind: 'cron', expression: '15 3 L 2,11 *' },
    { day: ({ day, days, month }) => day === days && (month === 2 || month === 11), minutes: [at(3, 15)] },
  ],
  [
    { kind: 'cron', expression: '0 0 13 * FRI' },
    { day: ({ day, weekday }) => day === 13 || weekday === 5, minutes: [0] },
  ],
  [
    { kind: 'cron', expression: '30 2 * * 0#1,0L' },
    { day: ({ day, days, weekday }) => weekday === 0 && (day <= 7 || day > days - 7), minutes: [at(2, 30)] },
  ],
]

/** To be looked at minute by minute. */
const minutes: readonly Case[] = [
  [
    { kind: 'times_per_day', times: 7, from: '23:50' },
    { day: always, minutes: [1430, 195, 401, 607, 812, 1018, 1224].map((n) => n % 1440) },
  ],
  [
    { kind: 'cron', expression: '*/7 * * * *' },
    { day: always, minutes: every(60).flatMap((h) => every(7, h, h + 60)), realTime: true },
  ],
  [
    { kind: 'cron', expression: '1,59 0,23 * * *' },
    { day: always, minutes: [1, 59, at(23, 1), at(23, 59)] },
  ],
  [
    { kind: 'day_of_month', day: 31, at: '23:31', missing: 'last_day' },
    { day: ({ day, days }) => day === days, minutes: [at(23, 31)] },
  ],
]

function timing(rule: ScheduleRule, zone: string): Timing {
  return { schedule: scheduleSchema.parse({ rule, zone }), zone, activation: 0 }
}

function dueBetween(rule: ScheduleRule, zone: string, [from, to]: readonly [number, number]): number[] {
  const all: number[] = []
  for (const one of occurrences(timing(rule, zone), from)) {
    if (one.at >= to) break
    if (one.mark !== 'skipped') all.push(one.at)
  }
  return all
}

const iso = (all: readonly number[]): string[] => all.map((n) => new Date(n).toISOString())

/** The first place at which two lists part; -1: nowhere. */
function firstDifference(one: readonly number[], other: readonly number[]): number {
  const length = Math.max(one.length, other.length)
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return i
  return -1
}

/** What was found beside what should have been, where the two part; empty: nowhere. */
function differences(
  zone: string,
  cases: readonly Case[],
  range: readonly [number, number],
  step?: number,
): object[] {
  const rules = cases.map(([, oracle]) => oracle)
  const expected = dueByOracle(zone, rules, range, step)
  return cases.flatMap(([rule], i) => {
    const [found, should] = [dueBetween(rule, zone, range), expected[i]!]
    const wrong = firstDifference(found, should)
    const near = (all: readonly number[]): string[] => iso(all.slice(Math.max(0, wrong - 1), wrong + 3))
    return wrong === -1 ? [] : [{ rule, found: near(found), should: near(should) }]
  })
}

const [firstYear, lastYear] = [
  2026 - Math.ceil(campaign.scheduleYears / 2),
  2026 + Math.floor(campaign.scheduleYears / 2),
]
const decades = [Date.UTC(firstYear, 0, 1), Date.UTC(lastYear, 0, 1)] as const

describe('BL-03 BL-27 E20: due when brute force says so', () => {
  test.each(zones)(`%s, ${firstYear} to ${lastYear}`, (zone) => {
    expect(differences(zone, quarters, decades)).toEqual([])
  })

  test.each([
    ['America/St_Johns', 2006],
    ['Australia/Lord_Howe', 2026],
    ['Asia/Kathmandu', 1985],
    ['Pacific/Apia', 2011],
    ['America/Nuuk', 2024],
  ])('%s %i, minute by minute', (zone, year) => {
    const range = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 1, 1)] as const
    expect(differences(zone, minutes, range, 60_000)).toEqual([])
  })
})

test('cron expressions mean what croner reads in them', () => {
  const number = (min: number, max: number) => fc.integer({ min, max })
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      number(min, max).map(String),
      fc
        .tuple(number(min, max), number(min, max), number(1, 6))
        .map(([a, b, step]) => `${Math.min(a, b)}-${Math.max(a, b)}/${step}`),
      fc.uniqueArray(number(min, max), { minLength: 1, maxLength: 4 }).map((all) => all.join(',')),
    )
  const expression = fc
    .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
    .map((fields) => fields.join(' '))
  const from = Date.UTC(2026, 10, 21)
  fc.assert(
    fc.property(expression, (text) => {
      const expected = new Croner(text, { timezone: 'UTC' })
        .nextRuns(6, new Date(from))
        .map((one) => one.getTime())
      const found: number[] = []
      for (const one of occurrences(timing({ kind: 'cron', expression: text }, 'UTC'), from + 1)) {
        if (found.push(one.at) === expected.length || expected.length === 0) break
      }
      expect(iso(found)).toEqual(iso(expected))
    }),
    { seed: campaign.seed, numRuns: 500 },
  )
})

test('every N minutes counts real time from its anchor, across clock changes', () => {
  const schedule = scheduleSchema.parse({ rule: { kind: 'every', minutes: 45 } })
  const activation = Date.UTC(2026, 2, 28, 12, 7, 41)
  const found: number[] = []
  for (const { at: due } of occurrences({ schedule, zone: 'Europe/Vienna', activation }, activation)) {
    found.push(due)
    if (found.length === 100) break
  }
  expect(found[0]).toBe(Date.UTC(2026, 2, 28, 12, 52))
  expect(new Set(found.slice(1).map((due, i) => due - found[i]!))).toEqual(new Set([45 * 60_000]))
})

test('the last occurrence before an instant is the last of all before it', () => {
  const rules = [...quarters, ...minutes].map(([rule]) => rule)
  fc.assert(
    fc.property(
      fc.constantFrom(...rules),
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 2_000_000 }),
      (rule, zone, n) => {
        const to = Date.UTC(2026, 0, 1) + n * 60_000
        const from = to - 40 * 86_400_000
        expect(lastOccurrence(timing(rule, zone), from, to)?.at).toBe(
          dueBetween(rule, zone, [from, to + 1]).at(-1),
        )
      },
    ),
    { seed: campaign.seed, numRuns: 200 },
  )
})
