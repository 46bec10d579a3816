// When a file is late, as a table.
import { expect, test } from 'vitest'
import { expectedNow } from './fileExpected.ts'
import { scheduleSchema } from './setup/schedule.ts'

const mondays = scheduleSchema.parse({ rule: { kind: 'weekdays', days: ['monday'], at: '07:00' } })
const activation = Date.parse('2026-01-01T00:00:00Z')

test.each([
  // 2 March 2026 is a Monday.
  ['2026-03-02T05:29:00Z', 'Europe/Vienna', null, null],
  ['2026-03-02T05:30:00Z', 'Europe/Vienna', null, '2026-03-02'],
  ['2026-03-02T22:59:00Z', 'Europe/Vienna', null, '2026-03-02'],
  ['2026-03-02T23:01:00Z', 'Europe/Vienna', null, null],
  ['2026-03-03T08:00:00Z', 'Europe/Vienna', null, '2026-03-03'],
  ['2026-03-03T08:00:00Z', 'Europe/Vienna', mondays, null],
  ['2026-03-02T08:00:00Z', 'Europe/Vienna', mondays, '2026-03-02'],
  // The night the clocks change.
  ['2026-03-29T04:29:00Z', 'Europe/Vienna', null, null],
  ['2026-03-29T04:30:00Z', 'Europe/Vienna', null, '2026-03-29'],
  ['2026-03-02T11:31:00Z', 'America/New_York', null, '2026-03-02'],
])('8 a file expected by 06:30: at %s in %s', (now, zone, schedule, day) => {
  const found = expectedNow(
    { expectedBy: '06:30', schedule, zone, activation, activeSince: activation },
    Date.parse(now),
  )
  expect(found?.day ?? null).toBe(day)
})

test('8 a job that was switched on after that time expects nothing today', () => {
  const now = Date.parse('2026-03-02T12:00:00Z')
  const late = { expectedBy: '06:30', schedule: null, zone: 'UTC', activation, activeSince: now - 60_000 }
  expect(expectedNow(late, now)).toBeNull()
  expect(expectedNow({ ...late, activeSince: activation }, now)).toEqual({
    day: '2026-03-02',
    since: Date.parse('2026-03-02T00:00:00Z'),
    by: Date.parse('2026-03-02T06:30:00Z'),
  })
})
