// Problems of settings, and of looking at what was.
import { defineProblems } from '../problem.ts'

export const historyProblems = defineProblems({
  'run.no_download': {
    class: 'record',
    title: 'There is nothing to download',
    message: 'Run {run} has no {name}. {why}',
    advice: 'Type sluice run show {run} to see what became of it.',
    status: 409,
  },
  'activity.span': {
    class: 'record',
    title: 'The time cannot be shown',
    message: 'From and to must follow each other, with at most {max} of the unit ({by}) in between.',
    advice: 'Choose a shorter time, or a longer unit: hour, day, week or month.',
    status: 400,
  },
  'settings.unknown': {
    class: 'record',
    title: 'There is no such setting',
    message: 'There is no setting {name}.',
    advice: 'The settings are: {names}. Type sluice settings to see them with their values.',
    status: 400,
  },
  'settings.assignment': {
    class: 'record',
    title: 'It does not say what to set to what',
    message: '"{text}" does not say which setting gets which value.',
    advice: 'Write NAME=VALUE, for example sluice settings set zone=Europe/Vienna.',
    status: 400,
  },
  'settings.invalid': {
    class: 'record',
    title: 'The value does not fit the setting',
    message: 'The setting {name} cannot be that: {detail}',
    advice: 'Type sluice settings to see what it is now; nothing was changed.',
    status: 400,
  },
})
