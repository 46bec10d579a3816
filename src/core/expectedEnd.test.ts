// When a run will be done (requirements P13, P22; rank 12).
import { expect, test } from 'vitest'
import { expectedEnd, type PastRun, type RunSoFar } from './expectedEnd.ts'

const past: PastRun[] = [
  { records: 100, bytes: 1_000, seconds: { fetching: 1, validating: 10, importing: 30, processing: 2 } },
  { records: 300, bytes: 3_000, seconds: { fetching: 3, validating: 30, importing: 90, processing: 6 } },
]
const fresh: RunSoFar = { state: 'queued', seconds: {}, share: null, records: null, bytes: 2_000 }

test.each<[string, Partial<RunSoFar>, readonly PastRun[], number | null, string?]>([
  ['a queued run needs what earlier ones needed for so many bytes', {}, past, 2 + 20 + 60 + 4, 'history'],
  ['the first run of a job says nothing while it waits', {}, [], null],
  ['a file a hundred times larger than any before is not measured by those', { bytes: 300_000 }, past, null],
  ['nor while it is validated', { state: 'validating', seconds: { validating: 5 }, share: 0.5 }, [], null],
  [
    'validation by its own pace, the rest by history',
    { state: 'validating', seconds: { validating: 5 }, share: 0.25 },
    past,
    15 + 60 + 4,
    'progress',
  ],
  [
    'the import of a first run by its own pace',
    { state: 'importing', seconds: { importing: 10 }, share: 0.5, records: 200 },
    [],
    10,
    'progress',
  ],
  [
    'an import that has hardly begun, by history',
    { state: 'importing', seconds: { importing: 0.2 }, share: 0.01, records: 200 },
    past,
    60 - 0.2 + 4,
    'history',
  ],
  [
    'a stage that takes longer than ever is nearly done, not less than done',
    { state: 'processing', seconds: { processing: 60 }, records: 200 },
    past,
    0,
    'history',
  ],
  ['a held run waits for a person', { state: 'held' }, past, null],
])('%s', (_title, more, earlier, seconds, by) => {
  const expected = expectedEnd({ ...fresh, ...more }, earlier)
  const rounded =
    expected === null ? null : { ...expected, seconds: Math.round(expected.seconds * 1000) / 1000 }
  expect(rounded).toEqual(seconds === null ? null : { seconds, by })
})
