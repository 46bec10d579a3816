// What a failed attempt means for its run and its job (design section 7): wait, try again, or end. Pure; times are handed in.
import type { Problem } from './problem.ts'
import { definitionOf, problem } from './problems.ts'
import type { FailurePolicy } from './setup/policies.ts'

/** What is known when a stage of a run ends with a problem. Times are milliseconds since 1970. */
export interface AttemptFacts {
  readonly now: number
  readonly problem: Problem
  readonly policy: FailurePolicy
  /** Attempts of this run that failed before this one. */
  readonly failedBefore: number
  /** Whether records of the run are settled already. */
  readonly written: boolean
  /** Whether its source can be read once more: nothing of it was written, and it was not given by hand. */
  readonly fetchable: boolean
  /** Since when it sleeps without having got any further; null: it does not. */
  readonly sleepingSince: number | null
  /** Since when attempts of the job fail without a success in between, and how many did before this one. */
  readonly failingSince: number | null
  readonly failures: number
}

export type Decision =
  /** It waits where it is, with its lane: what is missing may be back in a moment. No attempt. */
  | { readonly do: 'linger' }
  /** It gives up its lane and goes on by itself. No attempt. */
  | { readonly do: 'sleep'; readonly until: number }
  /** The attempt failed; attempt `next` of `of` follows. */
  | { readonly do: 'retry'; readonly until: number; readonly next: number; readonly of: number }
  /** The attempt failed and none follows. */
  | {
      readonly do: 'end'
      readonly move: 'fail' | 'end_partial' | 'halt'
      readonly problem: Problem
    }

const minute = 60_000
const hour = 60 * minute

/** A run that sleeps longer than this gives up its lane (design section 8). */
export const lingerMs = minute
/** A provider that lets nobody in for so long, without a break, is a transient failure (design section 7). */
export const limitedMs = 24 * hour

/** The design's table of failures, as one function. */
export function decide(facts: AttemptFacts): Decision {
  const definition = definitionOf(facts.problem.code)
  if (definition.class === 'transient') {
    const limit = retryAfterOf(facts.problem)
    const since = facts.sleepingSince ?? facts.now
    if (limit !== null && facts.now - since < limitedMs)
      return { do: 'sleep', until: Math.min(facts.now + limit, since + limitedMs) }
    if (definition.waits === true && limit === null)
      return facts.now - since < lingerMs ? { do: 'linger' } : { do: 'sleep', until: facts.now + lingerMs }
    return retryOrEnd(facts, false)
  }
  if (definition.class !== 'halting') return ended(facts, facts.written ? 'end_partial' : 'fail')
  if (definition.refetch === true && facts.fetchable) return retryOrEnd(facts, true)
  return ended(facts, definition.midway === true && facts.written ? 'end_partial' : 'halt')
}

/** How long a provider asks us to stay away, in milliseconds: the problem's detail `retryAfter`, in seconds. */
function retryAfterOf({ details }: Problem): number | null {
  const seconds = details?.['retryAfter']
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : null
}

function retryOrEnd(facts: AttemptFacts, halting: boolean): Decision {
  const { policy, now } = facts
  const failed = facts.failedBefore + 1
  const windowed = windowOf(facts)
  if (windowed !== null) return { do: 'end', move: 'halt', problem: windowed }
  if (failed <= policy.reruns)
    return {
      do: 'retry',
      until: now + policy.rerunMinutes * minute,
      next: failed + 1,
      of: policy.reruns + 1,
    }
  if (halting) return ended(facts, 'halt')
  return ended(facts, facts.written ? 'end_partial' : 'fail')
}

function ended({ problem: found }: AttemptFacts, move: 'fail' | 'end_partial' | 'halt'): Decision {
  return { do: 'end', move, problem: found }
}

/** The error window (LY-12, LY-38): from the first to this failed attempt, without a success in between. */
function windowOf({ policy, now, failingSince, failures, problem: last }: AttemptFacts): Problem | null {
  const { errorWindowHours: hours, errorWindowAttempts: least } = policy
  if (hours === null || failingSince === null) return null
  if (failures + 1 < least || now - failingSince < hours * hour) return null
  return problem('attempts.window', { hours, attempts: failures + 1, last: last.message })
}
