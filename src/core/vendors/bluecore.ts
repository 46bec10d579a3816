// Bluecore's words: import job and run statuses (requirements 1.2).
import type { VendorWords } from './words.ts'

export const bluecore: VendorWords = {
  title: 'Bluecore',
  job: {
    draft: 'Draft',
    sampling: 'Sampling',
    sampling_failed: 'Sampling failed',
    active: 'Active',
    paused: 'Paused',
    halted: 'Halted',
    completed: 'Completed',
  },
  run: {
    validating: 'Validating',
    importing: 'Importing',
    processing: 'Processing',
    completed: 'Completed',
    partial: 'Partially Completed',
    failed: 'Failed',
    halted: 'Halted',
  },
  fetch: {},
  process: {},
  record: {},
  outcome: {},
  reason: {},
  log: {},
  counters: [
    {
      label: 'Failed %',
      means: 'failed / total',
      unit: 'percent',
      of: ({ failed, total }) => (total === 0 ? 0 : (failed.total / total) * 100),
    },
  ],
  fields: {
    job: 'Job',
    run: 'Run',
    history: 'Run history',
    lastRuns: 'Last 5 runs',
    errorFile: 'Failed % (download)',
    quotaReached: 'Limit reached',
  },
  actions: { look: 'View job details', resume: 'Reactivate job' },
}
