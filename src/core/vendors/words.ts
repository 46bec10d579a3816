// What a vendor's words are: for our states, outcomes, reasons, counters and fields. Where a vendor has none, ours is shown.
import type { JobState } from '../jobState.ts'
import type { Counters } from '../law.ts'
import type { LogKind } from '../logKinds.ts'
import type { Outcome, RecordState, SkipReason } from '../record.ts'
import type { RunState } from '../run.ts'

/** How the fetch of a run is, beside the run's own state (BS-12, BS-15). */
export const fetchStates = ['fetching', 'fetched', 'failed'] as const
export type FetchState = (typeof fetchStates)[number]

/** How the processing of what was fetched is (BS-17): errors of records never make it failed (BS-18). */
export const processStates = ['processing', 'processed', 'failed'] as const
export type ProcessState = (typeof processStates)[number]

/** A number a vendor shows for a run. */
export interface VendorCounter {
  readonly label: string
  /** How it follows from our counters, for the reference. */
  readonly means: string
  readonly unit: 'records' | 'percent'
  readonly of: (counters: Counters) => number
}

/** Things that have a name of their own on the vendors' pages, beside states and counters. */
export type VendorField =
  | 'job'
  | 'run'
  | 'record'
  | 'connection'
  | 'source'
  | 'runNumber'
  | 'runningRun'
  | 'nextRun'
  | 'started'
  | 'duration'
  | 'details'
  | 'lastRuns'
  | 'history'
  | 'fetchStatus'
  | 'fetchStarted'
  | 'fetchEnded'
  | 'processedFile'
  | 'errorFile'
  | 'createdBy'
  | 'createdAt'
  | 'updatedAt'
  | 'identifier'
  | 'recordType'
  | 'profileIdentifier'
  | 'overview'
  | 'data'
  | 'importMessages'
  | 'exportMessages'
  | 'quotaReached'

export type VendorAction =
  | 'look'
  | 'pause'
  | 'resume'
  | 'archive'
  | 'edit'
  | 'download'
  | 'runNow'
  | 'stop'
  | 'checkProfiles'
  | 'skipRecords'
  | 'retryRecords'

export interface VendorWords {
  /** The vendor's name. */
  readonly title: string
  readonly job: Partial<Readonly<Record<JobState, string>>>
  /** Of an active job that does nothing at the moment, where that has a word of its own. */
  readonly idleJob?: string
  readonly run: Partial<Readonly<Record<RunState, string>>>
  readonly fetch: Partial<Readonly<Record<FetchState, string>>>
  readonly process: Partial<Readonly<Record<ProcessState, string>>>
  readonly record: Partial<Readonly<Record<RecordState, string>>>
  readonly outcome: Partial<Readonly<Record<Outcome, string>>>
  readonly reason: Partial<Readonly<Record<SkipReason, string>>>
  readonly log: Partial<Readonly<Record<LogKind, string>>>
  readonly counters: readonly VendorCounter[]
  readonly fields: Partial<Readonly<Record<VendorField, string>>>
  readonly actions: Partial<Readonly<Record<VendorAction, string>>>
}

/** Sums the parts of a state that are named. */
export function sumOf(parts: Readonly<Record<string, number>>, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (parts[name] ?? 0), 0)
}
