// The ledger as people look at it: pages of a search, and every record that a filter chooses.
import type pg from 'pg'
import { idPart } from '../../core/recordIdSearch.ts'
import type { Namespace } from '../imports.ts'
import { prepared, quoteName } from '../sql.ts'
import { conditionsOf, type RecordFilter } from './recordFilter.ts'
import { recordColumns, Search, type StoredPage, type StoredRow } from './recordSearch.ts'
import { nextSpans, type RecordCursor, type Span } from './recordSpans.ts'

export type { RecordFilter } from './recordFilter.ts'
export type { RecordCursor } from './recordSpans.ts'

export interface RecordRow extends StoredRow {
  readonly job: string
  /** The file it came in. */
  readonly type: string | null
  /** When it landed. */
  readonly created_at: string
  /** How its job tries failures again: so often, so many minutes apart; null: it does not. */
  readonly again: { readonly attempts: number; readonly everyMinutes: number } | null
}

export interface RecordPage {
  readonly records: readonly RecordRow[]
  /** Null: everything was searched. */
  readonly next: RecordCursor | null
  /** Of a page that is not full though the search can go on: when the run landed to which it got, newest first. */
  readonly searchedTo: string | null
}

/**
 * One page. It may be short or empty with a cursor: it looked at as many rows as one page may, and the search can go on
 * from there. Rows have a place that never changes, so that no record comes twice or is passed over while others move.
 */
export async function searchRecords(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  after: RecordCursor | null,
  limit: number,
): Promise<RecordPage> {
  const page = await pageOf(client, namespace, filter, after, limit)
  const { records, next } = page
  const searchedTo =
    next === null || records.length >= limit ? null : await landedAt(client, namespace, next.run)
  return { next, searchedTo, records: await withRuns(client, namespace, records) }
}

async function landedAt(client: pg.Pool, { id }: Namespace, run: number): Promise<string | null> {
  const { rows } = await client.query<{ at: string }>(
    `select to_json(created_at) #>> '{}' as at from sluice.run where namespace_id = $1 and id = $2`,
    [id, run],
  )
  return rows[0]?.at ?? null
}

function pageOf(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  after: RecordCursor | null,
  limit: number,
): Promise<StoredPage> {
  if (filter.id !== undefined) return searchOne(client, namespace, filter, filter.id)
  if (filter.profile !== undefined) return searchProfile(client, namespace, filter, after, limit)
  return new Search(client, namespace, filter, limit).from(after)
}

async function searchOne(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  { run, ordinal }: RecordCursor,
): Promise<StoredPage> {
  const { spans } = await nextSpans(client, namespace, { ...filter, run: filter.run ?? run }, null)
  const span = spans.find(({ id }) => id === run)
  if (span === undefined) return { records: [], next: null }
  const values: unknown[] = [span.month, run, ordinal]
  const conditions = conditionsOf(namespace.id, filter, (value) => `$${values.push(value)}`)
  const { rows } = await client.query<StoredRow>(
    `select ${recordColumns} from ${quoteName(namespace.schema)}.record
     where run_month = $1 and run = $2 and ordinal = $3 ${conditions.map((c) => `and ${c}`).join(' ')}`,
    values,
  )
  return { records: rows, next: null }
}

/** The records of one person, by the index of profiles: they are few, however large the ledger is. */
async function searchProfile(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  after: RecordCursor | null,
  limit: number,
): Promise<StoredPage> {
  const values: unknown[] = [after?.run ?? null, after?.ordinal ?? null, limit + 1, namespace.id]
  const conditions = conditionsOf(namespace.id, filter, (value) => `$${values.push(value)}`)
  if (filter.run !== undefined) conditions.push(`run = $${values.push(filter.run)}`)
  else
    conditions.push(
      `not exists (select from sluice.run p where p.namespace_id = $4 and p.id = run and p.trigger = 'process')`,
    )
  const { rows } = await client.query<StoredRow>(
    `select ${recordColumns} from ${quoteName(namespace.schema)}.record
     where ${conditions.join(' and ')} and $4::int is not null
       and ($1::bigint is null or run < $1 or (run = $1 and ordinal > $2))
     order by run desc, ordinal limit $3`,
    values,
  )
  const records = rows.slice(0, limit)
  const last = rows.length > limit ? records.at(-1)! : null
  return { records, next: last === null ? null : { run: last.run, ordinal: last.ordinal } }
}

/** Adds what their runs know: job, file, when they landed, and how they are tried again. */
async function withRuns(
  client: pg.Pool,
  namespace: Namespace,
  records: readonly StoredRow[],
): Promise<RecordRow[]> {
  if (records.length === 0) return []
  const { rows } = await client.query<
    Pick<RecordRow, 'job' | 'type' | 'created_at' | 'again'> & { id: number }
  >(
    prepared(
      `select r.id, j.name as job, l.file_name as type, to_json(r.created_at) #>> '{}' as created_at,
       nullif(v.setup -> 'recordRetry', 'null') as again
     from sluice.run r join sluice.job j on j.id = r.job_id
     join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
     left join sluice.landing l on l.id = r.landing_id
     where r.namespace_id = $1 and r.id = any($2::bigint[])`,
      [namespace.id, [...new Set(records.map(({ run }) => run))]],
    ),
  )
  const byId = new Map(rows.map(({ id, ...facts }) => [id, facts]))
  return records.map((record) => ({ ...record, ...byId.get(record.run)! }))
}

/** What a retry must know of a record. */
export interface ChosenRow {
  readonly run: number
  readonly ordinal: number
  readonly state: number
  readonly reason: number | null
  readonly origin: string | null
  readonly retried_in: string | null
  /** It came or changed after the instant of the selection. */
  readonly late?: boolean
}

// A page is held in memory.
const chosenWindow = 20_000

/** Every record that fits, by pages of one run each: newest run first, in the order of the file within a run. */
export async function* chosenRecords(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
): AsyncGenerator<ChosenRow[]> {
  const part = filter.idContains === undefined ? null : idPart(filter.idContains)
  for (let at: RecordCursor | null = null; ;) {
    const { spans, oldest } = await nextSpans(client, namespace, filter, at)
    for (const span of spans)
      for (let from = 0; from < span.total; from += chosenWindow) {
        const rows = await chosenIn(client, namespace, filter, span, from)
        const fit =
          part === null ? rows : rows.filter(({ run, ordinal }) => part.next(run, ordinal) === ordinal)
        if (fit.length > 0) yield fit
      }
    if (oldest === null) return
    at = { run: oldest, ordinal: Number.MAX_SAFE_INTEGER }
  }
}

async function chosenIn(
  client: pg.Pool,
  namespace: Namespace,
  filter: RecordFilter,
  span: Span,
  from: number,
): Promise<ChosenRow[]> {
  const values: unknown[] = [span.month, span.id, from, from + chosenWindow, filter.asOf ?? 'infinity']
  const conditions = conditionsOf(namespace.id, filter, (value) => `$${values.push(value)}`)
  if (filter.id !== undefined)
    conditions.push(`run = $${values.push(filter.id.run)} and ordinal = $${values.push(filter.id.ordinal)}`)
  const { rows } = await client.query<ChosenRow>(
    `select run, ordinal, state, reason, origin, retried_in, updated_at > $5::timestamptz as late from ${quoteName(namespace.schema)}.record
     where run_month = $1 and run = $2 and ordinal > $3 and ordinal <= $4 ${conditions.map((c) => `and ${c}`).join(' ')}
     order by ordinal`,
    values,
  )
  return rows
}
