// The log of jobs and runs: what no move of a machine writes by itself (moves.ts does for the others).
import type pg from 'pg'
import type { LogKind } from '../core/logKinds.ts'

export interface LogEntry {
  readonly namespaceId: number
  readonly job?: number | null
  readonly run?: number | null
  readonly kind: LogKind
  /** Who, where it was a person. */
  readonly by?: string | null
  /** What fills the sentence of its kind, and more; plain values, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Writes one line; within a transaction it stands or falls with it. Notifications are made from these lines. */
export async function writeLog(client: pg.ClientBase | pg.Pool, entry: LogEntry): Promise<void> {
  await client.query(
    `insert into sluice.log (namespace_id, job_id, run_id, kind, by, details) values ($1, $2, $3, $4, $5, $6)`,
    [
      entry.namespaceId,
      entry.job ?? null,
      entry.run ?? null,
      entry.kind,
      entry.by ?? null,
      JSON.stringify(entry.details ?? {}),
    ],
  )
}
