// Problems of schedules: what cannot be scheduled, and why an occurrence did not take place.
import { defineProblems } from '../problem.ts'

export const scheduleProblems = defineProblems({
  'schedule.zone_unknown': {
    class: 'record',
    title: 'Unknown time zone',
    message: 'There is no time zone {zone}.{near}',
    advice: 'Write it as region and city, such as Europe/Vienna or America/New_York, or UTC.',
  },
  'schedule.cron': {
    class: 'record',
    title: 'The cron expression cannot be read',
    message: 'The cron expression "{expression}" cannot be read at character {position}: {detail}.',
    advice:
      'Write minute, hour, day of the month, month and weekday, such as "30 6 * * MON-FRI"; sluice schedule preview --cron "…" shows what comes of it.',
  },
  'schedule.end_before_start': {
    class: 'record',
    title: 'The end is before the start',
    message: 'The schedule would end at {end}, before it begins at {start}.',
    advice: 'Change one of them, or leave the end out.',
  },
  'schedule.never': {
    class: 'record',
    title: 'It would never run',
    message: 'Nothing is due on this schedule{until}.',
    advice:
      'See what comes of it with sluice schedule preview; a day that no month has, or an end before the first time, cannot be.',
  },
  'schedule.none': {
    class: 'record',
    title: 'The job has no schedule',
    message: 'The job {job} has no schedule.',
    advice: 'Give it one, for example with sluice job edit {job} --days mon,fri --at 06:30.',
  },
  'schedule.no_such_day': {
    class: 'record',
    title: 'The month has no such day',
    message: 'There is no {day} {month}, so nothing runs in that month.',
    advice:
      'To run on the last day of every month instead, use --day-of-month last. In a job file, missing: last_day takes the last day where there is no such day.',
  },
  'schedule.clock_forward': {
    class: 'record',
    title: 'The clock is put forward',
    message: 'The clock jumps over {time}, so it runs at {instead}.',
    advice: 'Nothing needs to be done; choose another time if it should not move.',
  },
  'schedule.clock_back': {
    class: 'record',
    title: 'The clock is put back',
    message: 'The clock shows {time} twice; it runs the first time only.',
    advice: 'Nothing needs to be done.',
  },
  'schedule.missed': {
    class: 'transient',
    title: 'No server was there',
    message: '{count} due {when} did not take place: no server was running.',
    advice:
      'Keep the server up (sluice up). To have one run for all that were missed, use sluice job edit JOB --missed run-once.',
  },
  'schedule.missed_while_off': {
    class: 'record',
    title: 'The job was switched off',
    message: '{count} due {when} did not take place: the job was switched off.',
    advice: 'To have one run for all of them when it is resumed, use sluice job edit JOB --missed run-once.',
  },
  'schedule.quiet': {
    class: 'transient',
    title: 'Quiet hours',
    message: 'Quiet hours from {hours}: it waits until {until}.',
    advice:
      'Nothing needs to be done. To run it all the same, do not wait (sluice run retry-now RUN); other hours are set with sluice job edit JOB --quiet 22:00-06:00, or none.',
  },
  'schedule.overlap': {
    class: 'transient',
    title: 'The run before was not over',
    message: '{count} came due while {run} was still open ({policy}); the last one at {to}.',
    advice: 'Let the job run less often, or see with sluice run show {run} why it takes so long.',
  },
  'schedule.too_often': {
    class: 'record',
    title: 'It is due before the last run is over',
    message: 'A run usually takes {usual}, but the next one is due after {interval}.',
    advice: 'Let it run less often: runs would wait for each other, and some would be skipped.',
  },
  'after.unknown': {
    class: 'record',
    title: 'There is no job to follow',
    message: 'The job {job} is to run after {after}, and there is no job of that name.',
    advice:
      'See the names with sluice job list, then name the right one with sluice job edit "{job}" --after NAME, or make that job first.',
  },
})
