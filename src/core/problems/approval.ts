// Problems of four-eyes approval.
import { defineProblems } from '../problem.ts'

export const approvalProblems = defineProblems({
  'approval.every_run': {
    class: 'halting',
    title: 'Waits for approval',
    message:
      'Every run of this job needs somebody else than who asked for it to approve it before it writes.',
    advice:
      'See what it would do with sluice run show {run}. Somebody else approves it: sluice approval approve {run}; or gives it up: sluice approval reject {run}.',
  },
  'approval.own_request': {
    class: 'halting',
    title: 'Somebody else must approve it',
    message: 'Of this job nobody approves what they asked for themselves, and {who} did: {what}.',
    advice:
      'Ask somebody else with the right to approve; sluice member list shows who is owner, admin or approver. To take it back: sluice approval reject {id}.',
    status: 403,
  },
  'approval.open': {
    class: 'record',
    title: 'A change waits already',
    message: '{what} of {job} by {by} waits for approval already.',
    advice:
      'Have it approved first, or take it back: sluice approval reject {id}. sluice approval list shows it.',
    status: 409,
  },
  'approval.over': {
    class: 'record',
    title: 'Nothing waits there any more',
    message: 'The request {id} is over: {why}.',
    advice:
      'sluice approval list shows what waits for approval; ask for the change again if it is still wanted.',
    status: 409,
  },
  'approval.by_import': {
    class: 'halting',
    title: 'The change needs approval',
    message:
      'Changes of {job} need somebody else to approve them, and this import would read or map its files in another way.',
    advice:
      'Ask for the change with sluice job edit {job}, and import when it is approved; or give the import another name with --job.',
    status: 409,
  },
})
