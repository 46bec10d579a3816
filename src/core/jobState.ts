// The life of a job (design section 6). Everything that names a job state reads it from here.
import { defineMachine, type MoveOf, type StateOf } from './machine.ts'

/** Bringing a job back gives it the state it can go on from. */
const restore = <const S extends string>(to: S) =>
  ({ from: ['archived'], to, by: 'system', doc: 'It was brought back from the archive.' }) as const

export const jobMachine = defineMachine({
  name: 'job',
  initial: 'draft',
  states: {
    draft: {
      label: 'Draft',
      tone: 'waiting',
      doc: 'Saved with its configuration, never switched on.',
      next: 'Complete the mapping and the schedule, then activate it.',
    },
    sampling: {
      label: 'Sampling',
      tone: 'active',
      doc: 'A sample of the source is being read, and a mapping proposed.',
      next: 'No action required.',
    },
    sampling_failed: {
      label: 'Sampling failed',
      tone: 'bad',
      doc: 'The sample could not be read or mapped.',
      next: 'Change the mapping, the encoding or the delimiters, or give another file; then sample again.',
    },
    active: {
      label: 'Active',
      tone: 'good',
      doc: 'Switched on: it runs, or will run by itself.',
      next: 'No action required.',
    },
    paused: {
      label: 'Paused',
      tone: 'stopped',
      doc: 'Switched off by a person; nothing runs until it is reactivated.',
      next: 'Reactivate it when it should run again.',
    },
    halted: {
      label: 'Halted',
      tone: 'bad',
      doc: 'Switched off by the system because of a problem that a person must solve.',
      next: 'See the problem and the last runs, do what is advised, then resume it.',
    },
    completed: {
      label: 'Completed',
      tone: 'good',
      settled: true,
      doc: 'Nothing is left to run: a one-time job is done, or the end of the schedule is reached.',
      next: 'No action required.',
    },
    archived: {
      label: 'Archived',
      tone: 'stopped',
      settled: true,
      doc: 'Out of the lists; its history stays until retention removes it.',
      next: 'Restore it to use it again.',
    },
  },
  moves: {
    sample: { from: ['draft', 'sampling_failed'], to: 'sampling', by: 'person', doc: 'Read a sample.' },
    sampled: { from: ['sampling'], to: 'draft', by: 'system', doc: 'The sample was understood.' },
    fail_sampling: {
      from: ['sampling'],
      to: 'sampling_failed',
      by: 'system',
      doc: 'The sample was not understood; the problem says what to change.',
    },
    amend: {
      from: ['sampling_failed'],
      to: 'draft',
      by: 'system',
      doc: 'It was edited by hand: the sample that failed says nothing about it any more.',
    },
    activate: {
      from: ['draft'],
      to: 'active',
      by: 'person',
      doc: 'Switch it on; the first run starts at once.',
    },
    pause: { from: ['active'], to: 'paused', by: 'person', doc: 'Switch it off until it is reactivated.' },
    resume: {
      from: ['paused', 'halted'],
      to: 'active',
      by: 'person',
      doc: 'Switch it on again; missed runs are not made up unless its schedule says so.',
    },
    halt: { from: ['active'], to: 'halted', by: 'system', doc: 'A person must act before it can go on.' },
    complete: { from: ['active', 'halted'], to: 'completed', by: 'system', doc: 'Nothing is left to run.' },
    begin_again: {
      from: ['completed', 'halted'],
      to: 'active',
      by: 'system',
      doc: 'A one-time job was started once more.',
    },
    archive: {
      from: ['draft', 'sampling_failed', 'paused', 'halted', 'completed'],
      to: 'archived',
      by: 'person',
      doc: 'Take it out of the lists.',
    },
    restore_draft: restore('draft'),
    restore_paused: restore('paused'),
    restore_completed: restore('completed'),
  },
})

export type JobState = StateOf<typeof jobMachine>
export type JobMove = MoveOf<typeof jobMachine>
