// The next run of a job, on two clocks (BL-12, BL-27, E20).
import { expect, test } from 'vitest'
import { zonedTime } from './zonedTime.ts'

test.each([
  ['Europe/Vienna', 'UTC', 'Mon 2026-11-23 06:30 Europe/Vienna (05:30 in UTC)'],
  ['Europe/Vienna', 'Europe/Vienna', 'Mon 2026-11-23 06:30 Europe/Vienna'],
  ['Europe/Vienna', 'Europe/Berlin', 'Mon 2026-11-23 06:30 Europe/Vienna'],
  [
    'Europe/Vienna',
    'America/Los_Angeles',
    'Mon 2026-11-23 06:30 Europe/Vienna (Sun 2026-11-22 21:30 in America/Los_Angeles)',
  ],
  ['Asia/Kathmandu', 'UTC', 'Mon 2026-11-23 11:15 Asia/Kathmandu (05:30 in UTC)'],
])('BL-12, BL-27: due in %s, looked at from %s', (zone, viewer, told) => {
  expect(zonedTime('2026-11-23T05:30:00+00:00', zone, viewer)).toBe(told)
})

test('BL-27: PostgreSQL’s way of writing an instant is read too', () => {
  expect(zonedTime('2026-11-23T05:30:00.123456+00:00', 'UTC', 'UTC')).toBe('Mon 2026-11-23 05:30 UTC')
})
