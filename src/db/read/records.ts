// Searching the ledger: newest run first, in the order of the file within a run, and never longer than the time box.
import type pg from 'pg'
import type { Problem } from '../../core/problem.ts'
import type { RecordProblem } from '../../core/prepared.ts'
import {
  outcomeNumber,
  recordStateNumber,
  skipReasonNumber,
  type Outcome,
  type RecordState,
  type SkipReason,
} from '../../core/record.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'

export interface RecordFilter {
  readonly run?: number | undefined
  readonly state?: RecordState | undefined
  readonly outcome?: Outcome | undefined
  readonly reason?: SkipReason | undefined
  /** Problem code. */
  readonly code?: string | undefined
  /** Exactly this normalised identifier. */
  readonly identifier?: string | undefined
  /** An identifier that contains this text. */
  readonly contains?: string | undefined
  readonly profile?: number | undefined
  /** Settled at or after, and before; anything PostgreSQL takes as a timestamp. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Only the newest row of each record: not those that were retried since. */
  readonly newest?: boolean | undefined
}

/** The last record looked at: the search goes on after it. */
export interface RecordCursor {
  readonly run: number
  readonly ordinal: number
}

export interface RecordRow {
  /** Where a retried record first appeared, r1042/17. */
  readonly origin: string | null
  /** The row that retried it since. */
  readonly retried_in: string | null
  readonly run: number
  readonly ordinal: number
  readonly state: number
  readonly outcome: number | null
  readonly reason: number | null
  readonly identifier: string | null
  readonly profile_id: number | null
  readonly problem: RecordProblem | null
  readonly warnings: Problem[] | null
  readonly updated_at: string
}

export interface RecordPage {
  readonly records: readonly RecordRow[]
  /** Null: everything was searched. */
  readonly next: RecordCursor | null
}

interface Span {
  readonly id: number
  readonly month: string
  readonly total: number
}

const recordColumns = `
  run, ordinal, state, outcome, reason, identifier, profile_id, problem, warnings, origin, retried_in,
  to_json(updated_at) #>> '{}' as updated_at`

// One query looks at so many records of one run: an index range, a fraction of a second.
const windowRecords = 100_000
const timeBoxMs = 3_000

/** One page. A page may be short or empty with a cursor: the time was up, and the search can go on from there. */
export async function searchRecords(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  after: RecordCursor | null,
  limit: number,
): Promise<RecordPage> {
  if (filter.profile !== undefined) return searchProfile(client, namespace, filter, after, limit)
  const started = performance.now()
  const found: RecordRow[] = []
  for (let at = after; ;) {
    const span = await nextSpan(client, namespace, filter, at)
    if (span === undefined) return { records: found, next: null }
    let from = at?.run === span.id ? at.ordinal : 0
    while (from < span.total) {
      const to = Math.min(span.total, from + windowRecords)
      const rows = await searchWindow(client, namespace, span, filter, {
        from,
        to,
        limit: limit - found.length,
      })
      found.push(...rows)
      const last = rows.at(-1)
      if (found.length >= limit) return { records: found, next: { run: span.id, ordinal: last!.ordinal } }
      from = to
      if (performance.now() - started > timeBoxMs)
        return { records: found, next: { run: span.id, ordinal: from } }
    }
    at = { run: span.id, ordinal: span.total }
  }
}

/** The records of one person, by the index of profiles: they are few, however large the ledger is. */
async function searchProfile(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  after: RecordCursor | null,
  limit: number,
): Promise<RecordPage> {
  const values: unknown[] = [after?.run ?? null, after?.ordinal ?? null, limit + 1]
  const conditions = conditionsOf(namespace, filter, (value) => `$${values.push(value)}`)
  if (filter.run !== undefined) conditions.push(`run = $${values.push(filter.run)}`)
  const { rows } = await client.query<RecordRow>(
    `select ${recordColumns} from ${quoteName(namespace.schema)}.record
     where ${conditions.join(' and ')} and ($1::bigint is null or run < $1 or (run = $1 and ordinal > $2))
     order by run desc, ordinal limit $3`,
    values,
  )
  const records = rows.slice(0, limit)
  const last = rows.length > limit ? records.at(-1)! : null
  return { records, next: last === null ? null : { run: last.run, ordinal: last.ordinal } }
}

