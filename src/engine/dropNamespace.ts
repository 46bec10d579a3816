// Dropping a namespace: its runs are stopped first, and nothing is taken away from under a worker's hands.
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import { failure } from '../core/problems.ts'
import type { Database } from '../db/client.ts'
import { sqlState } from '../db/client.ts'
import {
  beginDropping,
  eraseNamespace,
  expiredNamespaces,
  stopRuns,
  type Dropping,
} from '../db/namespaces.ts'
import type { Log } from '../pipeline/context.ts'

export interface DropContext {
  readonly db: Database
  readonly store: BlobStore
  readonly clock: Clock
}

/** A worker that died lets go after its lease, 20 s; a batch in hand takes a few. */
const patienceMs = 60_000
const pauseMs = 100

/**
 * Drops a namespace with its profiles, runs and files; one that was made to stay only where that was confirmed. Throws
 * `not_found`, `namespace.permanent`, `namespace.first`, and `namespace.busy` when a worker does not let go; dropping then goes on with the next `dropExpired`.
 */
export async function dropNamespace(
  context: DropContext,
  name: string,
  how: { readonly confirmed: boolean },
): Promise<void> {
  const { db, store } = context
  const dropping = await beginDropping(db.pool, name, how)
  const landings = `landings/${dropping.name}`
  await eraseWhenFree(context, dropping, false)
  await store.removeFolder(landings)
  await store.removeFolder(`runs/${dropping.id}`)
  await store.removeFolder(`retries/${dropping.id}`)
  // Its own row goes last: until then, whoever comes after a crash knows what is left to do.
  await eraseWhenFree(context, dropping, true)
  // An upload that was under way found its namespace until now.
  await store.removeFolder(landings)
}

async function eraseWhenFree(context: DropContext, dropping: Dropping, last: boolean): Promise<void> {
  const { db, clock } = context
  const end = clock.now() + patienceMs
  while (!(await eraseOnce(context, dropping, last))) {
    if (clock.now() > end) throw failure('namespace.busy', { name: dropping.name })
    await stopRuns(db.pool, dropping)
    await clock.pause(pauseMs)
  }
}

// Waited too long for a lock, or for each other: whoever is there finishes first.
const comeBack = ['55P03', '40P01', '40001']

async function eraseOnce({ db }: DropContext, dropping: Dropping, last: boolean): Promise<boolean> {
  try {
    await stopRuns(db.pool, dropping)
    return await db.withClient((client) => eraseNamespace(client, dropping, last))
  } catch (error) {
    if (comeBack.includes(sqlState(error) ?? '')) return false
    throw error
  }
}

/** Drops every namespace whose time is over, one after the other; one that cannot go now is left for the next time. */
export async function dropExpired(context: DropContext, log: Pick<Log, 'info' | 'error'>): Promise<void> {
  for (const name of await expiredNamespaces(context.db.pool))
    try {
      await dropNamespace(context, name, { confirmed: false })
      log.info({ namespace: name }, 'dropped: its time was over')
    } catch (error) {
      log.error({ namespace: name, error: String(error) }, 'could not be dropped now')
    }
}
