// Quiet hours: when they hold, around midnight and clock changes, and for whom (LY-D05).
import { expect, test } from 'vitest'
import { quietSchema } from '../setup/policies.ts'
import { quietProblem, quietUntil } from './quiet.ts'

const night = quietSchema.parse({ from: '22:00', to: '06:00' })
const lunch = quietSchema.parse({ from: '12:00', to: '13:30' })

test.each([
  ['before', night, 'UTC', '2026-11-20T21:59:59Z', null],
  ['at the beginning', night, 'UTC', '2026-11-20T22:00:00Z', '2026-11-21T06:00:00.000Z'],
  ['after midnight', night, 'UTC', '2026-11-21T05:59:59Z', '2026-11-21T06:00:00.000Z'],
  ['at the end', night, 'UTC', '2026-11-21T06:00:00Z', null],
  ['within one day', lunch, 'UTC', '2026-11-20T12:30:00Z', '2026-11-20T13:30:00.000Z'],
  ['beside it', lunch, 'UTC', '2026-11-20T11:30:00Z', null],
  ['on the clocks of a zone', lunch, 'Asia/Kathmandu', '2026-11-20T06:20:00Z', '2026-11-20T07:45:00.000Z'],
  ['the night is an hour longer', night, 'Europe/Vienna', '2026-10-24T20:00:00Z', '2026-10-25T05:00:00.000Z'],
  [
    'the night is an hour shorter',
    night,
    'Europe/Vienna',
    '2026-03-28T21:00:00Z',
    '2026-03-29T04:00:00.000Z',
  ],
])('LY-D05 %s', (_, quiet, zone, now, until) => {
  const found = quietUntil(quiet, zone, Date.parse(now))
  expect(found === null ? null : new Date(found).toISOString()).toBe(until)
})

test.each([
  ['schedule', true],
  ['file', true],
  ['after', true],
  ['process', true],
  ['manual', false],
  ['activation', false],
  ['retry', false],
  ['undo', false],
])('LY-D05 a run of trigger %s waits: %s', (trigger, waits) => {
  const found = quietProblem({ trigger, quiet: night, zone: 'UTC' }, Date.parse('2026-11-20T23:00:00Z'))
  expect(found?.message).toBe(
    waits ? 'Quiet hours from 22:00 to 06:00: it waits until 2026-11-21 06:00.' : undefined,
  )
  expect(found?.details?.['retryAfter']).toBe(waits ? 7 * 3600 : undefined)
})
