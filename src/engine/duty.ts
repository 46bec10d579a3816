// What a duty is: something the engine looks after again and again without a worker.
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/client.ts'
import type { Log } from '../pipeline/context.ts'

/** What a duty has at hand. */
export interface DutyContext {
  readonly db: Database
  readonly store: BlobStore
  readonly clock: Clock
  /** Below which folders are watched; null: none was named at the start. */
  readonly root: string | null
  readonly log: Log
  /** Aborted when the process is asked to leave. */
  readonly signal: AbortSignal
}

/** Something that is looked after again and again. Any number of processes may do so at the same time. */
export interface Duty {
  /**
   * Does what is to be done at this instant. Answers when it wants to be called again, if that is before its usual pause
   * is over; undefined: after the pause. What it throws is logged, and it is called again later.
   */
  runOnce(now: Date): Promise<Date | undefined | void>
}
