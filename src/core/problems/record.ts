// Problems of records that wait, and of what people order about records.
import { defineProblems } from '../problem.ts'

export const recordProblems = defineProblems({
  'record.refused_outside': {
    class: 'record',
    title: 'Refused by the destination',
    message: 'The destination said afterwards that it did not take the record: {detail}',
    advice: 'Correct what it says and retry the record: sluice records retry RECORD.',
  },
  'record.processing_under_way': {
    class: 'transient',
    title: 'A processing run is under way',
    message: 'Records of the job {job} are being processed by {run} already.',
    advice: 'Wait for it: sluice run show {run}. Then type the same once more.',
    status: 409,
  },
  'record.job_off': {
    class: 'record',
    title: 'The job is not switched on',
    message: 'The job {job} is {state}: its records are not processed now.',
    advice: 'Switch it on first; sluice job show {job} says how.',
    status: 409,
  },
  'run.process_resume': {
    class: 'record',
    title: 'A processing run is not continued',
    message: 'Run {run} took waiting records; those it did not come to wait again, for the next such run.',
    advice:
      'Nothing needs to be done for a job that is switched on; sluice records process --job JOB takes them now.',
    status: 409,
  },
  'undo.processed': {
    class: 'record',
    title: 'Nothing was written by the run itself',
    message: 'Run {run} only left its records to be processed; {by}.',
    advice:
      'Undo the runs that processed them. What still waits is left out with sluice records skip --run {run} --state new.',
    status: 409,
  },
})
