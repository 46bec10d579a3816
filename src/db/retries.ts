// Retried records in the ledger: which row is the newest of a record, and marking it in the transaction that retries it.
import type pg from 'pg'
import type { NewRow } from '../core/changeSet.ts'
import { recordName } from '../core/names.ts'
import { parseRecordName, type RecordKey } from '../core/origin.ts'
import { LostVersion } from './lostVersion.ts'
import { quoteName } from './sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** A row of the ledger as a retry needs to know it. Numbers of state and reason: core/record.ts. */
export interface LedgerRow extends RecordKey {
  readonly state: number
  readonly reason: number | null
  /** Where the record first appeared, r1042/17; null: here. */
  readonly origin: string | null
  readonly retried_in: string | null
}

/** First day of a run's month by run id: the partition of its ledger rows. Runs that do not exist are left out. */
export async function monthsOf(
  client: Queryable,
  schema: string,
  runs: Iterable<number>,
): Promise<Map<number, string>> {
  const { rows } = await client.query<{ id: number; month: string }>(
    `select r.id, r.run_month::text as month from sluice.run r join sluice.namespace n on n.id = r.namespace_id
     where n.data_schema = $1 and r.id = any($2)`,
    [schema, [...new Set(runs)]],
  )
  return new Map(rows.map(({ id, month }) => [id, month]))
}

function byRun(keys: Iterable<RecordKey>): Map<number, number[]> {
  const grouped = new Map<number, number[]>()
  for (const { run, ordinal } of keys) {
    const ordinals = grouped.get(run)
    if (ordinals === undefined) grouped.set(run, [ordinal])
    else ordinals.push(ordinal)
  }
  return grouped
}

/** Ledger rows by record name; those that do not exist are left out. Each is found by its primary key. */
export async function ledgerRows(
  client: Queryable,
  schema: string,
  keys: Iterable<RecordKey>,
): Promise<Map<string, LedgerRow>> {
  const grouped = byRun(keys)
  const months = await monthsOf(client, schema, grouped.keys())
  const found = new Map<string, LedgerRow>()
  for (const [run, ordinals] of grouped) {
    const month = months.get(run)
    if (month === undefined) continue
    const { rows } = await client.query<LedgerRow>(
      `select run, ordinal, state, reason, origin, retried_in from ${quoteName(schema)}.record
       where run_month = $1 and run = $2 and ordinal = any($3)`,
      [month, run, ordinals],
    )
    for (const row of rows) found.set(recordName(row.run, row.ordinal), row)
  }
  return found
}

/** No record is retried so often; a chain that does not end is damage. */
const chainMax = 10_000

/**
 * The newest row of each record, by the name of the row that is asked for: what `retried_in` leads to. Rows of the run
 * `own` do not count: it is the one that is retrying.
 */
export async function newestRows(
  client: Queryable,
  schema: string,
  rows: ReadonlyMap<string, LedgerRow>,
  own: number,
): Promise<Map<string, LedgerRow>> {
  const newest = new Map(rows)
  for (let step = 0; step < chainMax; step++) {
    const ahead = new Map<string, RecordKey>()
    for (const [name, { retried_in }] of newest) {
      const next = retried_in === null ? undefined : parseRecordName(retried_in)
      if (next !== undefined && next.run !== own) ahead.set(name, next)
    }
    if (ahead.size === 0) return newest
    const found = await ledgerRows(client, schema, ahead.values())
    for (const [name, { run, ordinal }] of ahead) {
      const row = found.get(recordName(run, ordinal))
      if (row === undefined)
        throw new Error(`${name} was retried in ${recordName(run, ordinal)}, which is gone`)
      newest.set(name, row)
    }
  }
  throw new Error(`a record was retried more than ${chainMax} times`)
}

interface Mark {
  readonly from: RecordKey
  /** The row that retries it. */
  readonly to: string
}

/**
 * Marks the rows that a batch retries, in its transaction. A row that was retried by somebody else meanwhile passes the
 * mark on to the newest one. Corrections that changed nothing retry nothing.
 */
export async function markRetried(
  client: pg.ClientBase,
  { schema, run }: { readonly schema: string; readonly run: number },
  settlements: readonly NewRow[],
): Promise<void> {
  let open: Mark[] = []
  for (const settled of settlements) {
    const { origin, ordinal } = settled
    if (origin === null || (settled.state === 'skipped' && settled.reason === 'unchanged_correction'))
      continue
    open.push({ from: origin.from, to: recordName(run, ordinal) })
  }
  for (let step = 0; open.length > 0; step++) {
    if (step === chainMax) throw new LostVersion(open.length, 0)
    open = await markOnce(client, schema, open)
  }
}

/** Answers the marks that met a row which was retried already, aimed at the row that did it. */
async function markOnce(client: pg.ClientBase, schema: string, marks: readonly Mark[]): Promise<Mark[]> {
  const months = await monthsOf(
    client,
    schema,
    marks.map(({ from }) => from.run),
  )
  const marked = new Set<string>()
  // In the order of the key: two runs that retry the same records wait for one another in one direction only.
  for (const run of [...months.keys()].sort((a, b) => a - b)) {
    const mine = marks.filter(({ from }) => from.run === run).sort((a, b) => a.from.ordinal - b.from.ordinal)
    const { rows } = await client.query<{ ordinal: number }>(
      `with due as (
         select r.ordinal, v.to_name from ${quoteName(schema)}.record r
         join unnest($3::bigint[], $4::text[]) as v(ordinal, to_name) on v.ordinal = r.ordinal
         where r.run_month = $1 and r.run = $2 and r.ordinal = any($3) order by r.ordinal for no key update of r)
       update ${quoteName(schema)}.record r set retried_in = due.to_name from due
       where r.run_month = $1 and r.run = $2 and r.ordinal = due.ordinal and r.retried_in is null returning r.ordinal`,
      [months.get(run)!, run, mine.map(({ from }) => from.ordinal), mine.map(({ to }) => to)],
    )
    for (const { ordinal } of rows) marked.add(recordName(run, ordinal))
  }
  const missed = marks.filter(({ from }) => !marked.has(recordName(from.run, from.ordinal)))
  if (missed.length === 0) return []
  const rows = await ledgerRows(
    client,
    schema,
    missed.map(({ from }) => from),
  )
  return missed.map(({ from, to }) => {
    const next = parseRecordName(rows.get(recordName(from.run, from.ordinal))?.retried_in ?? '')
    if (next === undefined) throw new LostVersion(marks.length, marked.size)
    return { from: next, to }
  })
}
