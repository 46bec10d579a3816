// What counts against the quota, where a batch is cut, and when somebody is told.
import { describe, expect, test } from 'vitest'
import type { NewRow } from './changeSet.ts'
import { counts, lastWithin, quotaForecast, stepToTell } from './quota.ts'

const base = { origin: null, identifier: 'c1', profileId: 1, warnings: null }

function finished(ordinal: number, outcome: 'created' | 'unchanged' | 'deleted' = 'created'): NewRow {
  return { ...base, ordinal, state: 'finished', outcome }
}

function skipped(ordinal: number): NewRow {
  return { ...base, ordinal, state: 'skipped', reason: 'filtered', note: null }
}

function failed(ordinal: number, stage: 'read' | 'check' | 'write'): NewRow {
  const problem = { code: 'email.invalid', message: '', stage, at: [1, 0, 0] } as const
  return { ordinal, origin: null, identifier: null, profileId: null, state: 'failed', problem }
}

describe('what counts against the quota (E6, BC-27)', () => {
  test.each<[string, NewRow, boolean]>([
    ['created', finished(1), true],
    ['unchanged', finished(1, 'unchanged'), true],
    ['deleted', finished(1, 'deleted'), true],
    ['left out by a filter', skipped(1), false],
    ['unreadable', failed(1, 'read'), false],
    ['refused by a check', failed(1, 'check'), false],
    ['refused while writing', failed(1, 'write'), true],
  ])('%s', (_, row, does) => {
    expect(counts(row)).toBe(does)
  })
})

describe('where a batch is cut (E6)', () => {
  const rows = [finished(1), skipped(2), finished(3), failed(4, 'check'), finished(5)]
  const none = (): boolean => false
  test.each([
    [0, null],
    [1, 2],
    [2, 4],
    [3, 5],
    [9, 5],
  ])('with room for %i', (room, last) => {
    expect(lastWithin(rows, room, none)).toBe(last)
  })

  test('what counted before takes no room', () => {
    expect(lastWithin(rows, 1, ({ ordinal }) => ordinal === 1)).toBe(4)
  })
})

test.each([
  [49, 0, null],
  [50, 0, 50],
  [50, 50, null],
  [80, 0, 75],
  [80, 50, 75],
  [95, 75, 90],
  [100, 90, 100],
  [100, 100, null],
])('%i of 100 used, told of %i: told of %j now (LY-D08)', (used, told, now) => {
  expect(stepToTell(used, 100, told)).toBe(now)
})

test.each([
  ['too early to tell', 500, 0.01, null],
  ['a tenth of the month', 500, 0.1, 5_000],
  ['its end', 500, 1, 500],
  ['nothing used', 0, 0.5, 0],
] as const)('BC-24 what the month will have taken: %s', (_, used, gone, expected) => {
  expect(quotaForecast(used, gone)).toBe(expected)
})
