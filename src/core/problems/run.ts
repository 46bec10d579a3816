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
  'worker.lost': {
    class: 'transient',
    title: 'The worker died three times at the same place',
    message: 'The process at work on {place} died {times} times.',
    advice:
      'It is tried again by itself. If it fails again, free some memory and see the end of logs/up.log in the data folder, then report it.',
  },
  'attempts.window': {
    class: 'halting',
    title: 'Failing for too long',
    message: 'Nothing has succeeded for {hours} hours ({attempts} failed attempts). The last problem: {last}',
    advice: 'See the log of the job, mend what it says, then resume the job.',
  },
  'law.broken': {
    class: 'bug',
    title: 'The numbers do not add up',
    message: 'The numbers of the run do not add up: {detail}',
    advice: 'Nothing was hidden: type sluice verify {run} to see the first wrong record, and report it.',
  },
  'run.purged': {
    class: 'halting',
    title: 'The records of the run are gone',
    message:
      'The records of {run}, or what they replaced, were removed by retention on {on}; its totals are what is left.',
    advice:
      'Nothing is wrong. How long records are kept is a setting: sluice settings set retention.ledger=180',
    status: 410,
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
    message: 'The file has no records.',
    advice: 'Check that the export finished; nothing was written.',
  },
  'breaker.deletes': {
    class: 'halting',
    title: 'Too many people would be deleted',
    message: '{deletes} of {profiles} people ({percent} %) would be deleted, more than the limit of {limit}.',
    advice:
      'See who with sluice run show {run}. If the file is whole and they are to go, release the run: sluice run release {run}. If not, drop it: sluice run drop {run}.',
  },
  'breaker.rows': {
    class: 'halting',
    title: 'Not the usual number of records',
    message:
      'The file has {total} records, {percent} % of the usual {usual}: {how} than the limit of {limit} %.',
    advice:
      'Check whether the export is whole. If it is, release the run: sluice run release {run}; otherwise drop it: sluice run drop {run}.',
  },
  'breaker.columns': {
    class: 'halting',
    title: 'Mapped columns are missing or moved',
    message: 'The columns of the file are not those of the mapping: {columns}.',
    advice:
      'Ask for a whole export, or change the mapping of the job; and drop this run: sluice run drop {run}.',
  },
  'breaker.retyped': {
    class: 'halting',
    title: 'A column does not fit its type',
    message: '{percent} % of the values of the column {column} do not fit its type.',
    advice:
      'See examples with sluice run errors {run}. Correct the export or the mapping, or release the run: sluice run release {run}.',
  },
  'breaker.moved': {
    class: 'halting',
    title: 'Not what was released any more',
    message: 'While the run was held, what it would do has changed: {what}.',
    advice:
      'Look again with sluice run show {run}, and release it once more if it is right: sluice run release {run}.',
  },
  limit_reached: {
    class: 'halting',
    midway: true,
    title: 'The quota of the month is used up',
    message: 'The namespace may take {quota} records a month; {used} are taken in {month}.',
    advice:
      'Raise the quota (sluice settings set quota=N) or wait until {until}, then go on: sluice run resume {run}. What was imported stays.',
  },
  'mirror.unreadable': {
    class: 'halting',
    title: 'Nobody was deleted, because some lines cannot be read',
    message:
      'Nobody was deleted: there are lines whose identifiers cannot be read ({count}, first: line {line}), so it is not known who is missing.',
    advice:
      'Correct those lines and import the file again; everything else of it went in. See them: sluice run errors {run}.',
  },
  storage_full: {
    class: 'transient',
    waits: true,
    title: 'The disk is full',
    message: 'There is no room left on {path} ({free} free).',
    advice: 'Make room; the run sleeps and continues by itself.',
    status: 507,
  },
  database_unreachable: {
    class: 'transient',
    waits: true,
    title: 'The database does not answer',
    message: 'PostgreSQL does not answer: {detail}',
    advice: 'The run waits and continues by itself when the database is back.',
    status: 503,
  },
  schema_locked: {
    class: 'transient',
    waits: true,
    title: 'The profile table is locked',
    message: 'The profile table could not be changed for 60 s: {holder} holds a lock on it.',
    advice: 'End that session or wait; the run continues by itself.',
  },
})
