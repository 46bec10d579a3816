// What people see of a schedule: its sentence, the next runs with what is special about them, and what is refused.
import { describe, expect, test } from 'vitest'
import { adviceFor } from '../problems.ts'
import { scheduleSchema, type ScheduleRule } from '../setup/schedule.ts'
import { densityProblem, nextRuns, scheduleProblem } from './preview.ts'
import { scheduleSentence, spanText } from './words.ts'

const vienna = 'Europe/Vienna'
const now = Date.parse('2026-11-21T06:30:00Z')

function timing(rule: ScheduleRule, zone: string, bounds: { start?: string; end?: string } = {}) {
  return { schedule: scheduleSchema.parse({ rule, ...bounds }), zone, activation: now }
}

/** Local times with what is said about them; `–` where nothing runs. */
function next(rule: ScheduleRule, zone: string, after: string, count: number): string[] {
  return nextRuns(timing(rule, zone), Date.parse(after), count).map(({ local, note, runs }) =>
    [runs ? local : '–', ...(note === null ? [] : [note.code])].join(' '),
  )
}

describe('the next runs', () => {
  const cases: [string, ScheduleRule, string, string, string[]][] = [
    [
      'BL-04 E13: so many times a day, evenly spaced',
      { kind: 'times_per_day', times: 3, from: '06:00' },
      vienna,
      '2026-11-21T06:30:00Z',
      ['2026-11-21T14:00:00+01:00', '2026-11-21T22:00:00+01:00', '2026-11-22T06:00:00+01:00'],
    ],
    [
      'BL-06: Mondays and Fridays at 1:30',
      { kind: 'weekdays', days: ['monday', 'friday'], at: '01:30' },
      'Europe/London',
      '2026-11-21T06:30:00Z',
      ['2026-11-23T01:30:00+00:00', '2026-11-27T01:30:00+00:00', '2026-11-30T01:30:00+00:00'],
    ],
    [
      'BL-07 BL-08 E11: day 31 is skipped, visibly, where there is none',
      { kind: 'day_of_month', day: 31, at: '09:00', missing: 'skip' },
      vienna,
      '2027-01-15T00:00:00Z',
      [
        '2027-01-31T09:00:00+01:00',
        '– schedule.no_such_day',
        '2027-03-31T09:00:00+02:00',
        '– schedule.no_such_day',
      ],
    ],
    [
      'E11: or the last day is taken',
      { kind: 'day_of_month', day: 31, at: '09:00', missing: 'last_day' },
      vienna,
      '2028-02-01T00:00:00Z',
      ['2028-02-29T09:00:00+01:00', '2028-03-31T09:00:00+02:00', '2028-04-30T09:00:00+02:00'],
    ],
    [
      'BL-09 E12: the last Friday of the month',
      { kind: 'weekday_of_month', which: 'last', day: 'friday', at: '18:00' },
      'America/New_York',
      '2026-11-21T06:30:00Z',
      ['2026-11-27T18:00:00-05:00', '2026-12-25T18:00:00-05:00', '2027-01-29T18:00:00-05:00'],
    ],
    [
      'E20: a time that does not exist runs later by the gap',
      { kind: 'weekdays', days: ['sunday'], at: '02:30' },
      vienna,
      '2027-03-22T00:00:00Z',
      ['2027-03-28T03:30:00+02:00 schedule.clock_forward', '2027-04-04T02:30:00+02:00'],
    ],
    [
      'E20: a time that occurs twice runs once',
      { kind: 'weekdays', days: ['sunday'], at: '02:30' },
      vienna,
      '2026-10-20T00:00:00Z',
      ['2026-10-25T02:30:00+02:00 schedule.clock_back', '2026-11-01T02:30:00+01:00'],
    ],
    [
      'E20: minutes with * follow real time',
      { kind: 'cron', expression: '*/30 2 * * *' },
      vienna,
      '2026-10-24T22:00:00Z',
      [
        '2026-10-25T02:00:00+02:00',
        '2026-10-25T02:30:00+02:00',
        '2026-10-25T02:00:00+01:00',
        '2026-10-25T02:30:00+01:00',
        '2026-10-26T02:00:00+01:00',
      ],
    ],
    [
      'a Friday that a zone left out is the day after',
      { kind: 'weekdays', days: ['friday'], at: '08:00' },
      'Pacific/Apia',
      '2011-12-26T00:00:00Z',
      ['2011-12-31T08:00:00+14:00 schedule.clock_forward', '2012-01-06T08:00:00+14:00'],
    ],
    [
      'a fifth Monday of February is found however far it is',
      { kind: 'cron', expression: '0 0 * 2 MON#5' },
      'UTC',
      '2072-03-01T00:00:00Z',
      ['2112-02-29T00:00:00+00:00'],
    ],
  ]
  test.each(cases)('%s', (_, rule, zone, after, expected) => {
    expect(next(rule, zone, after, expected.length)).toEqual(expected)
  })

  test('the first and the last instant belong to it', () => {
    const bounds = { start: '2026-12-01T05:00:00Z', end: '2026-12-01T05:30:00Z' }
    const runs = nextRuns(timing({ kind: 'every', minutes: 15 }, 'UTC', bounds), now, 10)
    expect(runs.map(({ at }) => at.slice(11, 16))).toEqual(['05:00', '05:15', '05:30'])
  })
})

