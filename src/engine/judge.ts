// What an error thrown by a stage means for its run (design section 7).
import { SluiceError, type Problem } from '../core/problem.ts'
import { definitionOf, problem } from '../core/problems.ts'
import { meaningOf } from '../db/refusals.ts'
import { RunMoved } from '../pipeline/runMoved.ts'

export type Judgement =
  /** Nothing to do: the process leaves, or the run is somebody else's business by now. */
  | { readonly verdict: 'leave' }
  /** Wait and go on by itself; no attempt is spent. */
  | { readonly verdict: 'sleep'; readonly problem: Problem; readonly ms: number }
  | { readonly verdict: 'halt'; readonly problem: Problem }
  | { readonly verdict: 'fail'; readonly problem: Problem }

const sleepMs = { storage_full: 5_000, database_unreachable: 1_000 } as const

/** Judges by the problem's class, or by what PostgreSQL's refusal means. */
export function judge(error: unknown, leaving: boolean): Judgement {
  if (error instanceof RunMoved) return { verdict: 'leave' }
  if (error instanceof SluiceError) return judgeProblem(error.problem)
  if (leaving && error instanceof Error && error.name === 'AbortError') return { verdict: 'leave' }
  const detail = error instanceof Error ? error.message : String(error)
  switch (meaningOf(error)) {
    case 'wait':
      return {
        verdict: 'sleep',
        problem: problem('database_unreachable', { detail }),
        ms: sleepMs.database_unreachable,
      }
    case 'storage_full':
      return {
        verdict: 'sleep',
        problem: problem('storage_full', { path: 'the database volume', free: '0 MB' }),
        ms: sleepMs.storage_full,
      }
    case 'replan':
    case 'reload':
    case 'bisect':
    case 'bug':
      return { verdict: 'fail', problem: problem('internal', { detail }) }
  }
}

function judgeProblem(found: Problem): Judgement {
  switch (definitionOf(found.code).class) {
    case 'transient':
      return { verdict: 'sleep', problem: found, ms: sleepMs.storage_full }
    case 'halting':
      return { verdict: 'halt', problem: found }
    case 'record':
    case 'bug':
      return { verdict: 'fail', problem: found }
  }
}
