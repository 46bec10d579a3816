// Problems of a run as a whole.
import { defineProblems } from '../problem.ts'

export const runProblems = defineProblems({
  internal: {
    class: 'bug',
    title: 'Internal error',
    message: 'Something went wrong inside Sluice: {detail}',
    advice: 'Please report this with the log of the run.',
    status: 500,
  },
  'law.broken': {
    class: 'bug',
    title: 'The numbers do not add up',
    message: 'The numbers of the run do not add up: {detail}',
    advice: 'Nothing was hidden: type sluice verify {run} to see the first wrong record, and report it.',
  },
  'breaker.rejects': {
    class: 'halting',
    title: 'Too many records would be rejected',
    message:
      '{rejected} of {total} records ({percent} %) would be rejected, more than the limit of {limit} %.',
    advice:
      'See the causes with sluice run errors {run}. Then correct the file or the mapping, or release the run.',
  },
  'mapping.misled': {
    class: 'halting',
    title: 'The whole file says otherwise than its beginning',
    message:
      '{count} values of the column {column} ({percent} %) do not fit what the beginning of the file suggested.',
    advice:
      'Import again with the column as text (--map {column}=KEY:text), or as it should be; or release the run, and those records go to the error file: sluice run release {run}.',
  },
  'breaker.empty': {
    class: 'halting',
    title: 'No records',
    message: 'The file has a header but no records.',
    advice: 'Check that the export finished; nothing was written.',
  },
  storage_full: {
    class: 'transient',
    title: 'The disk is full',
    message: 'There is no room left on {path} ({free} free).',
    advice: 'Make room; the run sleeps and continues by itself.',
    status: 507,
  },
  database_unreachable: {
    class: 'transient',
    title: 'The database does not answer',
    message: 'PostgreSQL does not answer: {detail}',
    advice: 'The run waits and continues by itself when the database is back.',
    status: 503,
  },
  schema_locked: {
    class: 'transient',
    title: 'The profile table is locked',
    message: 'The profile table could not be changed for 60 s: {holder} holds a lock on it.',
    advice: 'End that session or wait; the run continues by itself.',
  },
})
