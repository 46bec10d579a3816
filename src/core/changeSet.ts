// What a batch will do, decided before anything is written. Dry run, diff, undo, lineage and counters are readings of it.
import type { Origin } from './origin.ts'
import type { Problem } from './problem.ts'
import type { PreparedRecord, RecordProblem } from './prepared.ts'
import type { Outcome, SkipReason } from './record.ts'
import type { Stamp, StampEntries, StampEntry } from './stamp.ts'
import type { WritePolicy } from './mapping.ts'

/** The attribute columns of a row, in order, and the identifier slots of a record. */
export interface Shape {
  readonly attributes: readonly { readonly key: string; readonly write: 'set' | 'set_if_empty' }[]
  /** Attributes of the catalogue that the mapping does not write; `Existing.rest` tells which of them have a value. */
  readonly rest: readonly string[]
  readonly slots: readonly Slot[]
}

export interface Slot {
  readonly kindId: number
  readonly kind: string
  readonly rank: number
  readonly single: boolean
}

export interface Identifier {
  readonly kindId: number
  readonly value: string
  readonly given: string | null
}

/** A profile as it was when the batch was planned. */
export interface Existing {
  readonly id: number
  readonly version: number
  readonly stamp: Stamp
  readonly by: StampEntries | null
  /** Loaded with the identifiers. */
  readonly created: Stamp | null
  /** One character per `Shape.rest`: 1 has a value. */
  readonly rest: string
  /** The shape's cells in COPY form, joined by tabs. */
  readonly row: string
  /** Loaded only when a decision needs them. */
  readonly identifiers: readonly Identifier[] | null
}

export interface PlanInput {
  readonly run: number
  /** As-of of records without their own, in microseconds. */
  readonly asOf: number
  readonly records: readonly PreparedRecord[]
  readonly shape: Shape
  readonly policy: WritePolicy
  /** Per slot: value → profile id (0: the value links nothing). */
  readonly hits: readonly ReadonlyMap<string, number>[]
  readonly existing: ReadonlyMap<number, Existing>
  /** Ids for new profiles, used in order. */
  readonly newIds: readonly number[]
  /** Whether `existing` rows carry every attribute of the catalogue: merging needs them. */
  readonly full: boolean
}

export interface NewProfile {
  readonly id: number
  readonly row: string
  readonly created: Stamp
  readonly stamp: Stamp
  readonly by: StampEntries | null
}

export interface StampUpdate {
  readonly id: number
  readonly version: number
  readonly stamp: Stamp
  readonly by: StampEntries | null
}

export interface Merge {
  readonly loser: number
  readonly into: number
  readonly version: number
  readonly ordinal: number
}

export interface Deletion {
  readonly id: number
  readonly version: number
  readonly ordinal: number
}

/** What one record replaced in one profile. Kept as JSON in `change.before`. */
export interface Before {
  /** The stamp that was written, where it is not the record's own place: a retried record keeps its first stamp. */
  readonly w?: StampEntry
  /** Old values by attribute, as text; null: there was none. */
  readonly a?: Readonly<Record<string, string | null>>
  /** The stamp the old values had… */
  readonly s?: StampEntry
  /**
   * …but for these; null: never asserted. Values that were only confirmed are listed too, and `@kind id` of single
   * identifiers: whatever carries the stamp that was written had, before, the stamp named here, else `s`.
   */
  readonly b?: Readonly<Record<string, StampEntry | null>>
  readonly added?: readonly (readonly [number, string])[]
  readonly removed?: readonly (readonly [number, string, string | null])[]
  /** Profiles merged into this one, with the identifiers that moved. */
  readonly merged?: readonly { readonly id: number; readonly moved: readonly (readonly [number, string])[] }[]
  /** Identifiers of this profile that link nothing any more (profile 0). */
  readonly blocked?: readonly (readonly [number, string, string | null])[]
  /** Written by an undo only: `w` is the profile's stamp afterwards, these are the exceptions; null: not asserted. */
  readonly wb?: Readonly<Record<string, StampEntry | null>>
  /** This profile was gone and is back: where it had gone, by which record, and the identifiers it took with it. */
  readonly restored?: {
    readonly into: number | null
    readonly run: number
    readonly ordinal: number
    readonly moved: readonly (readonly [number, string])[]
  }
  /** Blocked identifiers that link this profile again. */
  readonly unblocked?: readonly (readonly [number, string, string | null])[]
}

export interface Change {
  readonly ordinal: number
  readonly profileId: number
  readonly before: Before
}

export type Settlement =
  | {
      readonly ordinal: number
      /** Where a retried record goes back to. */
      readonly origin: Origin | null
      readonly state: 'finished'
      readonly outcome: Outcome
      readonly identifier: string | null
      readonly profileId: number
      readonly warnings: readonly Problem[] | null
    }
  | {
      readonly ordinal: number
      readonly origin: Origin | null
      readonly state: 'skipped'
      readonly reason: SkipReason
      /** What exactly left it out, where more than the reason is known. */
      readonly note: Problem | null
      readonly identifier: string | null
      readonly profileId: number | null
      readonly warnings: readonly Problem[] | null
    }
  | {
      readonly ordinal: number
      readonly origin: Origin | null
      readonly state: 'failed'
      readonly problem: RecordProblem
      readonly identifier: string | null
      readonly profileId: number | null
    }

interface Open {
  readonly ordinal: number
  readonly origin: Origin | null
  readonly identifier: string | null
}

/** A record that is still to be settled, by a processing run; `retry`: why it is to be tried again. */
type OpenRow =
  | (Open & { readonly state: 'new' })
  | (Open & { readonly state: 'retry'; readonly problem: RecordProblem })

/** A row of the ledger as a batch writes it. */
export type NewRow = Settlement | OpenRow

export interface ChangeSet {
  readonly created: readonly NewProfile[]
  readonly updated: readonly { readonly id: number; readonly row: string }[]
  readonly stamps: readonly StampUpdate[]
  readonly added: readonly {
    readonly kindId: number
    readonly value: string
    readonly given: string | null
    readonly profileId: number
  }[]
  readonly removed: readonly { readonly kindId: number; readonly value: string }[]
  /** Values that link nothing from now on (profile 0). */
  readonly blocked: readonly { readonly kindId: number; readonly value: string }[]
  readonly merges: readonly Merge[]
  /** Profiles that a record deletes; `version` is the one it was planned from. */
  readonly deleted: readonly Deletion[]
  readonly changes: readonly Change[]
  readonly settlements: readonly Settlement[]
}

/** Either the decisions, or what must be loaded before they can be made. */
export type Plan =
  | { readonly changeSet: ChangeSet }
  | { readonly needs: { readonly identifiersOf: ReadonlySet<number>; readonly full: boolean } }
