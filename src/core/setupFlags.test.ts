// Flags that set up a job, and what is wrong with them (BL-03 to BL-09, BC-D03, LY-12, BL-24, BS-D08, LY-D09).
import { describe, expect, test } from 'vitest'
import { uploadSetup, type JobSetup } from './jobSetup.ts'
import type { SluiceError } from './problem.ts'
import { placeOf, setupFromFlags, type SetupFlags } from './setupFlags.ts'

const rows: readonly (readonly [SetupFlags, object])[] = [
  [{}, {}],
  [{ folder: 'in/*.csv' }, { source: { kind: 'folder', path: 'in', pattern: '*.csv' } }],
  [
    { folder: 'in', maxAge: '48', marker: '{name}.done' },
    { source: { path: 'in', pattern: '*', maxAgeHours: 48 } },
  ],
  [{ profiles: true, where: ['city=Wien'] }, { source: { kind: 'profiles', where: ['city=Wien'] } }],
  [{ every: '15m' }, { schedule: { rule: { kind: 'every', minutes: 15 } } }],
  [{ every: '2h' }, { schedule: { rule: { minutes: 120 } } }],
  [{ timesPerDay: '4' }, { schedule: { rule: { kind: 'times_per_day', times: 4, from: '00:00' } } }],
  [
    { days: 'mon,Friday', at: '01:30' },
    { schedule: { rule: { kind: 'weekdays', days: ['monday', 'friday'], at: '01:30' } } },
  ],
  [
    { at: '06:30', zone: 'Europe/Vienna' },
    { schedule: { rule: { kind: 'weekdays', at: '06:30' }, zone: 'Europe/Vienna' } },
  ],
  [
    { dayOfMonth: '31', at: '06:00' },
    { schedule: { rule: { kind: 'day_of_month', day: 31, missing: 'skip' } } },
  ],
  [
    { dayOfMonth: 'last', at: '06:00' },
    { schedule: { rule: { kind: 'day_of_month', day: 31, missing: 'last_day' } } },
  ],
  [{ weekdayOfMonth: 'Last fri', at: '06:00' }, { schedule: { rule: { which: 'last', day: 'friday' } } }],
  [
    { cron: '0 6 * * *', missed: 'skip' },
    { schedule: { rule: { expression: '0 6 * * *' }, missed: 'skip' } },
  ],
  [{ schedule: false }, { schedule: null }],
  [{ after: 'crm' }, { after: 'crm' }],
  [{ approval: 'every-run' }, { approval: 'every_run' }],
  [{ after: 'none' }, { after: null }],
  [{ quiet: '22:00-06:00' }, { quiet: { from: '22:00', to: '06:00', zone: null } }],
  [{ quiet: '22:00–06:30 Asia/Kathmandu' }, { quiet: { to: '06:30', zone: 'Asia/Kathmandu' } }],
  [{ quiet: 'none' }, { quiet: null }],
  [{ reruns: '0' }, { failure: { reruns: 0, rerunMinutes: 15 } }],
  [{ errorWindow: '10h' }, { failure: { reruns: 5, errorWindowHours: 10, errorWindowAttempts: 6 } }],
  [
    { errorWindow: '2d', errorWindowAttempts: '3' },
    { failure: { errorWindowHours: 48, errorWindowAttempts: 3 } },
  ],
  [{ errorWindow: 'none' }, { failure: { errorWindowHours: null } }],
  [{ stagedEvery: '5m', stagedPerRun: '100' }, { staged: { everyMinutes: 5, perRun: 100 } }],
  [
    { retryCodes: 'email.*, as_of.future', retryEvery: '1h' },
    { recordRetry: { codes: ['email.*', 'as_of.future'], attempts: 3, everyMinutes: 60 } },
  ],
  [
    { notify: ['a@example.com'], notifyWhen: 'each-run' },
    { notify: { emails: ['a@example.com'], when: 'each_run' } },
  ],
  [
    { notifyWebhook: ['chat'], notifyFailed: '5%', notifyDigest: '07:00' },
    { notify: { emails: [], webhooks: ['chat'], failedOverPercent: 5, digestAt: '07:00' } },
  ],
  [
    { threshold: ['added/day=100..5000', 'failed/hour=..50', 'Added/Week=1000.. tolerate 2'] },
    {
      thresholds: [
        { counter: 'added', per: 'day', min: 100, max: 5000, tolerated: 0 },
        { counter: 'failed', per: 'hour', min: null, max: 50, tolerated: 0 },
        { counter: 'added', per: 'week', min: 1000, max: null, tolerated: 2 },
      ],
    },
  ],
  [{ threshold: ['none'] }, { thresholds: [] }],
  [{ notifyWebhook: ['none'], notifyDigest: 'none' }, { notify: { webhooks: [], digestAt: null } }],
]

test.each(rows.map(([flags, setup]) => [JSON.stringify(flags), flags, setup] as const))(
  'BL-03 %s',
  (_, flags, setup) => {
    const found = setupFromFlags(flags, uploadSetup)
    expect(found).toMatchObject(setup)
    expect(Object.keys(found)).toEqual(Object.keys(setup))
  },
)

