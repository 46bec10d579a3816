// The life of a run (design section 6). Everything that names a run state reads it from here.
import { defineMachine, settledStates, type MoveOf, type StateOf } from './machine.ts'

const working = ['fetching', 'validating', 'importing', 'processing'] as const

/** An undo that is undone itself puts the run back into the state it had: the one it came from. */
const reinstate = <const S extends string>(to: S) =>
  ({ from: ['reverted'], to, by: 'system', doc: 'The undo of it was undone.' }) as const
const reinstating = {
  reinstate_completed: reinstate('completed'),
  reinstate_completed_with_errors: reinstate('completed_with_errors'),
  reinstate_partial: reinstate('partial'),
  reinstate_stopped: reinstate('stopped'),
  reinstate_halted: reinstate('halted'),
}

export const runMachine = defineMachine({
  name: 'run',
  initial: 'queued',
  states: {
    queued: { label: 'Queued', tone: 'waiting', doc: 'Waits for a worker.', next: 'No action required.' },
    fetching: {
      label: 'Fetching',
      tone: 'active',
      doc: 'The source is being landed, byte for byte.',
      next: 'No action required.',
    },
    validating: {
      label: 'Validating',
      tone: 'active',
      doc: 'Every record is read, mapped and checked; nothing is written yet.',
      next: 'No action required.',
    },
    held: {
      label: 'Held',
      tone: 'warn',
      doc: 'Stopped before writing: the circuit breaker wants a person to look.',
      next: 'Look at the counts and causes, then release or drop the run.',
    },
    importing: {
      label: 'Importing',
      tone: 'active',
      doc: 'Records are becoming profiles.',
      next: 'No action required.',
    },
    processing: {
      label: 'Processing',
      tone: 'active',
      doc: 'Error file, artifacts, and the check that the numbers add up.',
      next: 'No action required.',
    },
    retry_wait: {
      label: 'Waiting to retry',
      tone: 'waiting',
      doc: 'An attempt failed, or something it needs is not there; it goes on by itself.',
      next: 'No action required; it can be tried again at once, without waiting.',
    },
    stopping: {
      label: 'Stopping',
      tone: 'stopped',
      doc: 'A person asked to stop; batches in hand are finished.',
      next: 'No action required.',
    },
    completed: {
      label: 'Completed',
      tone: 'good',
      settled: true,
      doc: 'Every record was settled and none failed.',
      next: 'No action required.',
    },
    completed_with_errors: {
      label: 'Completed with errors',
      tone: 'warn',
      settled: true,
      doc: 'Every record was settled; some failed.',
      next: 'Correct the records that failed and import them again: row by row, or in the error file.',
    },
    partial: {
      label: 'Partially completed',
      tone: 'warn',
      settled: true,
      doc: 'Stopped by the system midway; what was written stays and is counted.',
      next: 'See the reason, then run it again: it continues where it stopped.',
    },
    failed: {
      label: 'Failed',
      tone: 'bad',
      settled: true,
      doc: 'Ended before anything was written.',
      next: 'See the reason; the same import can be started again.',
    },
    halted: {
      label: 'Halted',
      tone: 'bad',
      settled: true,
      doc: 'A person must act before it makes sense to go on.',
      next: 'Do what the problem advises, then import again.',
    },
    stopped: {
      label: 'Stopped',
      tone: 'stopped',
      settled: true,
      doc: 'A person stopped it; what was written stays and is counted.',
      next: 'Run it again to continue, or leave it.',
    },
    skipped: {
      label: 'Skipped',
      tone: 'stopped',
      settled: true,
      doc: 'It did not run, and says why.',
      next: 'No action required.',
    },
    reverted: {
      label: 'Reverted',
      tone: 'stopped',
      settled: true,
      doc: 'It was undone afterwards.',
      next: 'No action required.',
    },
  },
  moves: {
    fetch: { from: ['queued'], to: 'fetching', by: 'worker', doc: 'A worker took it.' },
    validate: {
      from: ['fetching', 'queued'],
      to: 'validating',
      by: 'worker',
      doc: 'The landing is there.',
    },
    hold: { from: ['validating'], to: 'held', by: 'system', doc: 'The circuit breaker tripped.' },
    release: { from: ['held'], to: 'queued', by: 'person', doc: 'Go ahead all the same.' },
    drop: { from: ['held'], to: 'stopped', by: 'person', doc: 'Do not import it.' },
    import: {
      from: ['validating', 'queued'],
      to: 'importing',
      by: 'worker',
      doc: 'Validated; writing begins or goes on.',
    },
    process: { from: ['importing'], to: 'processing', by: 'worker', doc: 'Every chunk is done.' },
    complete: { from: ['processing'], to: 'completed', by: 'worker', doc: 'The law holds; nothing failed.' },
    complete_with_errors: {
      from: ['processing'],
      to: 'completed_with_errors',
      by: 'worker',
      doc: 'The law holds; some records failed.',
    },
    wait: {
      from: ['queued', ...working],
      to: 'retry_wait',
      by: 'worker',
      doc: 'The attempt failed for a reason that may pass.',
    },
    wake: {
      from: ['retry_wait'],
      to: 'queued',
      by: 'system',
      doc: 'Its time has come: it is the first of its lane.',
    },
    'retry-now': {
      from: ['retry_wait'],
      to: 'queued',
      by: 'person',
      doc: 'Do not wait for the time of the next attempt.',
    },
    fail: {
      from: ['queued', 'fetching', 'validating', 'importing', 'retry_wait'],
      to: 'failed',
      by: 'worker',
      doc: 'Attempts are used up and nothing was written.',
    },
    end_partial: {
      from: ['queued', 'importing', 'processing', 'retry_wait'],
      to: 'partial',
      by: 'worker',
      doc: 'Attempts are used up and something was written.',
    },
    halt: {
      from: ['queued', ...working, 'retry_wait'],
      to: 'halted',
      by: 'worker',
      doc: 'A person must act.',
    },
    stop: {
      from: ['queued', ...working, 'retry_wait'],
      to: 'stopping',
      by: 'person',
      doc: 'Stop after the batches in hand.',
    },
    end_stopped: { from: ['stopping'], to: 'stopped', by: 'worker', doc: 'Nothing is in hand any more.' },
    resume: {
      from: ['stopped', 'partial', 'halted'],
      to: 'queued',
      by: 'person',
      doc: 'Continue where it stopped.',
    },
    skip: {
      from: ['queued', 'fetching', 'validating'],
      to: 'skipped',
      by: 'system',
      doc: 'The same import was done before, there was nothing new, or it was a dry run.',
    },
    revert: {
      from: ['completed', 'completed_with_errors', 'partial', 'stopped', 'halted'],
      to: 'reverted',
      by: 'system',
      doc: 'An undo of it is complete.',
    },
    ...reinstating,
  },
})

export type RunState = StateOf<typeof runMachine>
export type RunMove = MoveOf<typeof runMachine>

export const settledRunStates: readonly RunState[] = settledStates(runMachine)

export function isSettled(state: RunState): boolean {
  return settledRunStates.includes(state)
}

/** The states in which a run works, and holds its lane (design section 8). */
export const workingRunStates: readonly RunState[] = working

/** The states in which a lane stays held: one that is being stopped still has batches in hand. */
export const laneRunStates: readonly RunState[] = [...working, 'stopping']

/** The lane of dry runs and previews, which must not wait behind an import. */
export const previewLane = 'preview'

/** The stages of a run, with times of their own (design section 4). */
export const runStages = ['fetching', 'validating', 'importing', 'processing'] as const
export type RunStage = (typeof runStages)[number]

/** The state of a run in words: what was only tried misses nothing, and what sleeps has not failed. `rests`: why. */
export function labelOf(run: {
  readonly state: RunState
  readonly dryRun: boolean
  readonly rests: string | null
}): string {
  if (run.state === 'skipped' && run.dryRun) return 'Dry run'
  if (run.state === 'retry_wait' && run.rests !== null && run.rests !== 'retry') return 'Sleeping'
  return runMachine.states[run.state].label
}
