// Why something cannot be undone: a run as a whole, and what an undo leaves as it is.
import { defineProblems } from '../problem.ts'

export const undoProblems = defineProblems({
  'undo.active': {
    class: 'record',
    title: 'The run is still under way',
    message: 'Run {run} is {state}; only a run that has ended can be undone.',
    advice: 'Wait for it, or stop it first: sluice run stop {run}.',
    status: 409,
  },
  'undo.done': {
    class: 'record',
    title: 'The run is undone already',
    message: 'Run {run} was undone by {by}.',
    advice: 'Nothing to do. To have it back, undo the undo: sluice undo {by}.',
    status: 409,
  },
  'undo.nothing': {
    class: 'record',
    title: 'The run wrote nothing',
    message: 'Run {run} wrote nothing ({state}), so there is nothing to undo.',
    advice: 'See it with sluice run show {run}.',
    status: 409,
  },
  'undo.under_way': {
    class: 'record',
    title: 'The run is being undone',
    message: 'Run {run} is being undone by {by}.',
    advice: 'Wait for it, or see how far it is: sluice run show {by}.',
    status: 409,
  },
  'undo.of_redo': {
    class: 'record',
    title: 'This undo cannot be undone',
    message: 'Run {run} took an undo back; that cannot be undone by its own name.',
    advice: 'Undo the import itself again: sluice undo {origin}.',
    status: 409,
  },
  'undo.purged': {
    class: 'halting',
    title: 'What undo needs is gone',
    message: 'What {run} replaced was removed by retention; it cannot be undone any more.',
    advice: 'Import what should stand now. See what is kept how long: sluice retention forecast',
    status: 409,
  },
  'undo.too_old': {
    class: 'record',
    title: 'The run is too old to be undone',
    message: 'Run {run} could be undone until {until}; what it replaced is not kept longer than {days} days.',
    advice: 'Correct the profiles with a new import.',
    status: 409,
  },
  'undo.delivered': {
    class: 'record',
    title: 'Delivered by another run as well',
    message: 'The profile stays: {by} delivered this person as well.',
    advice: 'Undo {by} first if the profile is to go as well: sluice undo {by}.',
  },
  'undo.value_newer': {
    class: 'record',
    title: 'Values confirmed or replaced later',
    message: '{attributes}: as {by} left it; that run came later.',
    advice: 'Undo {by} first if its values are to go as well: sluice undo {by}.',
  },
  'undo.value_unclear': {
    class: 'record',
    title: 'Values that another run may have confirmed',
    message: '{attributes}: kept, because {by} may have said the same.',
    advice: 'Undo {by} first if its values are to go as well: sluice undo {by}.',
  },
  'undo.merge_used': {
    class: 'record',
    title: 'Merged profiles that a later run used',
    message: 'The merged profiles stay together: {by} has delivered to them since.',
    advice: 'Undo {by} first, then this run: sluice undo {by}.',
  },
  'undo.gone_later': {
    class: 'record',
    title: 'Merged or deleted later',
    message: 'The profile is gone: {by} merged or deleted it since.',
    advice: 'Undo {by} first, then this run: sluice undo {by}.',
  },
  'undo.person_again': {
    class: 'record',
    title: 'Deleted, and imported again since',
    message: 'The deleted profile does not come back: its identifiers belong to another profile by now.',
    advice: 'Undo the import that brought the person again first, or keep the new profile.',
  },
  'undo.identifier_used': {
    class: 'record',
    title: 'Identifiers that a later run may have used',
    message: 'The {kind} stays: {by} may have found the person by it.',
    advice: 'Undo {by} first, then this run: sluice undo {by}.',
  },
  'undo.identifier_needed': {
    class: 'record',
    title: 'The only identifier of a profile',
    message: 'The {kind} stays: without it nothing would lead to the profile.',
    advice: 'Import the person with another identifier, then undo.',
  },
  'undo.identifier_taken': {
    class: 'record',
    title: 'Identifiers that somebody else has now',
    message: 'The {kind} cannot be given back: another profile has it now.',
    advice: 'Look up who has it with sluice profiles find, and correct it with a new import.',
  },
})