describe('what does not fit names its flag', () => {
  const wrong: readonly (readonly [SetupFlags, RegExp])[] = [
    [{ quiet: '22-6' }, /--quiet takes hours such as 22:00-06:00/],
    [{ quiet: '22:00-24:00' }, /--quiet does not fit: .*06:30/],
    [{ quiet: '06:00-06:00' }, /--quiet does not fit: The end must be another time than the beginning/],
    [{ quiet: '22:00-06:00 Vienna' }, /--quiet does not fit: a time zone such as/],
    [{ every: '15' }, /--every takes a distance such as 15m/],
    [{ every: '15m', days: 'mon' }, /one schedule/],
    [{ days: 'mon' }, /--days needs a time: --at 06:30/],
    [{ days: 'someday', at: '06:00' }, /is no day of the week/],
    [{ days: 't', at: '06:00' }, /is no day of the week/],
    [{ dayOfMonth: '32', at: '06:00' }, /--day-of-month does not fit/],
    [{ at: '25:00' }, /--at does not fit: a time such as 06:30/],
    [{ timesPerDay: '4', at: '6' }, /--at does not fit/],
    [{ at: '6:3' }, /a time such as 06:30/],
    [{ zone: 'Europe/Vienna' }, /need a schedule/],
    [{ marker: 'x' }, /--marker is about files in a folder/],
    [{ folder: 'in', profiles: true }, /keep one/],
    [{ where: ['a=b'] }, /needs --profiles/],
    [{ folder: '../etc/*.csv' }, /below the root/],
    [{ notify: ['nobody'] }, /--notify does not fit/],
    [{ notifyFailed: 'many' }, /--notify-failed takes a percentage such as 5%/],
    [{ notifyFailed: '101' }, /--notify-failed does not fit/],
    [{ notifyDigest: '7' }, /--notify-digest does not fit/],
    [{ threshold: ['added/day=100'] }, /--threshold takes a number, a period and its limits, such as/],
    [{ threshold: ['added=1..2'] }, /--threshold takes a number/],
    [{ threshold: ['added/day=-1..'] }, /--threshold takes a number/],
    [
      { threshold: ['added/day=..'] },
      /--threshold does not fit: There must be a least number, a most, or both/,
    ],
    [{ threshold: ['added/day=5..4'] }, /--threshold does not fit: The most must not be less than the least/],
    [{ threshold: ['added/day=1.. tolerate 101'] }, /--threshold does not fit/],
    [{ threshold: ['aded/day=1..'] }, /--threshold knows added, .*; not aded\. Is it added\?/],
    [{ threshold: ['added/month=1..'] }, /--threshold knows hour, day, week; not month/],
    [{ threshold: ['none', 'added/day=1..'] }, /--threshold none goes with no other/],
    [{ threshold: Array.from({ length: 21 }, () => 'added/day=1..') }, /--threshold does not fit/],
    [{ errorWindow: 'long' }, /--error-window takes a span such as 10h/],
    [{ errorWindow: '99d' }, /--error-window does not fit/],
    [{ errorWindowAttempts: '0' }, /--error-window-attempts does not fit/],
  ]
  test.each(wrong.map(([flags, message]) => [JSON.stringify(flags), flags, message] as const))(
    '%s',
    (_, flags, message) => {
      let found: unknown
      try {
        setupFromFlags(flags, uploadSetup)
      } catch (error) {
        found = (error as SluiceError).problem
      }
      expect(found).toMatchObject({ code: 'usage.unknown' })
      expect((found as { message: string }).message).toMatch(message)
    },
  )
})

test('E9: an edit keeps what it does not name', () => {
  const before: JobSetup = {
    ...uploadSetup,
    ...setupFromFlags({ folder: 'in/*.csv', marker: 'ok', at: '06:00', zone: 'Europe/Vienna' }, uploadSetup),
  }
  expect(setupFromFlags({ take: 'newest' }, before)).toMatchObject({
    source: { path: 'in', pattern: '*.csv', marker: 'ok', take: 'newest' },
  })
  expect(setupFromFlags({ every: '1h' }, before).schedule).toMatchObject({
    zone: 'Europe/Vienna',
    rule: { minutes: 60 },
  })
  expect(setupFromFlags({ marker: 'none' }, before).source).toMatchObject({ marker: null })
})

test.each([
  ['in/*.csv', 'in', '*.csv'],
  ['*.csv', '', '*.csv'],
  ['in', 'in', '*'],
  ['in/', 'in', '*'],
  ['./in/a', 'in/a', '*'],
  ['.', '', '*'],
  ['in/customers.csv', 'in', 'customers.csv'],
  ['a/b/{date:YYYY}.csv', 'a/b', '{date:YYYY}.csv'],
])('BC-D03 --folder %s', (text, path, pattern) => {
  expect(placeOf(text)).toEqual({ path, pattern })
})
