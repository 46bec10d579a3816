// Every status and counter of the five vendors' pages has its place, and their numbers add up whatever was counted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCounters, type Counters } from './law.ts'
import type { VendorDialect } from './namespaceSettings.ts'
import { outcomes, skipReasons } from './record.ts'
import { jobWord, recordWord, runWord, vendorCounts, vendorWords } from './vendorDialects.ts'
import { failedAtWrite } from './vendors/blueconic.ts'
import type { VendorWords } from './vendors/words.ts'

type Vendor = keyof typeof vendorWords
type Part = Exclude<keyof VendorWords, 'title' | 'idleJob'>

/** Requirements 1.1 to 1.5, word by word: [ids, vendor, part, words]. */
const pages: readonly [ids: string, Vendor, Part, readonly string[]][] = [
  ['BS-03, BS-04, BS-05, BS-06, BS-07', 'blueshift', 'job', ['Draft', 'Launched', 'Paused', 'Completed']],
  ['BS-12', 'blueshift', 'fetch', ['Fetching', 'Fetched', 'Failed']],
  ['BS-12, BS-13, BS-14', 'blueshift', 'fields', ['Last Fetch Status', 'Fetch Start time', 'Fetch end time']],
  ['BS-17', 'blueshift', 'process', ['Processing', 'Processed', 'Failed']],
  ['BS-17, BS-18', 'blueshift', 'run', ['Fetching', 'Processing', 'Processed', 'Failed']],
  ['BS-19', 'blueshift', 'counters', ['Total records', 'Processed records', 'Errored records']],
  ['BS-21, BS-25', 'blueshift', 'fields', ['Error File', 'Update Method']],
  [
    'BS-22, BS-23, BS-24, BS-26',
    'blueshift',
    'actions',
    ['View', 'Download', 'Remove', 'Pause', 'Edit Import Task', 'Validate Import'],
  ],
  [
    'BC-02, BC-03, BC-04, BC-05, BC-06, BC-07, BC-08',
    'bluecore',
    'job',
    ['Active', 'Completed', 'Draft', 'Halted', 'Paused', 'Sampling', 'Sampling failed'],
  ],
  [
    'BC-15, BC-16, BC-18, BC-19, BC-20, BC-21, BC-22',
    'bluecore',
    'run',
    ['Completed', 'Failed', 'Halted', 'Importing', 'Partially Completed', 'Processing', 'Validating'],
  ],
  ['BC-13', 'bluecore', 'counters', ['Failed %']],
  ['BC-11, BC-14, BC-24', 'bluecore', 'fields', ['Run history', 'Last 5 runs', 'Limit reached']],
  ['BC-06', 'bluecore', 'actions', ['Reactivate job']],
  ['BL-05, BL-23', 'blueconic', 'job', ['On', 'Off']],
  [
    'BL-11, BL-12',
    'blueconic',
    'fields',
    ['Run', 'Running', 'Next', 'Start date & time', 'Run time', 'Details', 'Run history'],
  ],
  ['BL-18, BL-19, BL-20, BL-29', 'blueconic', 'counters', ['Unchanged', 'Checked', 'Skipped', 'Created']],
  ['BL-02, BL-15, BL-22', 'blueconic', 'actions', ['Run now', 'Stop run', 'Download log']],
  ['BL-D06', 'blueconic', 'run', ['STARTING', 'RUNNING', 'FINISHED', 'FAILED', 'STOPPING', 'STOPPED']],
  ['BL-D09', 'blueconic', 'outcome', ['CREATED', 'MODIFIED', 'UNCHANGED', 'DELETED']],
  ['BL-D09', 'blueconic', 'reason', ['NOTFOUND', 'CONSENT_MISMATCH']],
  ['LY-10, LY-12, LY-14, LY-15', 'lytics', 'job', ['Running', 'Failed', 'Paused', 'Completed']],
  ['LY-19', 'lytics', 'counters', ['Added', 'Removed', 'Omitted']],
  [
    'LY-22, LY-23, LY-24, LY-25, LY-26, LY-27',
    'lytics',
    'log',
    ['Started', 'Synced', 'Error', 'Sleeping', 'Failed', 'Completed'],
  ],
  [
    'LY-09, LY-17',
    'lytics',
    'fields',
    ['Authorization', 'Provider', 'Created', 'Created By', 'Last Updated'],
  ],
  [
    'AL-02, AL-03, AL-04, AL-05, AL-06, AL-07, AL-D01',
    'alumio',
    'record',
    ['New', 'Processing', 'Finished', 'Failed', 'Skipped', 'Retry', 'Waiting'],
  ],
  [
    'AL-08, AL-10, AL-11, AL-12, AL-13, AL-14',
    'alumio',
    'fields',
    ['Route', 'Created at', 'Updated at', 'Identifier', 'Entity Schema', 'Entity Identifier'],
  ],
  ['AL-15', 'alumio', 'fields', ['Overview', 'Entity Data', 'Import Messages', 'Export Messages']],
  ['AL-22, AL-23', 'alumio', 'actions', ['Skip X tasks', 'Retry X tasks']],
]

