// A prepared record is read back as it was written, whatever became of it; only records to plan mention identifiers.
import { expect, test } from 'vitest'
import { decodePrepared, encodePrepared, unplanned, valuesIn, type PreparedRecord } from './prepared.ts'
import { problem } from './problems.ts'

const planned = (ordinal: number, id: string): PreparedRecord => ({
  ...unplanned(ordinal, [ordinal + 1, ordinal * 10, 9], [id, null], [null, null]),
  asOf: 1_700_000_000_000_000,
  row: 'a\\tb\t\\N',
  cleared: [1],
  warnings: [problem('email.invalid', { column: 'E-Mail', value: 'x' }, 'E-Mail')],
})
const skipped: PreparedRecord = {
  ...unplanned(2, [3, 20, 9], ['c2', 'b@x.org'], [null, 'B@x.org']),
  skipped: { reason: 'filtered', note: problem('record.filtered', { by: 'a\ttab "and" more' }) },
}
const failed: PreparedRecord = {
  ...unplanned(3, [4, 30, 9], ['c3', null], [null, null]),
  failed: { ...problem('value.blank', { column: 'city' }, 'city'), stage: 'check', at: [4, 30, 9] },
}

/** What two records must agree in; lines of a batch compute their place when asked. */
function plain(record: PreparedRecord): Omit<PreparedRecord, 'given'> {
  const {
    ordinal,
    at,
    failed: why,
    skipped: left,
    origin,
    identifiers,
    row,
    asOf,
    cleared,
    warnings,
  } = record
  return { ordinal, at, failed: why, skipped: left, origin, identifiers, row, asOf, cleared, warnings }
}

test('planned, left out and failed records survive the blob (AL-06)', () => {
  const bare = { ...skipped, ordinal: 4, skipped: { reason: 'manual', note: null } } as const
  const warned = { ...skipped, ordinal: 5, warnings: planned(1, 'c1').warnings }
  const origin = { run: 1001, ordinal: 17, asOf: 1_700_000_000_000_000, from: { run: 1002, ordinal: 3 } }
  const again = [planned(6, 'c6'), { ...skipped, ordinal: 7 }, { ...failed, ordinal: 8 }]
  const retried = again.map((record) => ({ ...record, origin }))
  const records = [planned(1, 'c1'), skipped, failed, bare, warned, ...retried]
  const read = decodePrepared(records.map(encodePrepared).join(''), 1, 2)
  expect(read.map(plain)).toEqual(records.map(plain))
  expect(read[1]!.given[1]).toBe('B@x.org')
})

test('a record left out asserts nothing: its identifiers are not looked up (AL-06)', () => {
  expect(valuesIn([planned(1, 'c1'), skipped, failed], 2)).toEqual([new Set(['c1']), new Set()])
})
