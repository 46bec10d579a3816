// What the state of a run is called, where one word does not fit all that are in it.
import { expect, test } from 'vitest'
import { labelOf } from './run.ts'

const run = { state: 'skipped', dryRun: false, rests: null } as const

test.each([
  [run, 'Skipped'],
  [{ ...run, dryRun: true }, 'Dry run'],
  [{ ...run, state: 'failed', dryRun: true }, 'Failed'],
  [{ ...run, state: 'retry_wait', rests: 'retry' }, 'Waiting to retry'],
  [{ ...run, state: 'retry_wait' }, 'Waiting to retry'],
  [{ ...run, state: 'retry_wait', rests: 'schedule.quiet' }, 'Sleeping'],
] as const)('%j is called %s', (one, label) => {
  expect(labelOf(one)).toBe(label)
})
