// What the routes need from the rest of the program; the host puts it together.
import type { BlobStore } from '../blobs/store.ts'
import type { SourceIo } from '../connectors/contract.ts'
import type { RawRecord } from '../core/dialect.ts'
import type { Explained } from '../core/explain/explained.ts'
import type { ImportDefinition } from '../core/job.ts'
import type { RecordKey } from '../core/origin.ts'
import type { Dialect } from '../core/dialect.ts'
import type { Mapping } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import type { RunState } from '../core/run.ts'
import type { Database } from '../db/client.ts'
import type { KeyRing } from '../db/sealing.ts'
import type { SecretCheck } from '../db/secrets.ts'
import { findNamespace, type Namespace, type StartedImport } from '../db/imports.ts'
import type { Choice } from '../db/selectRecords.ts'
import type { SkipAnswer } from '../db/skipRecords.ts'
import type { WaitingJob } from '../db/waiting.ts'
import { findRun, type RunRow } from '../db/read/runs.ts'
import { runName } from '../core/names.ts'
import type { CorrectionsView } from './correctionsView.ts'
import type { RetryAnswerView } from './recordMoveViews.ts'
import type { LineContent } from '../formats/lines.ts'

export interface ApiContext {
  readonly database: Database
  readonly blobs: BlobStore
  /** Now, ISO 8601. */
  readonly now: () => string
  readonly about: About
  /** The folder of the built web app. */
  readonly web: string
  /** Ends the server process cleanly; asked for by `sluice down` over the socket. */
  readonly stop: () => void
  /** Checks a run's numbers from three sides (the pipeline's verify). */
  readonly verify: (namespace: Namespace, run: number) => Promise<VerifyReport>
  /** Lines of the file in which records begin, by record name (r1042/17); those that cannot be told are left out. */
  readonly linesOf: (
    namespace: Namespace,
    records: readonly { readonly run: number; readonly ordinal: number }[],
  ) => Promise<ReadonlyMap<string, number>>
  /** Explains single records (the pipeline's explain). */
  readonly explain: ExplainPort
  readonly processed: ProcessedPort
  readonly corrections: CorrectionsPort
  /** Starts child runs for chosen records (the pipeline's retryRecords). */
  readonly retry: RetryPort
  readonly process: ProcessPort
  readonly settle: SettlePort
  /** Throw-away namespaces (the engine's dropNamespace). */
  readonly namespaces: NamespacePort
  readonly secrets: SecretsPort
  /** What a job's source is given of the world. */
  readonly sourceIo: (namespace: Namespace) => SourceIo
  /** Called once per failed request that is our fault. */
  readonly logFault: (error: unknown) => void
}

export interface ExplainPort {
  /** Undefined where there is no such run. */
  readonly record: (namespace: Namespace, key: RecordKey) => Promise<Explained | undefined>
  /** A record of a file that was never imported. */
  readonly stranger: (
    namespace: Namespace,
    definition: ImportDefinition,
    reading: StrangerReading,
  ) => Promise<Explained>
  /** Which record covers a line of a run's file; undefined where the run has no index of its records. */
  readonly line: (namespace: Namespace, run: number, line: number) => Promise<LineContent | undefined>
}

/** The processed file of a run, made while it is read (the pipeline's processedFile). */
export type ProcessedPort = (
  namespace: Namespace,
  run: number,
  how: { readonly escape: boolean; readonly signal: AbortSignal },
) => AsyncIterable<Uint8Array>

/** A record that somebody else has read, with its bytes. */
export interface StrangerReading {
  readonly raw: RawRecord
  readonly bytes: Uint8Array
  readonly lastLine: number
  readonly columns: readonly string[]
  readonly file: string | null
}

/** Corrected error files (the pipeline's lookAtCorrections). Null: the upload is none. */
export interface CorrectionsPort {
  readonly look: (
    namespace: Namespace,
    upload: string,
    hints: Partial<Dialect>,
  ) => Promise<CorrectionsView | null>
  readonly start: (
    namespace: Namespace,
    upload: string,
    hints: Partial<Dialect>,
    how: { readonly again: boolean; readonly dryRun: boolean; readonly by: string },
  ) => Promise<StartedImport | null>
}

export type RetryPort = (
  namespace: Namespace,
  order: {
    readonly choice: Choice
    readonly mapping: Mapping | null
    readonly version: 'latest' | 'own'
    readonly dryRun: boolean
    readonly by: string
  },
) => Promise<Omit<RetryAnswerView, 'asOf'>>

/** Makes a processing run of what waits; null: nothing does. */
export type ProcessPort = (
  job: WaitingJob,
  order: { readonly limit: number | undefined; readonly by: string },
) => Promise<{ readonly run: number; readonly records: number } | null>

/** Settles records that wait for an answer from outside. */
export type SettlePort = (
  namespace: Namespace,
  choice: Choice,
  answer:
    | { readonly state: 'finished'; readonly outcome: 'delivered' | 'removed' }
    | { readonly state: 'failed'; readonly detail: string },
  dryRun: boolean,
) => Promise<SkipAnswer>

export interface NamespacePort {
  /**
   * Drops one with everything in it, as soon as no worker has something of it in hand. One that was made to stay only
   * where its name was typed once more (`confirmed`).
   */
  readonly drop: (name: string, how: { readonly confirmed: boolean }) => Promise<void>
  /** Drops those whose time is over. */
  readonly dropExpired: () => Promise<void>
}

/** The vault, from the side of those who put something in: nothing of it is ever answered (design section 12). */
export interface SecretsPort {
  /** Answers whether it is new. `check` sees what is there when nobody else can change it any more. */
  readonly write: (
    namespace: Namespace,
    secret: { readonly name: string; readonly value: string; readonly by: string },
    check?: SecretCheck,
  ) => Promise<boolean>
  /** A fresh master key, and all secrets under it; answers how many. Throws `secret.key_fixed`. */
  readonly rotate: () => Promise<number>
  /** The master keys, for what is sealed outside of namespaces. */
  readonly keys: KeyRing
}

export interface About {
  readonly version: string
  readonly pid: number
  readonly home: string
  /** TCP port on loopback, where it listens on one. */
  readonly port: () => number | null
}

/** What `verify` found; no faults: the numbers add up. */
export interface VerifyReport {
  readonly run: string
  readonly state: RunState
  readonly sound: boolean
  readonly faults: readonly {
    /** lost_row, missing_profile…; law: two counts that should be equal differ. */
    readonly kind: string
    readonly count: number
    /** The first record it concerns. */
    readonly ordinal: number | null
    readonly sentence: string
  }[]
}

/** The namespace of a route, or `not_found`. */
export function namespaceOf(context: ApiContext, name: string): Promise<Namespace> {
  return findNamespace(context.database.pool, name)
}

/** The run of a route, or `not_found`. */
export async function runOf(context: ApiContext, namespace: Namespace, id: number): Promise<RunRow> {
  const row = await findRun(context.database.pool, namespace, id)
  if (row === undefined) throw failure('not_found', { noun: 'run', id: runName(id) })
  return row
}
