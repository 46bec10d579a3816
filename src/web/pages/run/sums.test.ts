// The sum of a run as the page shows it: every line in its place, and a fault is seen (design section 6).
import { expect, test } from 'vitest'
import type { RunView } from '../../../client/index.ts'
import { addsUp, sumLines } from './sums.ts'

const none = { total: 0 }

/** As much of a run as the sum reads. */
function viewOf(counters: Partial<RunView['counters']>, settled = true): RunView {
  const all = {
    total: 0,
    read: 0,
    left: 0,
    finished: none,
    skipped: none,
    failed: none,
    retry: 0,
    waiting: 0,
    new: 0,
  }
  const view = {
    run: { settled, notes: { filtered: { 'only active': 2 } } },
    counters: { ...all, ...counters },
  }
  return view as unknown as RunView
}

const whole = viewOf(
  {
    total: 14,
    read: 12,
    left: 2,
    finished: { total: 6, created: 4, updated: 2, unchanged: 0, merged: 0 },
    skipped: { total: 2, filtered: 2 },
    failed: { total: 3, 'email.invalid': 3 },
    new: 1,
  },
  false,
)

test('states in the order of the receipt, each with its parts; what is not read yet comes last', () => {
  const lines = sumLines(whole).map(({ label, count, level }) => `${'  '.repeat(level)}${label} ${count}`)
  expect(lines).toEqual([
    'Finished 6',
    '  created 4',
    '  updated 2',
    'Skipped 2',
    '  filtered 2',
    'Failed 3',
    '  not an e-mail address 3',
    'New 1',
    'Left to read 2',
  ])
  expect(sumLines(whole)[4]?.notes).toEqual([['only active', 2]])
})

test.each([
  ['adds up', whole.counters, true],
  ['a total that is too large', { ...whole.counters, total: 15 }, false],
  [
    'a part that is missing',
    { ...whole.counters, finished: { ...whole.counters.finished, created: 3 } },
    false,
  ],
  ['the last part is wrong', { ...whole.counters, failed: { total: 3, 'email.invalid': 2 } }, false],
  [
    'before the records are counted: what is read so far',
    { ...whole.counters, total: null, left: null },
    true,
  ],
])('%s', (_, counters, sound) => {
  const view = viewOf(counters, false)
  expect(addsUp(sumLines(view), view)).toBe(sound)
})

test('every line leads to its records, but what was not read', () => {
  const filters = sumLines(whole).map(({ filter }) => filter)
  expect(filters[1]).toEqual({ state: 'finished', outcome: 'created' })
  expect(filters[6]).toEqual({ state: 'failed', code: 'email.invalid' })
  expect(filters.at(-1)).toBeNull()
})
