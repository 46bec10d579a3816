// Lytics' words: jobs, their log and their counts (requirements 1.4).
import { sumOf, type VendorWords } from './words.ts'

export const lytics: VendorWords = {
  title: 'Lytics',
  job: { active: 'Running', paused: 'Paused', halted: 'Failed', completed: 'Completed' },
  // LY-11: not running, but scheduled to run again.
  idleJob: 'Sleeping',
  run: {
    fetching: 'Running',
    validating: 'Running',
    importing: 'Running',
    processing: 'Running',
    queued: 'Sleeping',
    retry_wait: 'Sleeping',
    completed: 'Completed',
    completed_with_errors: 'Completed',
    failed: 'Error',
    halted: 'Failed',
    stopped: 'Killed',
  },
  fetch: {},
  process: {},
  record: { skipped: 'Omitted', failed: 'Rejected' },
  outcome: { created: 'Added', delivered: 'Added', deleted: 'Removed', removed: 'Removed' },
  reason: {},
  log: {
    started: 'Started',
    synced: 'Synced',
    error: 'Error',
    sleeping: 'Sleeping',
    failed: 'Failed',
    job_halted: 'Failed',
    completed: 'Completed',
  },
  counters: [
    {
      label: 'Added',
      means: 'finished created + delivered',
      unit: 'records',
      of: ({ finished }) => sumOf(finished, ['created', 'delivered']),
    },
    {
      label: 'Removed',
      means: 'finished deleted + removed',
      unit: 'records',
      of: ({ finished }) => sumOf(finished, ['deleted', 'removed']),
    },
    { label: 'Omitted', means: 'skipped', unit: 'records', of: ({ skipped }) => skipped.total },
  ],
  fields: {
    job: 'Job',
    connection: 'Authorization',
    source: 'Provider',
    createdBy: 'Created By',
    createdAt: 'Created',
    updatedAt: 'Last Updated',
    history: 'Logs',
  },
  actions: { look: 'Summary', pause: 'Pause', resume: 'Resume' },
}
