// Blueshift's words: customer import tasks (requirements 1.1).
import type { VendorWords } from './words.ts'

export const blueshift: VendorWords = {
  title: 'Blueshift',
  job: { draft: 'Draft', active: 'Launched', paused: 'Paused', completed: 'Completed' },
  run: {
    fetching: 'Fetching',
    validating: 'Processing',
    importing: 'Processing',
    processing: 'Processing',
    completed: 'Processed',
    // BS-18: errors of records never make the run failed.
    completed_with_errors: 'Processed',
    failed: 'Failed',
  },
  fetch: { fetching: 'Fetching', fetched: 'Fetched', failed: 'Failed' },
  process: { processing: 'Processing', processed: 'Processed', failed: 'Failed' },
  record: { finished: 'Processed', skipped: 'Processed', failed: 'Errored' },
  outcome: {},
  reason: {},
  log: {},
  counters: [
    { label: 'Total records', means: 'total', unit: 'records', of: ({ total }) => total },
    {
      label: 'Processed records',
      means: 'finished + skipped, which is total − failed once everything is settled',
      unit: 'records',
      of: ({ finished, skipped }) => finished.total + skipped.total,
    },
    { label: 'Errored records', means: 'failed', unit: 'records', of: ({ failed }) => failed.total },
  ],
  fields: {
    job: 'Import task',
    source: 'Update Method',
    connection: 'Adapter',
    fetchStatus: 'Last Fetch Status',
    fetchStarted: 'Fetch Start time',
    fetchEnded: 'Fetch end time',
    processedFile: 'Download',
    errorFile: 'Error File',
  },
  actions: {
    look: 'View',
    download: 'Download',
    archive: 'Remove',
    pause: 'Pause',
    edit: 'Edit Import Task',
    checkProfiles: 'Validate Import',
  },
}
