// What a worker has at hand; every stage is given it.
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import type pg from 'pg'
import type { PreparedRecord } from '../core/prepared.ts'
import type { Database } from '../db/client.ts'
import type { Findings, SourceFile } from '../core/sourceFile.ts'
import type { Run } from '../db/runs.ts'
import type { UndoLine } from '../core/undo.ts'
import type { Decision, Delivery, Hits, RemovalDelivery, UndoDecision, UndoDelivery } from '../db/delivery.ts'

/** The profile store as a batch sees it. */
export interface ProfileEndpoint {
  /** Who owns these identifier values now, per slot. */
  resolve(
    client: pg.ClientBase,
    delivery: Pick<Delivery, 'schema' | 'shape'>,
    values: readonly ReadonlySet<string>[],
  ): Promise<Hits>
  /** The distinct profiles behind the hits. */
  matchedProfiles(hits: Hits): number[]
  /** Loads what is needed and plans. */
  decide(
    client: pg.ClientBase,
    delivery: Delivery,
    records: readonly PreparedRecord[],
    hits: Hits,
  ): Promise<Decision>
  /** Loads profiles that are to be deleted and plans. */
  remove(client: pg.ClientBase, delivery: RemovalDelivery, lines: readonly UndoLine[]): Promise<Decision>
}

/** The profile store as an undo sees it. */
export interface UndoEndpoint {
  /** Loads what is needed about these profiles and plans. */
  decide(client: pg.ClientBase, delivery: UndoDelivery, lines: readonly UndoLine[]): Promise<UndoDecision>
}

export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface WorkerContext {
  readonly db: Database
  readonly store: BlobStore
  readonly clock: Clock
  readonly log: Log
  /** Names this process in leases. */
  readonly worker: string
  /** Aborted when the process is asked to leave. */
  readonly signal: AbortSignal
  /** Brings a database of our own back that went away; does nothing for one that is not ours. */
  readonly revive: () => Promise<void>
  /** The folder below which folders are watched; null or missing: none was named at the start. */
  readonly root?: string | null
  /** Told at every named point, for fault tests; nothing in production. */
  readonly at?: (point: NamedPoint) => void | Promise<void>
}

/** The points of a run's life where dying hurts most, in order. The middle four come once for every batch. */
export const namedPoints = [
  'validated',
  'cut',
  'planned',
  'applied',
  'settled',
  'committed',
  'counted',
  'reported',
  'ended',
] as const
/** Those of a run that reads its source itself, before the others. */
export const fetchPoints = ['fetching', 'landed'] as const
export type NamedPoint = (typeof namedPoints)[number] | (typeof fetchPoints)[number]

/** What a run reads from, as the engine's connectors give it. They refuse by throwing transient or halting problems. */
export interface SourceEndpoint {
  find(run: Run, signal: AbortSignal): Promise<Findings>
  open(run: Run, file: SourceFile): Promise<OpenSource>
}

export interface OpenSource {
  /** As it is now that it is open. */
  readonly file: SourceFile
  content(signal: AbortSignal): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** The same with the endpoints that the engine puts in. */
export interface PipelineContext extends WorkerContext {
  readonly source: SourceEndpoint
  readonly profiles: ProfileEndpoint
  readonly undo: UndoEndpoint
}
