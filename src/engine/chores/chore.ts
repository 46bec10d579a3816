// What a chore is: work around the product that may wait. Runs and chunks are never chores: they have leases of their own.
import type { BlobStore } from '../../blobs/store.ts'
import type { Allowed } from '../../connectors/net/outbound.ts'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/client.ts'
import type { Log } from '../../pipeline/context.ts'
import type { MailSettings } from '../notify/mailer.ts'

/** What every chore has at hand. */
export interface ChoreContext {
  readonly db: Database
  readonly store: BlobStore
  readonly clock: Clock
  readonly log: Log
  readonly outside: Outside
}

/** How people and programs elsewhere are reached. */
export interface Outside {
  /** Null: no mail server is set up. */
  readonly mail: MailSettings | null
  /** The address people reach this Sluice at; null: unknown. */
  readonly baseUrl: string | null
  /** Networks that may be spoken to besides public addresses. */
  readonly allowed: Allowed
  /** The value of a secret of a namespace, by its name. */
  readonly secret: (namespaceId: number, name: string) => Promise<string>
}

export interface Chore {
  readonly name: string
  /** When it runs by itself, five fields in UTC (`17 3 * * *`); null: only when ordered (db/chores.ts). */
  readonly cron: string | null
  /** Throws: it is tried again later, with growing pauses. It must not mind being done twice. */
  run(context: ChoreContext, payload: unknown): Promise<void>
}
