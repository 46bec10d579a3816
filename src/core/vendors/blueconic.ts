// BlueConic's words: scheduled connections and their runs (requirements 1.3).
import type { Counters } from '../law.ts'
import { sumOf, type VendorWords } from './words.ts'

/** Left out after the profile was looked at: they were checked (BL-19); the others were never sent for evaluation (BL-20). */
export const skippedAfter = ['consent', 'not_found', 'exists', 'superseded', 'kept'] as const

/** Codes of records that failed only when they met a profile. */
export const failedAtWrite = ['identifier.several', 'identifier.too_many', 'check.gap'] as const

function checked({ finished, skipped, failed }: Counters): number {
  return finished.total + sumOf(skipped, skippedAfter) + sumOf(failed, failedAtWrite)
}

export const blueconic: VendorWords = {
  title: 'BlueConic',
  job: { draft: 'Off', active: 'On', paused: 'Off' },
  run: {
    queued: 'STARTING',
    fetching: 'RUNNING',
    validating: 'RUNNING',
    importing: 'RUNNING',
    processing: 'RUNNING',
    stopping: 'STOPPING',
    completed: 'FINISHED',
    completed_with_errors: 'FINISHED',
    failed: 'FAILED',
    stopped: 'STOPPED',
  },
  fetch: {},
  process: {},
  record: { skipped: 'SKIPPED' },
  outcome: { created: 'CREATED', updated: 'MODIFIED', unchanged: 'UNCHANGED', deleted: 'DELETED' },
  reason: { not_found: 'NOTFOUND', consent: 'CONSENT_MISMATCH' },
  log: {},
  counters: [
    {
      label: 'Checked',
      means: `finished + skipped (${skippedAfter.join(', ')}) + failed when meeting a profile`,
      unit: 'records',
      of: checked,
    },
    {
      label: 'Created',
      means: 'finished created',
      unit: 'records',
      of: ({ finished }) => finished['created'] ?? 0,
    },
    {
      label: 'Updated',
      means: 'finished updated + merged',
      unit: 'records',
      of: ({ finished }) => sumOf(finished, ['updated', 'merged']),
    },
    {
      label: 'Unchanged',
      means: 'finished unchanged',
      unit: 'records',
      of: ({ finished }) => finished['unchanged'] ?? 0,
    },
    {
      label: 'Skipped',
      means: 'the other skipped ones: never sent for evaluation',
      unit: 'records',
      of: ({ skipped }) => skipped.total - sumOf(skipped, skippedAfter),
    },
  ],
  fields: {
    job: 'Connection',
    run: 'Run',
    runNumber: 'Run',
    runningRun: 'Running',
    nextRun: 'Next',
    started: 'Start date & time',
    duration: 'Run time',
    details: 'Details',
    history: 'Run history',
  },
  actions: { runNow: 'Run now', stop: 'Stop run', pause: 'Off', resume: 'On', download: 'Download log' },
}