test('BL-08: what is skipped says why and what to do', () => {
  const { schedule, zone } = timing({ kind: 'day_of_month', day: 31, at: '09:00', missing: 'skip' }, vienna)
  const [, skipped] = nextRuns({ schedule, zone, activation: now }, Date.parse('2027-01-15T00:00:00Z'), 2)
  expect(skipped?.note?.message).toBe('There is no 31 February 2027, so nothing runs in that month.')
  expect(adviceFor(skipped!.note!)).toContain('--day-of-month last')
})

test.each<[ScheduleRule, string]>([
  [{ kind: 'times_per_day', times: 1, from: '06:00' }, 'Daily at 06:00, Europe/Vienna'],
  [{ kind: 'times_per_day', times: 3, from: '06:00' }, 'Daily at 06:00, 14:00 and 22:00, Europe/Vienna'],
  [
    { kind: 'times_per_day', times: 24, from: '00:30' },
    '24 times a day from 00:30 on, every 1 hour, Europe/Vienna',
  ],
  [
    { kind: 'weekdays', days: ['monday', 'friday'], at: '01:30' },
    'Mondays and Fridays at 01:30, Europe/Vienna',
  ],
  [
    { kind: 'day_of_month', day: 15, at: '09:00', missing: 'skip' },
    'Monthly on day 15 at 09:00, Europe/Vienna',
  ],
  [
    { kind: 'day_of_month', day: 31, at: '09:00', missing: 'skip' },
    'Monthly on day 31 (not in months without it) at 09:00, Europe/Vienna',
  ],
  [
    { kind: 'weekday_of_month', which: 'first', day: 'monday', at: '09:00' },
    'On the first Monday of the month at 09:00, Europe/Vienna',
  ],
  [{ kind: 'every', minutes: 90 }, 'Every 1 hour 30 minutes'],
  [{ kind: 'cron', expression: '30 6 * * MON-FRI' }, 'Cron 30 6 * * MON-FRI, Europe/Vienna'],
])('BL-03: in words: %o', (rule, sentence) => {
  expect(scheduleSentence(timing(rule, vienna).schedule, vienna)).toBe(sentence)
})

test.each<[string, ScheduleRule, string, { start?: string; end?: string }, string]>([
  [
    'a zone',
    { kind: 'every', minutes: 5 },
    'Europe/Vena',
    {},
    'There is no time zone Europe/Vena. Did you mean Europe/Vienna?',
  ],
  ['a city', { kind: 'every', minutes: 5 }, 'new york', {}, 'Did you mean America/New_York?'],
  ['half a zone', { kind: 'every', minutes: 5 }, 'Europe/Vien', {}, 'Did you mean Europe/Vienna?'],
  [
    'an hour',
    { kind: 'cron', expression: '0 25 * * *' },
    'UTC',
    {},
    'at character 3: "25" is no hour; it goes from 0 to 23.',
  ],
  [
    'a name',
    { kind: 'cron', expression: '0 6 * * mon-fry' },
    'UTC',
    {},
    'at character 13: "fry" is no weekday',
  ],
  [
    'a range',
    { kind: 'cron', expression: '0 9-6 * * *' },
    'UTC',
    {},
    'at character 3: the range 9-6 ends before it begins.',
  ],
  [
    'seconds',
    { kind: 'cron', expression: '0 0 6 * * *' },
    'UTC',
    {},
    'there are 6 (schedules have no seconds)',
  ],
  [
    'a step',
    { kind: 'cron', expression: '*/0 * * * *' },
    'UTC',
    {},
    'at character 3: after / comes a number from 1',
  ],
  [
    'nothing',
    { kind: 'cron', expression: '5, * * * *' },
    'UTC',
    {},
    'at character 3: there is nothing here.',
  ],
  ['30 February', { kind: 'cron', expression: '0 0 30 2 *' }, 'UTC', {}, 'Nothing is due on this schedule.'],
  [
    'an end before the start',
    { kind: 'every', minutes: 5 },
    'UTC',
    { start: '2027-01-01T00:00:00Z', end: '2026-12-01T00:00:00Z' },
    'before it begins',
  ],
  [
    'an end before the first time',
    { kind: 'weekdays', days: ['monday'], at: '09:00' },
    'UTC',
    { end: '2026-11-22T00:00:00Z' },
    'Nothing is due on this schedule until its end at 2026-11-22 00:00.',
  ],
])('refused: %s', (_, rule, zone, bounds, says) => {
  expect(scheduleProblem(timing(rule, zone, bounds).schedule, zone, now)?.message).toContain(says)
})

test('BL-10: a warning when runs take longer than the shortest interval', () => {
  const often = timing({ kind: 'cron', expression: '0,50 * * * *' }, 'UTC')
  expect(densityProblem(often, now, 12 * 60)?.message).toBe(
    'A run usually takes 12 minutes, but the next one is due after 10 minutes.',
  )
  expect(densityProblem(often, now, 9 * 60)).toBeNull()
  expect(densityProblem(often, now, null)).toBeNull()
})

test.each([
  [0, '0 seconds'],
  [61, '1 minute 1 second'],
  [5400, '1 hour 30 minutes'],
  [200_000, '2 days 7 hours'],
])('%i seconds is %s', (seconds, text) => expect(spanText(seconds)).toBe(text))
