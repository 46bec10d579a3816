// What the engine does now and then without a worker: the list of its duties. The server process runs them (host/duties.ts).
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/client.ts'
import type { Log } from '../pipeline/context.ts'
import { RecordRetries } from './recordRetries.ts'
import { NewsBell } from './notify/newsBell.ts'

/** What a duty has at hand. */
export interface DutyContext {
  readonly db: Database
  readonly store: BlobStore
  readonly clock: Clock
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

interface DutyEntry {
  readonly name: string
  /** The pause between two calls, in seconds. */
  readonly everySeconds: number
  readonly make: (context: DutyContext) => Duty
}

export const duties: readonly DutyEntry[] = [
  { name: 'waiting records', everySeconds: 5, make: (context) => new RecordRetries(context) },
  { name: 'news', everySeconds: 2, make: (context) => new NewsBell(context) },
]
