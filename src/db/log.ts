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

/** Writes that a new run waits for its lane; of the first run of a job also that the job begins (LY-22). */
export async function logQueued(client: pg.ClientBase, namespaceId: number, run: number): Promise<void> {
  await client.query(
    `insert into sluice.log (namespace_id, job_id, run_id, kind, by, details)
     select r.namespace_id, r.job_id, r.id, k.kind, r.started_by, jsonb_build_object('trigger', r.trigger)
     from sluice.run r, unnest(case when r.number = 1 then array['started', 'queued'] else array['queued'] end) with ordinality k (kind, place)
     where r.namespace_id = $1 and r.id = $2 order by k.place`,
    [namespaceId, run],
  )
}
