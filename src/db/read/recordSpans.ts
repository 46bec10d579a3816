// The runs a search of the ledger goes through, newest first; those whose counters say that nothing of theirs fits are passed.
import type pg from 'pg'
import { idPart } from '../../core/recordIdSearch.ts'
import type { Namespace } from '../imports.ts'
import { statesIn, type RecordFilter } from './recordFilter.ts'

/** The last record looked at: the search goes on after it. */
export interface RecordCursor {
  readonly run: number
  readonly ordinal: number
}

/** The records of a run. */
export interface Span {
  readonly id: number
  /** First day of its month: the partition of its rows. */
  readonly month: string
  readonly total: number
}

interface SpanRow extends Span {
  readonly totals: Readonly<Record<string, number>> | null
}

/** Runs looked at together. */
const runsMax = 500

export interface Spans {
  readonly spans: readonly Span[]
  /** The oldest run that was considered; null: there are no older ones. */
  readonly oldest: number | null
}

/** The next runs that may have records that fit, from the cursor on. */
export async function nextSpans(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  at: RecordCursor | null,
): Promise<Spans> {
  const values: unknown[] = [namespace.id, at?.run ?? null, at?.ordinal ?? null]
  const conditions = runConditions(filter, (value) => `$${values.push(value)}`)
  const { rows } = await client.query<SpanRow>(
    `select r.id, r.run_month::text as month, r.total,
       -- Of a run that goes on they are those of its last stop.
       case when r.ended_at is not null then r.totals end as totals
     from sluice.run r
     ${filter.type === undefined && filter.typeContains === undefined ? '' : 'join sluice.landing l on l.id = r.landing_id'}
     where r.namespace_id = $1 and r.total > 0 and ($2::bigint is null or r.id < $2 or (r.id = $2 and r.total > $3))
       and r.settings ->> 'dryRun' is distinct from 'true' ${conditions.map((c) => `and ${c}`).join(' ')}
     order by r.id desc limit ${runsMax}`,
    values,
  )
  const part = filter.idContains === undefined ? undefined : idPart(filter.idContains)
  if (part === null) return { spans: [], oldest: null }
  const spans = rows.filter((row) => mayFit(row, filter) && (part === undefined || part.run(row.id)))
  return { spans, oldest: rows.length === runsMax ? rows.at(-1)!.id : null }
}

function runConditions(filter: RecordFilter, put: (value: unknown) => string): string[] {
  const conditions: string[] = []
  const { run, jobs, type, typeContains, createdSince, createdUntil, since, until } = filter
  if (run !== undefined) conditions.push(`r.id = ${put(run)}`)
  // Rows of a processing run are its account of rows of other runs: those are the records.
  else conditions.push(`r.trigger <> 'process'`)
  if (jobs !== undefined) conditions.push(`r.job_id = any(${put(jobs)})`)
  if (type !== undefined) conditions.push(`l.file_name = ${put(type)}`)
  if (typeContains !== undefined)
    conditions.push(`position(lower(${put(typeContains)}) in lower(l.file_name)) > 0`)
  if (createdSince !== undefined) conditions.push(`r.created_at >= ${put(createdSince)}::timestamptz`)
  if (filter.asOf !== undefined) conditions.push(`r.created_at <= ${put(filter.asOf)}::timestamptz`)
  if (createdUntil !== undefined) conditions.push(`r.created_at < ${put(createdUntil)}::timestamptz`)
  // No record moved before its run was there, or after the run ended and the last of them moved.
  if (until !== undefined) conditions.push(`r.created_at < ${put(until)}::timestamptz`)
  if (since !== undefined)
    conditions.push(
      `coalesce(greatest(r.ended_at, r.moved_at) >= ${put(since)}::timestamptz or r.ended_at is null, true)`,
    )
  return conditions
}

/** What the totals of a run that ended leave possible. */
function mayFit({ totals }: SpanRow, filter: RecordFilter): boolean {
  if (totals === null) return true
  const has = (fits: (key: string) => boolean): boolean =>
    Object.entries(totals).some(([key, count]) => count > 0 && fits(key))
  const states = statesIn(filter)
  if (states !== null && !has((key) => states.some((state) => key === state || key.startsWith(`${state}.`))))
    return false
  if (filter.outcome !== undefined && !has((key) => key === `finished.${filter.outcome}`)) return false
  if (filter.reason !== undefined && !has((key) => key === `skipped.${filter.reason}`)) return false
  return filter.code === undefined || has((key) => key === `failed.${filter.code}`)
}
