// Looking for damage record by record: what `verify` names. Each query answers the first wrong ordinals.
import type pg from 'pg'
import { outcomeNumber, recordStateNumber } from '../core/record.ts'
import { quoteName } from './sql.ts'

export interface Fault {
  readonly kind:
    | 'lost_row'
    | 'doubled_row'
    | 'missing_profile'
    | 'missing_change'
    | 'stray_change'
    | 'missing_stamp'
    | 'unclaimed_profile'
  /** How many records have it, and the first of them. */
  readonly count: number
  readonly ordinal: number
}

const created = outcomeNumber.created
const finished = recordStateNumber.finished
// A record that would join too many people fails, and blocks what would have joined them.
const failed = recordStateNumber.failed
const replacing = [outcomeNumber.updated, outcomeNumber.merged, outcomeNumber.restored].join(', ')

/**
 * One query per kind of damage: how many, and the first ordinal. `$1`: the run; `$2`: records that must have a row;
 * `$3`: the month of its partition, so that every look at the ledger is one by its primary key. A doubled row can only
 * stand in another month, so that one looks everywhere.
 */
function queries(schema: string): Record<Fault['kind'], string> {
  const s = quoteName(schema)
  return {
    doubled_row: `select count(*) as n, min(ordinal) as first from (
      select ordinal from ${s}.record where run = $1 group by ordinal having count(*) > 1) x where $2::bigint is not null and $3::date is not null`,
    lost_row: `select count(*) as n, min(o) as first from generate_series(1, $2::bigint) o
      where not exists (select from ${s}.record r where r.run_month = $3::date and r.run = $1 and r.ordinal = o)`,
    missing_profile: `select count(*) as n, min(r.ordinal) as first from ${s}.record r
      where r.run_month = $3::date and r.run = $1 and r.state = ${finished} and $2::bigint is not null and r.profile_id is not null
        and not exists (select from ${s}.profile p where p._id = r.profile_id)
        and not exists (select from ${s}.profile_gone g where g.profile_id = r.profile_id)`,
    missing_change: `select count(*) as n, min(r.ordinal) as first from ${s}.record r
      where r.run_month = $3::date and r.run = $1 and r.outcome in (${replacing}) and $2::bigint is not null and coalesce(r.settled_by = $1, true)
        and not exists (select from ${s}.change c where c.run = $1 and c.ordinal = r.ordinal)`,
    stray_change: `select count(*) as n, min(c.ordinal) as first from ${s}.change c
      where c.run = $1 and $2::bigint is not null
        and not exists (select from ${s}.record r where r.run_month = $3::date and r.run = $1 and r.ordinal = c.ordinal
          and (r.outcome in (${replacing}) or (r.state = ${failed} and c.before ? 'blocked')))`,
    missing_stamp: `select count(*) as n, min(r.ordinal) as first from ${s}.record r
      join ${s}.profile p on p._id = r.profile_id
      where r.run_month = $3::date and r.run = $1 and $2::bigint is not null and not exists (select from ${s}.stamp t where t.profile_id = p._id)`,
    unclaimed_profile: `select count(*) as n, min(p._created_ordinal) as first from ${s}.profile p
      where p._created_run = $1 and $2::bigint is not null
        and not exists (select from ${s}.record r where r.run_month = $3::date and r.run = $1 and r.ordinal = p._created_ordinal and r.outcome = ${created})`,
  }
}

/** Every kind of damage a run shows; inside a transaction. `mustHave`: how many records must have a ledger row (0 where some are left). */
export async function findFaults(
  client: pg.ClientBase,
  schema: string,
  run: number,
  month: string,
  mustHave: number,
): Promise<Fault[]> {
  // Right after an import the planner knows nothing of the new rows, takes the tables for small, and compares every row
  // with every other. Hash joins take their time from the size alone.
  await client.query('set local enable_nestloop = off')
  const faults: Fault[] = []
  for (const [kind, sql] of Object.entries(queries(schema)) as [Fault['kind'], string][]) {
    const { rows } = await client.query<{ n: number; first: number | null }>(sql, [run, mustHave, month])
    const { n, first } = rows[0]!
    if (n > 0 && first !== null) faults.push({ kind, count: n, ordinal: first })
  }
  return faults
}
