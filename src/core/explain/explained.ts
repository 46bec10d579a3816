// One record, explained: read, mapped, checked, matched, planned, and what became of it. Plain data; nothing here decides.
import type { AttributeType } from '../attribute.ts'
import type { Dialect, RawRecord } from '../dialect.ts'
import type { RecordKey } from '../origin.ts'
import type { Problem } from '../problem.ts'
import type { Outcome, RecordState, SkipReason } from '../record.ts'
import type { RunState } from '../run.ts'
import type { StampEntry } from '../stamp.ts'
import type { CheckTrace } from './checks.ts'
import type { ColumnTrace } from './traceMapping.ts'

/** A run as far as an explanation speaks of it. */
export interface RunFacts {
  readonly id: number
  readonly job: string
  /** manual, retry or undo. */
  readonly trigger: string
  readonly state: RunState
  readonly dryRun: boolean
  readonly file: string | null
  /** ISO 8601; when it began, or was ordered. */
  readonly at: string
  /** The run that undid it. */
  readonly revertedBy: number | null
  /** The run this one undoes. */
  readonly reverts: number | null
}

/** A row of the ledger: what became of a record, or of one retry of it. */
export interface RowFacts extends RecordKey {
  readonly run: number
  readonly ordinal: number
  readonly state: RecordState
  readonly outcome: Outcome | null
  readonly reason: SkipReason | null
  readonly identifier: string | null
  readonly profile: number | null
  readonly problem: Problem | null
  readonly warnings: readonly Problem[]
  /** r1042/17: the first appearance of a retried record, and the row that retries this one. */
  readonly origin: string | null
  readonly retriedIn: string | null
  /** The row of the processing run that settled it: what it wrote is found by that one. */
  readonly settledAs?: RecordKey | null
  /** Microseconds since 1970. */
  readonly at: number
}

/** Where a record stands in its file. */
export interface PlaceFacts {
  readonly line: number
  readonly lastLine: number
  readonly offset: number
  readonly length: number
}

/** An identifier of the record, and whose it was. */
export interface LookedUp {
  readonly kind: string
  readonly value: string
  /** As the file gave it, where that differs. */
  readonly given: string | null
  /** The profile it belonged to; null: nobody's, or nobody knows any more. */
  readonly owner: number | null
  /**
   * match: it led to the profile; nobody: nobody had it; added: nobody had it, the profile has it since; other: it belongs
   * to somebody else and stays there; kept_back: the profile has a later one; blocked: it links nobody any more; unknown.
   */
  readonly what: 'match' | 'nobody' | 'added' | 'other' | 'kept_back' | 'blocked' | 'unknown'
}

/** One value of the record against the profile. */
export interface ValueFacts {
  readonly key: string
  readonly column: string | null
  readonly type: AttributeType
  /** Canonical text: what was there, and what the record says; null: nothing, or cleared. */
  readonly before: string | null
  readonly after: string | null
  /**
   * written: it went in; same: it was there already; lost: a later one stays; kept: it only fills empty values, and there
   * was one; blank: the record says nothing about it.
   */
  readonly verdict: 'written' | 'same' | 'lost' | 'kept' | 'blank'
  /** The stamp of what was there: whom it replaced, lost to, or agreed with. */
  readonly held: StampEntry | null
}

/** Match and plan: what was decided then, or would be decided now. */
export interface DecisionFacts {
  readonly state: 'finished' | 'skipped' | 'failed'
  readonly outcome: Outcome | null
  readonly reason: SkipReason | null
  readonly problem: Problem | null
  readonly warnings: readonly Problem[]
  readonly profile: number | null
  readonly lookedUp: readonly LookedUp[]
  /** Profiles that were merged into the profile. */
  readonly merged: readonly number[]
  readonly values: readonly ValueFacts[]
  readonly added: readonly { readonly kindId: number; readonly value: string }[]
  readonly removed: readonly { readonly kindId: number; readonly value: string }[]
}

/** What became later of a value that the record wrote. */
export interface LaterValue {
  readonly key: string
  /** stands: it is still there by this record; confirmed: others said the same later; replaced: it is another one now. */
  readonly what: 'stands' | 'confirmed' | 'replaced'
  readonly by: StampEntry | null
}

/** What became later of the profile the record belongs to. */
export interface LaterFacts {
  /** The profile as it is called now, after merges; null: it is no longer there. */
  readonly profile: number | null
  /** How it went, where it went: merged into another one, or deleted. */
  readonly gone: { readonly run: number; readonly ordinal: number; readonly into: number | null } | null
  readonly values: readonly LaterValue[]
}

export interface Explained {
  /** Null: the file was never imported. */
  readonly key: RecordKey | null
  readonly run: RunFacts | null
  /** Other runs that rows and stamps speak of, by id. */
  readonly otherRuns: ReadonlyMap<number, RunFacts>
  readonly file: string | null
  readonly place: PlaceFacts | null
  /** Other records that stand in the same line. */
  readonly alsoHere: readonly number[]
  readonly dialect: Dialect | null
  readonly raw: RawRecord | null
  /** The beginning of its bytes; empty where the landing is gone. */
  readonly bytes: Uint8Array
  readonly columns: readonly string[]
  readonly traces: readonly ColumnTrace[]
  readonly checks: readonly CheckTrace[]
  /** Its row in the ledger, then those of its retries; empty: it has none. */
  readonly rows: readonly RowFacts[]
  /** As it was decided when it was imported. */
  readonly decided: DecisionFacts | null
  /** As it would be decided now. */
  readonly now: DecisionFacts | null
  readonly later: LaterFacts | null
  /** The first record of this run about the same person, where only the first counts. */
  readonly firstHere: number | null
}
