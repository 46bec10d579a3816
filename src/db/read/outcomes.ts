// What became of a stretch of records of one run, in the order of the file.
import type pg from 'pg'
import { quoteName } from '../sql.ts'

export interface OutcomeRow {
  readonly ordinal: number
  readonly state: number
  readonly outcome: number | null
  readonly reason: number | null
  readonly profile: number | null
  readonly code: string | null
  readonly message: string | null
}

/** The ledger rows of a run from one record to another, both included. */
export async function outcomesBetween(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: { readonly id: number; readonly month: string },
  from: number,
  to: number,
): Promise<OutcomeRow[]> {
  const { rows } = await client.query<OutcomeRow>(
    `select ordinal, state, outcome, reason, profile_id as profile, problem ->> 'code' as code, problem ->> 'message' as message
     from ${quoteName(schema)}.record where run_month = $1 and run = $2 and ordinal between $3 and $4 order by ordinal`,
    [run.month, run.id, from, to],
  )
  return rows
}