/** The run the cursor stands in while something of it is left, else the next older one that has records. */
async function nextSpan(
  client: pg.Pool,
  namespace: Namespace,
  { run }: RecordFilter,
  at: RecordCursor | null,
): Promise<Span | undefined> {
  const { rows } = await client.query<Span>(
    `select id, run_month::text as month, total from sluice.run
     where namespace_id = $1 and total > 0 and ($2::bigint is null or id = $2)
       and ($3::bigint is null or id < $3 or (id = $3 and total > $4)) and settings ->> 'dryRun' is distinct from 'true'
     order by id desc limit 1`,
    [namespace.id, run ?? null, at?.run ?? null, at?.ordinal ?? null],
  )
  return rows[0]
}

async function searchWindow(
  client: pg.Pool,
  namespace: Namespace,
  span: Span,
  filter: RecordFilter,
  window: { from: number; to: number; limit: number },
): Promise<RecordRow[]> {
  const values: unknown[] = [span.month, span.id, window.from, window.to, window.limit]
  const conditions = conditionsOf(namespace, filter, (value) => `$${values.push(value)}`)
  const { rows } = await client.query<RecordRow>(
    `select ${recordColumns}
     from ${quoteName(namespace.schema)}.record
     where run_month = $1 and run = $2 and ordinal > $3 and ordinal <= $4 ${conditions.map((c) => `and ${c}`).join(' ')}
     order by ordinal limit $5`,
    values,
  )
  return rows
}

function conditionsOf(namespace: Namespace, filter: RecordFilter, put: (value: unknown) => string): string[] {
  const { state, outcome, reason, code, identifier, contains, profile, since, until } = filter
  const conditions: string[] = []
  if (state !== undefined) conditions.push(`state = ${recordStateNumber[state]}`)
  if (outcome !== undefined) conditions.push(`outcome = ${outcomeNumber[outcome]}`)
  if (reason !== undefined) conditions.push(`reason = ${skipReasonNumber[reason]}`)
  if (code !== undefined)
    conditions.push(`state = ${recordStateNumber.failed} and problem ->> 'code' = ${put(code)}`)
  if (identifier !== undefined) conditions.push(`identifier = ${put(identifier)}`)
  if (contains !== undefined) conditions.push(`position(${put(contains)} in lower(identifier)) > 0`)
  if (profile !== undefined) conditions.push(`profile_id = ${put(profile)}`)
  if (filter.newest === true) conditions.push(isNewest(namespace))
  if (since !== undefined) conditions.push(`updated_at >= ${put(since)}::timestamptz`)
  if (until !== undefined) conditions.push(`updated_at < ${put(until)}::timestamptz`)
  return conditions
}

/** What a retry must know of a record. */
export interface ChosenRow {
  readonly run: number
  readonly ordinal: number
  readonly state: number
  readonly reason: number | null
  readonly origin: string | null
  readonly retried_in: string | null
}

// A page is held in memory.
const chosenWindow = 20_000

/** Every record that fits, by pages: run after run, newest first, in the order of the file within a run. */
export async function* chosenRecords(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
): AsyncGenerator<ChosenRow[]> {
  for (let at: RecordCursor | null = null; ;) {
    const span: Span | undefined = await nextSpan(client, namespace, filter, at)
    if (span === undefined) return
    for (let from = 0; from < span.total; from += chosenWindow) {
      const values: unknown[] = [span.month, span.id, from, from + chosenWindow]
      const conditions = conditionsOf(namespace, filter, (value) => `$${values.push(value)}`)
      const { rows } = await client.query<ChosenRow>(
        `select run, ordinal, state, reason, origin, retried_in from ${quoteName(namespace.schema)}.record
         where run_month = $1 and run = $2 and ordinal > $3 and ordinal <= $4 ${conditions.map((c) => `and ${c}`).join(' ')}
         order by ordinal`,
        values,
      )
      if (rows.length > 0) yield rows
    }
    at = { run: span.id, ordinal: span.total }
  }
}

/** Nobody tried it again, or whoever did was undone since: then it is as it was before. */
function isNewest({ id }: Namespace): string {
  return `(retried_in is null or exists (select from sluice.run r where r.namespace_id = ${id}
     and r.id = substring(retried_in from '^r([0-9]+)/')::bigint and r.state = 'reverted'))`
}
