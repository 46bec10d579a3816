// What an active job is doing just now: derived from its runs and its schedule, never stored (design section 6).
import type { JobState } from './jobState.ts'
import { definitionOf, problems } from './problems.ts'
import { laneRunStates, type RunState } from './run.ts'

export const activities = ['idle', 'queued', 'running', 'stopping', 'sleeping'] as const

export interface JobActivity {
  readonly what: (typeof activities)[number]
  /** Its place in the queue of its lane; 1: the next one. Only when queued. */
  readonly position: number | null
  /** ISO 8601; null: not known, or it does not sleep. */
  readonly until: string | null
  /** How far the run that works is in its stage, of a hundred; null: nobody knows yet. */
  readonly percent: number | null
  /** The run it is about; null: none is under way. */
  readonly run: number | null
  /** Why it sleeps: schedule, retry, waiting_for_file, after, held, or what its run sleeps for. */
  readonly reason: string | null
}

/** What a job that sleeps waits for, as the end of a sentence; other reasons go by their names. */
export const waitedFor: Readonly<Record<string, string>> = {
  waiting_for_file: 'a file',
  after: 'another job',
  held: 'somebody to release its run',
}

/** Why a run sleeps, to be said after what it does: `to try again`, `there is no room left on the disk`. */
export function restingFor(reason: string): string {
  if (reason === 'retry') return 'to try again'
  if (!Object.hasOwn(problems, reason)) return reason.replaceAll('_', ' ')
  const { title } = definitionOf(reason)
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`
}

export interface ActivityFacts {
  readonly state: JobState
  readonly nextDue: string | null
  /** Starts when a file arrives, or when another job has ended. */
  readonly starts: 'waiting_for_file' | 'after' | null
  /** Runs that have not ended, newest first. */
  readonly open: readonly {
    readonly id: number
    readonly percent: number | null
    readonly state: RunState
    readonly position: number | null
    readonly sleeping: { readonly reason?: string; readonly until?: string | null } | null
  }[]
}

const nothing = { position: null, until: null, reason: null, percent: null, run: null }

/** Null for a job that is not active and has nothing under way. What works counts before what waits. */
export function activityOf({ state, nextDue, starts, open }: ActivityFacts): JobActivity | null {
  const one = (...states: readonly RunState[]) => open.find((run) => states.includes(run.state))
  const working = open.find(({ state: one }) => one !== 'stopping' && laneRunStates.includes(one))
  if (working !== undefined) {
    const { sleeping, percent, id: run } = working
    if (sleeping === null) return { ...nothing, what: 'running', percent, run }
    const { until = null, reason = null } = sleeping
    return { ...nothing, what: 'sleeping', until, reason, run }
  }
  const stopping = one('stopping')
  if (stopping !== undefined) return { ...nothing, what: 'stopping', run: stopping.id }
  const waiting = one('retry_wait')
  if (waiting !== undefined)
    return {
      ...nothing,
      what: 'sleeping',
      until: waiting.sleeping?.until ?? null,
      reason: waiting.sleeping?.reason ?? 'retry',
      run: waiting.id,
    }
  const queued = one('queued')
  if (queued !== undefined) return { ...nothing, what: 'queued', position: queued.position, run: queued.id }
  const held = one('held')
  if (held !== undefined) return { ...nothing, what: 'sleeping', reason: 'held', run: held.id }
  if (state !== 'active') return null
  if (nextDue !== null) return { ...nothing, what: 'sleeping', until: nextDue, reason: 'schedule' }
  return starts === null ? { ...nothing, what: 'idle' } : { ...nothing, what: 'sleeping', reason: starts }
}

/** An activity in words; the time stands apart, because it is written differently everywhere. */
export interface ActivityWords {
  /** `queued (3)`, `running 42 %`, `waiting for a file`, `sleeping`. */
  readonly what: string
  /** ISO 8601; null: not known, or it does not sleep. */
  readonly until: string | null
  /** Why it sleeps, where it is not simply for its schedule. */
  readonly why: string | null
}

export function activityWords({
  what,
  position,
  percent,
  until,
  reason,
}: Omit<JobActivity, 'run'>): ActivityWords {
  if (what === 'queued')
    return { what: position === null ? what : `${what} (${position})`, until: null, why: null }
  if (what === 'running')
    return { what: percent === null ? what : `${what} ${percent} %`, until: null, why: null }
  if (what !== 'sleeping') return { what, until: null, why: null }
  const waited = reason === null ? undefined : waitedFor[reason]
  if (waited !== undefined) return { what: `waiting for ${waited}`, until: null, why: null }
  return { what, until, why: reason === null || reason === 'schedule' ? null : restingFor(reason) }
}
