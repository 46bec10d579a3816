// The states of one record, its outcomes and reasons (design section 6), with the small numbers the ledger stores.
import { defineMachine, type StateOf } from './machine.ts'
import type { Problem } from './problem.ts'

export const recordMachine = defineMachine({
  name: 'record',
  initial: 'new',
  states: {
    new: { label: 'New', tone: 'waiting', doc: 'Ready to be processed.', next: 'No action required.' },
    processing: { label: 'Processing', tone: 'active', doc: 'A worker has it.', next: 'No action required.' },
    retry: {
      label: 'Retry',
      tone: 'waiting',
      doc: 'Will be tried again by itself.',
      next: 'No action required.',
    },
    waiting: {
      label: 'Waiting',
      tone: 'waiting',
      doc: 'Its outcome comes from outside.',
      next: 'Settle it when the outcome is known.',
    },
    finished: {
      label: 'Finished',
      tone: 'good',
      settled: true,
      doc: 'Done; the outcome says what became of it.',
      next: 'No action required.',
    },
    skipped: {
      label: 'Skipped',
      tone: 'stopped',
      settled: true,
      doc: 'Left out on purpose; the reason says why.',
      next: 'No action required.',
    },
    failed: {
      label: 'Failed',
      tone: 'bad',
      settled: true,
      doc: 'Set aside with a problem; its neighbours were not touched.',
      next: 'Correct it in the error file and import that.',
    },
  },
  moves: {
    take: { from: ['new', 'retry'], to: 'processing', by: 'worker', doc: 'A worker took it.' },
    finish: { from: ['processing', 'waiting'], to: 'finished', by: 'worker', doc: 'Done.' },
    fail: { from: ['processing', 'waiting'], to: 'failed', by: 'worker', doc: 'It has a problem.' },
    try_again: { from: ['processing'], to: 'retry', by: 'worker', doc: 'It may work later.' },
    wait: { from: ['processing'], to: 'waiting', by: 'worker', doc: 'The outcome comes later.' },
    skip: { from: ['new', 'retry'], to: 'skipped', by: 'person', doc: 'Do not process it.' },
    retry: {
      from: ['finished', 'failed', 'skipped'],
      to: 'new',
      by: 'person',
      doc: 'Again, as a new row in a run of its own; this row stays as it is.',
    },
    put_back: {
      from: ['processing'],
      to: 'new',
      by: 'worker',
      doc: 'The run that had it ended before its turn.',
    },
    leave_out: { from: ['processing'], to: 'skipped', by: 'worker', doc: 'A rule leaves it out.' },
  },
})

export type RecordState = StateOf<typeof recordMachine>

/** Numbers in the ledger. Never renumber: old rows carry them. States below 3 are open. */
export const recordStateNumber: Readonly<Record<RecordState, number>> = {
  new: 0,
  processing: 1,
  retry: 2,
  finished: 3,
  skipped: 4,
  failed: 5,
  waiting: 6,
}

export const outcomes = [
  'created',
  'updated',
  'unchanged',
  'merged',
  'deleted',
  'delivered',
  'removed',
  'restored',
] as const
export type Outcome = (typeof outcomes)[number]
export const outcomeNumber: Readonly<Record<Outcome, number>> = {
  created: 1,
  updated: 2,
  unchanged: 3,
  merged: 4,
  deleted: 5,
  delivered: 6,
  removed: 7,
  restored: 8,
}

export const skipReasons = [
  'manual',
  'filtered',
  'already_processed',
  'duplicate_in_file',
  'consent',
  'not_found',
  'exists',
  'superseded',
  'quiet_window',
  'expired',
  'unchanged_correction',
  'kept',
] as const
export type SkipReason = (typeof skipReasons)[number]
export const skipReasonNumber: Readonly<Record<SkipReason, number>> = {
  manual: 1,
  filtered: 2,
  already_processed: 3,
  duplicate_in_file: 4,
  consent: 5,
  not_found: 6,
  exists: 7,
  superseded: 8,
  quiet_window: 9,
  expired: 10,
  unchanged_correction: 11,
  kept: 12,
}

/** A record that a rule leaves out before anything is planned for it. */
export interface Skipped {
  readonly reason: SkipReason
  /**
   * What exactly left it out, for the ledger and the receipt. Records are counted by the note's detail `by`, which
   * must be one of few (such as the name of a filter), and by its code where it has none.
   */
  readonly note: Problem | null
}

/** The words under which records left out with a note are counted: `filtered:only active`. */
export function noteKey(reason: SkipReason, { code, details }: Problem): string {
  return `${reason}:${details?.['by'] ?? code}`
}

/** Where in its life a record failed. */
export const recordStages = ['read', 'map', 'check', 'write', 'deliver'] as const
export type RecordStage = (typeof recordStages)[number]

function nameOf<T extends string>(numbers: Readonly<Record<T, number>>): (n: number) => T | undefined {
  const names = new Map<number, T>((Object.entries(numbers) as [T, number][]).map(([name, n]) => [n, name]))
  return (n) => names.get(n)
}
export const recordStateName = nameOf(recordStateNumber)
export const outcomeName = nameOf(outcomeNumber)
export const skipReasonName = nameOf(skipReasonNumber)
