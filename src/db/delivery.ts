// What the batches of a run have in common, and what was decided about one of them.
import type { ChangeSet, Shape } from '../core/changeSet.ts'
import type { WritePolicy } from '../core/mapping.ts'
import type { RecordRetry } from '../core/setup/policies.ts'
import type { OtherRun, UndoChangeSet, UndoInput } from '../core/undo.ts'
import type { ProfileIds } from './profileIds.ts'

/** Everything a batch needs to know about its run. */
export interface Delivery {
  readonly schema: string
  readonly run: number
  /** Microseconds since 1970: the stamp of records without a timestamp of their own. */
  readonly asOf: number
  /** First day of the run's month, `YYYY-MM-DD`. */
  readonly runMonth: string
  readonly shape: Shape
  readonly policy: WritePolicy
  /** By which rule records that failed are tried again by themselves; null: none. */
  readonly retry?: RecordRetry | null
  /** A processing run: its records are rows of earlier runs, which are settled with its own. */
  readonly settles?: boolean
  /** Where ids for new profiles come from. */
  readonly ids: Pick<ProfileIds, 'take' | 'giveBack'>
}

export interface Decision {
  readonly changeSet: ChangeSet
  /** The shape the rows of the change set have: wider than the delivery's when profiles were merged. */
  readonly shape: Shape
}

/** Who owns the identifier values of a batch: per slot, value → profile id; 0: the value links nothing. */
export type Hits = readonly ReadonlyMap<string, number>[]

/** What the batches of an undo have in common. */
export interface UndoDelivery {
  readonly schema: string
  readonly namespaceId: number
  /** The undo run. */
  readonly run: number
  /** First day of its month. */
  readonly runMonth: string
  readonly target: UndoInput['target']
  /** The target and runs that are undone. */
  readonly voids: ReadonlySet<number>
  readonly assumed: ReadonlySet<number>
  /** Every attribute of the catalogue. */
  readonly attributes: readonly string[]
  /** What is known about other runs; grows. */
  readonly others: Map<number, OtherRun>
}

export interface UndoDecision {
  readonly changeSet: UndoChangeSet
  readonly shape: Shape
}

/** Of a run that deletes a list of profiles. */
export type RemovalDelivery = Pick<Delivery, 'schema' | 'run' | 'runMonth' | 'asOf'>
