// `sluice schedule preview` as people type it: what is printed, what is said, and the exit codes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SchedulePreview } from '../../src/api/schedules.ts'
import { Cli } from '../support/cli.ts'

let cli: Cli
beforeAll(async () => {
  cli = await Cli.open()
})
afterAll(() => cli.close())

const preview = (...flags: string[]) => cli.run('schedule', 'preview', ...flags)

test('rank 11: the next runs in both zones, a change of clocks marked', async () => {
  const { code, out } = await preview(
    '--cron',
    '30 2 * * SUN',
    '--zone',
    'Europe/Vienna',
    '--start',
    '2099-03-20T00:00:00Z',
    '--count',
    '3',
    '--in',
    'America/New_York',
  )
  expect(code).toBe(0)
  const lines = out.split('\n').map((line) => line.trimEnd())
  expect(lines).toContain('Cron 30 2 * * SUN, Europe/Vienna, from 2099-03-20 01:00')
  expect(lines).toContain('  Europe/Vienna                your time (America/New_York)')
  expect(lines).toContain(
    '  Sun 2099-03-29 03:30 +02:00  Sat 2099-03-28 21:30 -04:00   The clock jumps over 2099-03-29 02:30, so it runs at 2099-03-29 03:30.',
  )
})

test('BL-08: a month without the day is a line without a time, with what to do about it', async () => {
  const { out } = await preview('--day-of-month', '31', '--at', '09:00', '--count', '12')
  expect(out).toMatch(/^ {2}– +There is no 31 February \d{4}, so nothing runs in that month\.$/m)
  expect(out).toContain('--day-of-month last')
})

test.each([
  ['a cron expression', ['--cron', '0 25 * * *'], '"25" is no hour; it goes from 0 to'],
  ['a zone', ['--every', '15m', '--zone', 'vienna'], 'Did you mean Europe/Vienna?'],
  ['a day that never comes', ['--cron', '0 0 30 2 *'], 'Nothing is due on this schedule.'],
  ['nothing', [], 'the name of a job, or flags such as --days mon,fri --at 06:30'],
  ['a number', ['--every', '15m', '--count', '0'], '--count takes a number from 1 to 100, not 0.'],
])('refused with a next step: %s', async (_, flags, says) => {
  const { code, err } = await preview(...flags)
  expect([code, err]).toEqual([2, expect.stringContaining(says)])
})

test('a job of its own, and another schedule for it, as one object for programs', async () => {
  await cli.run('job', 'create', 'nightly', '--profiles', '--times-per-day', '1', '--at', '03:00')
  const own = await preview('nightly', '--json', '--count', '2')
  expect(JSON.parse(own.out) as SchedulePreview).toMatchObject({
    job: 'nightly',
    sentence: 'Daily at 03:00, UTC',
    next: [{ runs: true }, { runs: true }],
  })
  const other = await preview('nightly', '--days', 'mon,fri', '--at', '06:30')
  expect(other.out).toContain('nightly  Mondays and Fridays at 06:30, UTC')
  expect(other.out).toContain('Use it: sluice job edit nightly with the same flags')
})
