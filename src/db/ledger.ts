// The ledger's own account of a run, counted apart from the chunks; and its failed records for the error file.
import type pg from 'pg'
import type { RecordProblem } from '../core/prepared.ts'
import { outcomeName, recordStateName, recordStateNumber, skipReasonName } from '../core/record.ts'
import type { RunKey } from './moves.ts'
import { quoteName } from './sql.ts'

export interface LedgerCount {
  /** Flat keys as the chunks count them: `finished.created`, `skipped.exists`, `failed.email.invalid`; open states by name. */
  readonly counters: Readonly<Record<string, number>>
  readonly rows: number
  readonly distinctOrdinals: number
  readonly firstOrdinal: number | null
  readonly lastOrdinal: number | null
  /** Those of them that a processing run settled. */
  readonly elsewhere: Readonly<Record<string, number>>
}

/** Counts the ledger rows of a run, whatever partition they are in. */
export async function countLedger(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: number,
  month: string,
): Promise<LedgerCount> {
  const { rows } = await client.query<{
    state: number
    outcome: number | null
    reason: number | null
    code: string | null
    n: number
    low: number
    high: number
    elsewhere: number
  }>(
    `select state, outcome, reason, case when state = ${recordStateNumber.failed} then problem ->> 'code' end as code, count(*) as n, min(ordinal) as low, max(ordinal) as high,
       count(*) filter (where settled_by <> run) as elsewhere
     from ${quoteName(schema)}.record where run_month = $2 and run = $1 group by 1, 2, 3, 4`,
    [run, month],
  )
  const counters: Record<string, number> = {}
  const elsewhere: Record<string, number> = {}
  let total = 0
  for (const row of rows) {
    const state = recordStateName(row.state) ?? 'unknown'
    const detail =
      row.outcome !== null
        ? outcomeName(row.outcome)
        : row.reason !== null
          ? skipReasonName(row.reason)
          : row.code
    const key = detail === null ? state : `${state}.${detail}`
    counters[key] = row.n
    if (row.elsewhere > 0) elsewhere[key] = row.elsewhere
    total += row.n
  }
  return {
    counters,
    rows: total,
    // The primary key (month, run, ordinal) makes ordinals distinct within the month.
    distinctOrdinals: total,
    firstOrdinal: rows.length === 0 ? null : Math.min(...rows.map((r) => r.low)),
    lastOrdinal: rows.length === 0 ? null : Math.max(...rows.map((r) => r.high)),
    elsewhere,
  }
}

/** Profiles that name this run as their maker, also those that were merged away or deleted since. */
export async function countMade(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: number,
): Promise<number> {
  const s = quoteName(schema)
  const { rows } = await client.query<{ n: number }>(
    `select (select count(*) from ${s}.profile where _created_run = $1)
          + (select count(*) from ${s}.profile_gone where created_run = $1) as n`,
    [run],
  )
  return rows[0]!.n
}

/** Profiles that this run deleted, also those that an undo of it brought back. */
export async function countGone(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  { namespaceId, runId }: RunKey,
): Promise<number> {
  const s = quoteName(schema)
  const { rows } = await client.query<{ n: number }>(
    `select count(*) as n from (
       select profile_id from ${s}.profile_gone where gone_run = $1 and into_profile_id is null
       union select c.profile_id from sluice.run u join ${s}.change c on c.run = u.id
         where u.namespace_id = $2 and u.trigger = 'undo' and u.settings ->> 'reverts' = 'r' || $1::bigint
           and (c.before -> 'restored' ->> 'run')::bigint = $1) x`,
    [runId, namespaceId],
  )
  return rows[0]!.n
}

export interface FailedRecord {
  readonly ordinal: number
  /** The record it goes back to: of a processing run the row that is settled. */
  readonly origin: string | null
  readonly problem: RecordProblem
}

/** The failed records of a run in order, a page at a time. */
export async function* failedRecords(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: number,
  month: string,
): AsyncGenerator<FailedRecord[]> {
  for (let after = 0; ;) {
    const { rows } = await client.query<FailedRecord>(
      `select ordinal, origin, problem from ${quoteName(schema)}.record
       where run_month = $2 and run = $1 and state = 5 and ordinal > $3 order by ordinal limit 2000`,
      [run, month, after],
    )
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.ordinal
  }
}

/** Those of the records that failed. */
export async function failedRecordsAt(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: number,
  month: string,
  ordinals: readonly number[],
): Promise<FailedRecord[]> {
  const { rows } = await client.query<FailedRecord>(
    `select ordinal, origin, problem from ${quoteName(schema)}.record
     where run_month = $2 and run = $1 and state = 5 and ordinal = any($3)`,
    [run, month, ordinals],
  )
  return rows
}
