// What a job is owed, by its policies: which occurrences become a run, which a line, and in what words.
import { expect, test } from 'vitest'
import { scheduleSchema } from '../setup/schedule.ts'
import { owed, type OpenRun } from './owed.ts'

const at = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`)

function told(
  more: object,
  [since, now]: readonly [string, string],
  open: readonly OpenRun[] = [],
): string[] {
  const schedule = scheduleSchema.parse({ rule: { kind: 'every', minutes: 10 }, ...more })
  const timing = { schedule, zone: 'Europe/Vienna', activation: at('09:00') }
  return owed(timing, at(since), at(now), open).map(
    ({ dueAt, count, skipped }) =>
      `${new Date(dueAt).toISOString().slice(11, 16)} ×${count} ${skipped?.message ?? 'runs'}`,
  )
}

const working: OpenRun = { name: 'r7', waiting: false }
const waiting: OpenRun = { name: 'r8', waiting: true }

test.each<[string, object, readonly [string, string], OpenRun[], string[]]>([
  ['nothing is due yet', {}, ['10:11', '10:19'], [], []],
  ['on time', { missed: 'skip' }, ['10:10', '10:10'], [], ['10:10 ×1 runs']],
  ['a minute late', { missed: 'skip' }, ['10:10', '10:11'], [], ['10:10 ×1 runs']],
  [
    'later',
    { missed: 'skip' },
    ['10:10', '10:12'],
    [],
    ['10:10 ×1 1 run due at 2026-11-20 11:10 did not take place: no server was running.'],
  ],
  [
    'several, and one on time',
    { missed: 'skip' },
    ['10:10', '10:30'],
    [],
    [
      '10:20 ×2 2 runs due from 2026-11-20 11:10 to 2026-11-20 11:20 did not take place: no server was running.',
      '10:30 ×1 runs',
    ],
  ],
  [
    'before it was switched on again',
    { missed: 'skip' },
    ['08:10', '08:25'],
    [],
    [
      '08:20 ×2 2 runs due from 2026-11-20 09:10 to 2026-11-20 09:20 did not take place: the job was switched off.',
    ],
  ],
  ['made up for', {}, ['10:10', '10:39'], [], ['10:30 ×3 runs']],
  ['one may wait behind the open one', {}, ['10:10', '10:10'], [working], ['10:10 ×1 runs']],
  [
    'no second one',
    {},
    ['10:10', '10:10'],
    [working, waiting],
    [
      '10:10 ×1 1 run came due while r7 was still open (one waits already); the last one at 2026-11-20 11:10.',
    ],
  ],
  [
    'none, with skip',
    { overlap: 'skip' },
    ['10:10', '10:10'],
    [working],
    ['10:10 ×1 1 run came due while r7 was still open (overlap: skip); the last one at 2026-11-20 11:10.'],
  ],
  ['not after its end', { end: '2026-11-20T10:15:00Z' }, ['10:11', '10:30'], [], []],
])('%s', (_, more, times, open, expected) => expect(told(more, times, open)).toEqual(expected))