function wordsIn(part: VendorWords[Part]): string[] {
  return Array.isArray(part) ? part.map(({ label }) => label) : Object.values(part as Record<string, string>)
}

test.each(pages)('%s: %s has every word of its page (%s)', (_ids, vendor, part, words) => {
  expect(wordsIn(vendorWords[vendor][part])).toEqual(expect.arrayContaining([...words]))
})

test('LY-10, LY-11 an active job of Lytics is Running while it does something, else Sleeping', () => {
  expect(jobWord('lytics', 'active', true)).toBe('Running')
  expect(jobWord('lytics', 'active', false)).toBe('Sleeping')
  expect(jobWord('blueshift', 'active', false)).toBe('Launched')
})

test('BS-18 rejected records leave the run Processed; Bluecore has no word for it and ours stands', () => {
  expect(runWord('blueshift', 'completed_with_errors')).toBe('Processed')
  expect(runWord('bluecore', 'completed_with_errors')).toBe('Completed with errors')
  expect(recordWord('sluice', 'failed')).toBe('Failed')
  expect(recordWord('blueconic', 'skipped', null, 'not_found')).toBe('NOTFOUND')
  expect(recordWord('alumio', 'finished', 'created')).toBe('Finished')
})

const keys = [
  ...outcomes.map((name) => `finished.${name}`),
  ...skipReasons.map((name) => `skipped.${name}`),
  ...failedAtWrite.map((code) => `failed.${code}`),
  'failed.email.invalid',
  'failed.csv.quote_open',
  'retry',
  'waiting',
  'new',
  'processing',
]
const open = ({ retry, waiting, new: fresh, processing }: Counters): number =>
  retry + waiting + fresh + processing

test('design section 6, BL-D02: the numbers of every vendor account for every record of any run', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), fc.nat(1e6)), fc.nat(1e6), (flat, left) => {
      const read = toCounters(flat, 0).read
      const ours = toCounters(flat, read + left)
      const of = (dialect: VendorDialect): Record<string, number> =>
        Object.fromEntries(vendorCounts(dialect, ours).map(({ label, value }) => [label, value]))
      const { finished, failed, total } = ours
      // BS-19: total = processed + errored, and what is not settled yet.
      const bs = of('blueshift')
      expect(bs['Total records']).toBe(
        bs['Processed records']! + bs['Errored records']! + open(ours) + ours.left,
      )
      expect(bs['Processed records']! + open(ours) + ours.left).toBe(total - failed.total)
      // BC-13
      const percent = of('bluecore')['Failed %']!
      expect(percent).toBe(total === 0 ? 0 : Math.round((failed.total / total) * 1000) / 10)
      // BL-19, BL-20: total = checked + skipped before + rejected before, and what is not settled yet.
      const bl = of('blueconic')
      const rejected = (failed['email.invalid'] ?? 0) + (failed['csv.quote_open'] ?? 0)
      expect(bl['Checked']! + bl['Skipped']! + rejected + open(ours) + ours.left).toBe(total)
      // LY-19: what was neither added, removed nor omitted was there already, or failed.
      const ly = of('lytics')
      const rest = ['updated', 'unchanged', 'merged', 'restored'].reduce((n, k) => n + (finished[k] ?? 0), 0)
      expect(ly['Added']! + ly['Removed']! + rest).toBe(finished.total)
      expect(ly['Omitted']).toBe(ours.skipped.total)
      // AL-01: every task has one status.
      const al = of('alumio')
      expect(Object.values(al).reduce((a, b) => a + b, 0)).toBe(total)
    }),
    { seed: 20261121 },
  )
})
