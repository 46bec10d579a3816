// What a worker has at hand; every stage is given it.
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import type pg from 'pg'
import type { PreparedRecord } from '../core/prepared.ts'
import type { Database } from '../db/client.ts'
import type { UndoLine } from '../core/undo.ts'
import type { Decision, Delivery, Hits, UndoDecision, UndoDelivery } from '../db/delivery.ts'

/** The profile store as a batch sees it. */
export interface ProfileEndpoint {
  /** Who owns these identifier values now, per slot. */
  resolve(client: pg.ClientBase, delivery: Delivery, values: readonly ReadonlySet<string>[]): Promise<Hits>
  /** The distinct profiles behind the hits. */
  matchedProfiles(hits: Hits): number[]
  /** Loads what is needed and plans. */
  decide(
    client: pg.ClientBase,
    delivery: Delivery,
    records: readonly PreparedRecord[],
    hits: Hits,
  ): Promise<Decision>
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
export type NamedPoint = (typeof namedPoints)[number]

/** The same with the endpoints that the engine puts in. */
export interface PipelineContext extends WorkerContext {
  readonly profiles: ProfileEndpoint
  readonly undo: UndoEndpoint
}
