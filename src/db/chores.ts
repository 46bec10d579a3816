// Handing a chore to graphile-worker: work around the product that may wait (mail, webhooks, retention).
import type pg from 'pg'

/** Where graphile-worker keeps its own tables. */
export const choresSchema = 'sluice_chores'

export interface ChoreOrder {
  readonly name: string
  readonly payload?: object
  /** At most one of this key waits; a second order replaces it. */
  readonly key?: string
  /** Not before this instant, ISO 8601; null: now. */
  readonly at?: string | null
  /** Tries altogether, with growing pauses. */
  readonly tries?: number
}

/** Adds a chore; within a transaction it stands or falls with it. */
export async function addChore(client: pg.ClientBase | pg.Pool, order: ChoreOrder): Promise<void> {
  await client.query(
    `select from ${choresSchema}.add_job($1, $2::json, run_at => coalesce($3::timestamptz, now()), max_attempts => $4, job_key => $5)`,
    [order.name, JSON.stringify(order.payload ?? {}), order.at ?? null, order.tries ?? 25, order.key ?? null],
  )
}
