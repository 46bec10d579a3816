// What a run waits for, and how that is said.
import { runName } from './names.ts'
import { runMachine, type RunState } from './run.ts'

/**
 * lane: others of its lane come first; undo: an earlier undo; job_busy: its job works in another lane; job_open: its job
 * has an earlier run that is not over; job_off: its job is switched off; worker: nothing, somebody will take it at once.
 */
export type WaitKind = 'lane' | 'undo' | 'job_busy' | 'job_open' | 'job_off' | 'worker'

/** The run that is in the way. */
export interface InTheWay {
  readonly run: number
  /** Its file, or its job. */
  readonly name: string
  readonly state: RunState
  /** How far it is, of a hundred; null: nobody knows yet. */
  readonly percent: number | null
}

export interface Waiting {
  readonly kind: WaitKind
  /** Its place among those that wait in its lane, from 1. */
  readonly position: number
  /** Null where no run is in the way. */
  readonly behind: InTheWay | null
}

/** "behind r1042 (nightly.csv), 63 %": a part of a sentence that begins with what waits. */
export function waitText({ kind, position, behind }: Waiting): string {
  switch (kind) {
    case 'lane':
      return `behind ${place(behind)}${others(behind === null ? position - 2 : position - 1)}`
    case 'undo':
      return `for an earlier undo: ${place(behind)}`
    case 'job_busy':
      return `for the run of its job in another lane: ${place(behind)}`
    case 'job_open':
      return `for the open run of its job: ${place(behind)}`
    case 'job_off':
      return 'until its job is switched on again'
    case 'worker':
      return 'for a worker'
  }
}

function place(behind: InTheWay | null): string {
  if (behind === null) return 'another run'
  const { run, name, state, percent } = behind
  const stage = runMachine.states[state].label.toLowerCase()
  const doing = percent === null || state === 'held' || state === 'retry_wait' ? stage : `${percent} %`
  return `${runName(run)} (${name}), ${doing}`
}

function others(count: number): string {
  return count <= 0 ? '' : `, and ${count} more`
}

/** How far a stage is, of a hundred, from what the run shows of its progress; null: nothing of this stage yet. */
export function percentOf(
  progress: Readonly<Record<string, unknown>> | null,
  state: RunState,
): number | null {
  if (progress?.['stage'] !== state) return null
  const share = (done: unknown, total: unknown): number | null =>
    typeof done === 'number' && typeof total === 'number' && total > 0
      ? Math.min(100, Math.floor((done / total) * 100))
      : null
  return share(progress['done'], progress['total']) ?? share(progress['bytes'], progress['bytesTotal'])
}
