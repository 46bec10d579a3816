// What a chore is: work around the product that may wait. Runs and chunks are never chores: they have leases of their own.
import type { BlobStore } from '../../blobs/store.ts'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/client.ts'
import type { Log } from '../../pipeline/context.ts'

/** What every chore has at hand. */
export interface ChoreContext {
  readonly db: Database
  readonly store: BlobStore
  readonly clock: Clock
  readonly log: Log
}

export interface Chore {
  readonly name: string
  /** When it runs by itself, five fields in UTC (`17 3 * * *`); null: only when ordered (db/chores.ts). */
  readonly cron: string | null
  /** Throws: it is tried again later, with growing pauses. It must not mind being done twice. */
  run(context: ChoreContext, payload: unknown): Promise<void>
}
