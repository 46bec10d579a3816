// What an error thrown by a stage says: nothing, or which problem it is. What follows from it is core/failurePolicy.ts.
import { SluiceError, type Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import { lostRace, meaningOf } from '../db/refusals.ts'
import { RunMoved } from '../pipeline/runMoved.ts'

/** The problem behind an error; null: the process leaves, or the run is somebody else's business by now. */
export function judge(error: unknown, signal: AbortSignal): Problem | null {
  if (error instanceof RunMoved) return null
  if (signal.aborted && (signal.reason instanceof RunMoved || error === signal.reason)) return null
  if (error instanceof SluiceError) return error.problem
  if (signal.aborted && error instanceof Error && error.name === 'AbortError') return null
  const detail = error instanceof Error ? error.message : String(error)
  switch (meaningOf(error)) {
    case 'wait':
      return problem('database_unreachable', { detail })
    case 'storage_full':
      return problem('storage_full', { path: 'the database volume', free: '0 MB' })
    case 'replan':
      // Somebody else was in the way of a transaction that is undone: the stage is taken again, as after a death.
      return lostRace(error) ? null : problem('internal', { detail })
    case 'reload':
    case 'bisect':
    case 'bug':
      return problem('internal', { detail })
  }
}

/** How long a run lingers before it looks again whether what it misses is back, in milliseconds. */
export function lingerPause({ code }: Problem): number {
  return code === 'database_unreachable' ? 1_000 : 5_000
}
