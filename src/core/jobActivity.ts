// What an active job is doing just now: derived from its runs and its schedule, never stored (design section 6).
import type { JobState } from './jobState.ts'
import { laneRunStates, type RunState } from './run.ts'

export const activities = ['idle', 'queued', 'running', 'stopping', 'sleeping'] as const

export interface JobActivity {
  readonly what: (typeof activities)[number]
  /** Its place in the queue of its lane; 1: the next one. Only when queued. */
  readonly position: number | null
  /** ISO 8601; null: not known, or it does not sleep. */
  readonly until: string | null
  /** Why it sleeps: schedule, retry, waiting_for_file, after, held, or what its run sleeps for. */
  readonly reason: string | null
}

export interface ActivityFacts {
  readonly state: JobState
  readonly nextDue: string | null
  /** Starts when a file arrives, or when another job has ended. */
  readonly starts: 'waiting_for_file' | 'after' | null
  /** Runs that have not ended, newest first. */
  readonly open: readonly {
    readonly state: RunState
    readonly position: number | null
    readonly sleeping: { readonly reason?: string; readonly until?: string | null } | null
  }[]
}

const nothing = { position: null, until: null, reason: null }

/** Null for a job that is not active and has nothing under way. What works counts before what waits. */
export function activityOf({ state, nextDue, starts, open }: ActivityFacts): JobActivity | null {
  const one = (...states: readonly RunState[]) => open.find((run) => states.includes(run.state))
  const working = open.find(({ state: one }) => one !== 'stopping' && laneRunStates.includes(one))
  if (working !== undefined) {
    const { sleeping } = working
    if (sleeping === null) return { ...nothing, what: 'running' }
    return { ...nothing, what: 'sleeping', until: sleeping.until ?? null, reason: sleeping.reason ?? null }
  }
  if (one('stopping') !== undefined) return { ...nothing, what: 'stopping' }
  const waiting = one('retry_wait')
  if (waiting !== undefined)
    return { ...nothing, what: 'sleeping', until: waiting.sleeping?.until ?? null, reason: 'retry' }
  const queued = one('queued')
  if (queued !== undefined) return { ...nothing, what: 'queued', position: queued.position }
  if (one('held') !== undefined) return { ...nothing, what: 'sleeping', reason: 'held' }
  if (state !== 'active') return null
  if (nextDue !== null) return { ...nothing, what: 'sleeping', until: nextDue, reason: 'schedule' }
  return starts === null ? { ...nothing, what: 'idle' } : { ...nothing, what: 'sleeping', reason: starts }
}
