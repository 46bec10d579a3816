// Exit codes, the same for every command; scripts depend on them.
import type { RunState } from '../core/run.ts'

export const exits = {
  ok: 0,
  usage: 2,
  completedWithErrors: 3,
  /** An undo had to keep something. */
  kept: 3,
  stopped: 4,
  failed: 5,
  /** Held, or waiting for its next attempt: it is not over. */
  held: 6,
  faultFound: 7,
} as const

const byState: Partial<Record<RunState, number>> = {
  completed: exits.ok,
  skipped: exits.ok,
  reverted: exits.ok,
  completed_with_errors: exits.completedWithErrors,
  stopped: exits.stopped,
  partial: exits.stopped,
  failed: exits.failed,
  halted: exits.failed,
  held: exits.held,
  retry_wait: exits.held,
}

/** The exit code of a run's state; a run still under way is no failure. */
export function exitOf(state: RunState): number {
  return byState[state] ?? exits.ok
}
