// What the routes need from the rest of the program; the host puts it together.
import type { BlobStore } from '../blobs/store.ts'
import { failure } from '../core/problems.ts'
import type { RunState } from '../core/run.ts'
import type { Database } from '../db/client.ts'
import { findNamespace, type Namespace } from '../db/imports.ts'
import { findRun, type RunRow } from '../db/read/runs.ts'
import { runName } from '../core/names.ts'

export interface ApiContext {
  readonly database: Database
  readonly blobs: BlobStore
  /** Now, ISO 8601. */
  readonly now: () => string
  readonly about: About
  /** Ends the server process cleanly; asked for by `sluice down` over the socket. */
  readonly stop: () => void
  /** Checks a run's numbers from three sides (the pipeline's verify). */
  readonly verify: (namespace: Namespace, run: number) => Promise<VerifyReport>
  /** Lines of the file in which records begin, by record name (r1042/17); those that cannot be told are left out. */
  readonly linesOf: (
    namespace: Namespace,
    records: readonly { readonly run: number; readonly ordinal: number }[],
  ) => Promise<ReadonlyMap<string, number>>
  /** Called once per failed request that is our fault. */
  readonly logFault: (error: unknown) => void
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
