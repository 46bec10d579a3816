// What an undo is planned from and what it decides, batch by batch (design section 10). Pure.
import type { Before, Change, Settlement, Shape, StampUpdate } from './changeSet.ts'
import type { Stamp, StampEntries } from './stamp.ts'

/** Days after its start for which a run can be undone: so long its changes are kept. */
export const undoableDays = 90

/** Until when a run can be undone, ISO 8601. `started`: ISO 8601 too. */
export function undoableUntil(started: string): string {
  return new Date(Date.parse(started) + undoableDays * 86_400_000).toISOString()
}

/** The settings of an undo run. */
export interface UndoSettings {
  /** The run it reverts, r1001. */
  readonly reverts: string
  /** Where that is an undo itself: the run that stands again afterwards. */
  readonly origin?: string
  /** Plan everything, then wait for a person to release or drop it. */
  readonly preview?: boolean
  /** Runs that will have been undone by the time this one is released: the preview takes them for undone. */
  readonly assume?: readonly string[]
  readonly dryRun?: boolean
}

/** A change row, of whatever run. */
export interface PastChange {
  readonly run: number
  readonly ordinal: number
  readonly before: Before
}

/** A profile of the batch, as it is now or as it was when it left. */
export interface Standing {
  readonly id: number
  readonly version: number
  readonly stamp: Stamp
  readonly by: StampEntries | null
  /** The record that made it. */
  readonly created: { readonly run: number; readonly ordinal: number }
  /** The cells of the shape in COPY form, joined by tabs. */
  readonly row: string
  /** Merged away or deleted: by which record, and into which profile. */
  readonly gone: {
    readonly run: number
    readonly ordinal: number
    readonly into: number | null
    /** What it had when it was deleted; merged profiles took theirs with them. */
    readonly identifiers: readonly (readonly [kind: number, value: string, given: string | null])[]
  } | null
}

/** One line of an undo's landing. Profiles of one group hang together: they were merged, or exchanged identifiers. */
export interface UndoLine {
  readonly ordinal: number
  readonly profile: number
  readonly group: number
}

/** What matters about another run whose records were delivered to a profile. */
export interface OtherRun {
  /** It stands: neither reverted nor an undo, and not taken for undone by the preview. */
  readonly live: boolean
  /** Its records delete: whoever it names was not delivered by it. */
  readonly deletes: boolean
  /** It had not ended when the run that is undone began: what it read may come from there. */
  readonly later: boolean
  /** Identifier kinds and attributes of its mapping. */
  readonly kinds: ReadonlySet<number>
  readonly attributes: ReadonlySet<string>
  /** Its records may be dated: one of them can be older than what it met. */
  readonly dated: boolean
  /** As-of of its records that are not dated, in microseconds. */
  readonly asOf: number
}

export interface UndoInput {
  /** The undo run. */
  readonly run: number
  /** The run it reverts; `opposite`: that one is an undo itself, so this one does again what it took back. */
  readonly target: { readonly run: number; readonly opposite: boolean }
  readonly lines: readonly UndoLine[]
  readonly shape: Shape
  /** Whether the shape has every attribute of the catalogue. */
  readonly full: boolean
  readonly standing: ReadonlyMap<number, Standing>
  /** Changes of the target and of runs that are undone, by profile; where `complete` says so, of all runs. */
  readonly changes: ReadonlyMap<number, readonly PastChange[]>
  readonly complete: ReadonlySet<number>
  /** Runs that are not undone yet but taken for it (see `UndoSettings.assume`). */
  readonly assumed: ReadonlySet<number>
  /** Runs that are void: the target, and those that are undone. */
  readonly isVoid: (run: number) => boolean
  readonly other: (run: number) => OtherRun
  /** Runs whose records reached a profile, also those that changed nothing or lost; loaded where they matter. */
  readonly deliveries: ReadonlyMap<number, readonly number[]>
  /** Stamps (`run/ordinal`) that the target's retried records wrote under an earlier run's name, by profile. */
  readonly ownStamps: ReadonlyMap<number, ReadonlySet<string>>
  /** Owner of each identifier (`kind:value`) that the changes mention; absent: nobody; 0: it links nothing. */
  readonly owners: ReadonlyMap<string, Owner>
  /** All identifiers of the profiles that need them. */
  readonly identifiers: ReadonlyMap<
    number,
    readonly (readonly [kind: number, value: string, given: string | null])[]
  >
  /** How lists name a profile. */
  readonly names: ReadonlyMap<number, string>
}

export interface Owner {
  readonly profile: number
  readonly given: string | null
}

export interface UndoChangeSet {
  /** Values, for profiles that are there once `restored` are back. */
  readonly updated: readonly { readonly id: number; readonly row: string }[]
  /** Of profiles that are there now. */
  readonly stamps: readonly StampUpdate[]
  /** Profiles that come back, with the stamps they then have. */
  readonly restored: readonly StampUpdate[]
  /** Profiles that leave: `version` is the one they have when `stamps` are written. */
  readonly gone: readonly {
    readonly id: number
    readonly version: number
    readonly run: number
    readonly ordinal: number
    readonly into: number | null
  }[]
  readonly identifiers: {
    readonly freed: readonly { readonly kindId: number; readonly value: string; readonly from: number }[]
    /** Also from and to 0: links nothing. */
    readonly moved: readonly {
      readonly kindId: number
      readonly value: string
      readonly from: number
      readonly to: number
    }[]
    readonly added: readonly {
      readonly kindId: number
      readonly value: string
      readonly given: string | null
      readonly profileId: number
    }[]
  }
  readonly changes: readonly Change[]
  readonly settlements: readonly Settlement[]
}

/** Either the decisions, or what must be loaded before they can be made. */
export type UndoPlan =
  | { readonly changeSet: UndoChangeSet }
  | {
      readonly needs: {
        readonly full: boolean
        /** Profiles whose changes and deliveries by every run must be known. */
        readonly complete: ReadonlySet<number>
        readonly identifiersOf: ReadonlySet<number>
      }
    }
