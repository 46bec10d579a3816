// Problems of corrections and retries.
import { defineProblems } from '../problem.ts'

export const retryProblems = defineProblems({
  'correction.unnamed': {
    class: 'record',
    title: 'The row names no record',
    message: 'The row names no record: its cells _run and _record are empty.',
    advice:
      'A correction keeps the _run and _record of the error file. A person who was not in the file before is imported with a file of their own.',
  },
  'correction.unknown': {
    class: 'record',
    title: 'The row names a record that is not there',
    message: 'There is no record {record} of run {run_named} to correct.',
    advice:
      'Copy _run and _record of this row from the error file again; a spreadsheet may have changed them.',
  },
  'correction.not_failed': {
    class: 'record',
    title: 'The record did not fail',
    message: 'The record {record} did not fail, it is {state}: there is nothing to correct.',
    advice:
      'Copy _run and _record of this row from the error file again. To change what is right already, import the values as a file of their own.',
  },
  'correction.twice': {
    class: 'record',
    title: 'The record is corrected twice in this file',
    message: 'The record {record} is corrected by an earlier row of this file too.',
    advice: 'Keep the row that is right, remove the other one, and import the file again.',
  },
  'correction.other_job': {
    class: 'record',
    title: 'The row belongs to another job',
    message: 'The record {record} belongs to the job {job}, and the others of this file to {other}.',
    advice: 'Import the corrections of each job as a file of their own.',
  },
  'correction.again': {
    class: 'record',
    title: 'Corrected once more',
    message: 'The record {record} went in with {newest} already; this correction replaces it.',
    advice: 'No action required. See both with sluice explain {record}.',
  },
  'corrections.none': {
    class: 'halting',
    title: 'No run is named',
    message: 'The file has the columns of an error file, but no row names a run of this namespace.',
    advice:
      'Take the error file again with sluice run errors RUN --save FILE and correct that one. If it is no error file, rename its columns _run and _record.',
  },
  'fixes.nothing': {
    class: 'halting',
    status: 422,
    title: 'Nothing is mended',
    message: 'None of the fixes changes a row that failed.',
    advice:
      'Correct a cell, or choose a fix for all rows of a cause; rows that are left out are not imported.',
  },
  'corrections.several_jobs': {
    class: 'halting',
    title: 'Corrections of several jobs',
    message: 'The file holds corrections of several jobs: {jobs}.',
    advice: 'Import the corrections of each job as a file of their own: their mappings differ.',
  },
  'corrections.undone': {
    class: 'halting',
    title: 'The import was undone',
    message: 'The file corrects records of {run}, which was undone.',
    advice:
      'Import the original file again, and correct the error file of that run. Or undo the undo first: sluice run show {run} names it.',
    status: 409,
  },
  'corrections.columns_missing': {
    class: 'halting',
    title: 'A column was removed',
    message: 'The corrected file lacks columns of the error file: {columns}.',
    advice: 'Put them back, or take the error file again with sluice run errors {run} --save FILE.',
  },
  'corrections.flags': {
    class: 'halting',
    title: 'Corrections keep the mapping of their run',
    message: 'The file holds corrections of {run}, which are read as that run was; {flags} cannot be used.',
    advice:
      'Leave such flags out. To read the failed records otherwise, type sluice records retry --run {run} --state failed --mapping FILE.',
    status: 400,
  },
  'import.unfinished': {
    class: 'halting',
    title: 'An earlier import of the same content is unfinished',
    message: '{run} imports the same content with other settings ({differs}), and is {state}.',
    advice:
      'Type the command again with --resume to go on with {run} as it is, or with --anew to stop it and start with these settings.',
    status: 409,
  },
  'retry.nothing': {
    class: 'record',
    title: 'Nothing to retry',
    message:
      'No record was chosen: name records (r1042/17), or say which with --run, --state, --code or --reason.',
    advice: 'See what is there with sluice records --state failed.',
    status: 400,
  },
})
