// With which earlier run the lines of a run are compared, so that those delivered before can be left out. Pure.
import { isSettled, type RunState } from './run.ts'

/** Why there is nothing to compare with. */
export const seenWhys = ['first', 'changed', 'under_way', 'unfinished'] as const
export type SeenWhy = (typeof seenWhys)[number]

/** Kept with the run once it is decided. */
export interface Seen {
  /** The run compared with; null: every line is imported. */
  readonly base: number | null
  /** The run before, where it cannot be compared with. */
  readonly instead: number | null
  readonly why: SeenWhy | null
  /** Whether lines count that the base itself left out, because an earlier run had delivered them. */
  readonly carried: boolean
  /** The earliest run on whose delivery a line may be left out. */
  readonly oldest: number | null
}

/** The run before this one in its job, undone and empty ones not counted. */
export interface EarlierRun {
  readonly id: number
  readonly state: RunState
  /** Whether what decides the result of a line is the same: dialect, columns, mapping, write policy. */
  readonly same: boolean
  readonly seen: Seen | null
  /** Whether a run on which its left-out lines rely was undone since. */
  readonly undone: boolean
}

/**
 * Only the run before counts, never an older one: a value that changed and changed back has a line that an older run
 * delivered, and leaving it out would keep the value in between. A run that has not ended, or ended midway and may be
 * resumed, has delivered some lines and will deliver others: nothing can be left out after it.
 */
export function chooseBase(earlier: EarlierRun | null): Seen {
  const none = { base: null, carried: false, oldest: null }
  if (earlier === null) return { ...none, instead: null, why: 'first' }
  const { id, state, same, seen, undone } = earlier
  if (!isSettled(state)) return { ...none, instead: id, why: 'under_way' }
  if (state !== 'completed' && state !== 'completed_with_errors')
    return { ...none, instead: id, why: 'unfinished' }
  if (!same) return { ...none, instead: id, why: 'changed' }
  const oldest = undone ? null : (seen?.oldest ?? null)
  return { base: id, instead: null, why: null, carried: !undone, oldest: oldest ?? id }
}
