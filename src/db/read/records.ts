// Searching the ledger: newest run first, in the order of the file within a run. A page looks at so many rows and no more.
import type pg from 'pg'
import type { RecordProblem } from '../../core/prepared.ts'
import type { Problem } from '../../core/problem.ts'
import { idPart, type IdPart } from '../../core/recordIdSearch.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import { conditionsOf, type RecordFilter } from './recordFilter.ts'
import { nextSpans, type RecordCursor, type Span } from './recordSpans.ts'

export type { RecordFilter } from './recordFilter.ts'
export type { RecordCursor } from './recordSpans.ts'

interface StoredRow {
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
  /** The processing run that settled it. */
  readonly settled_by: number | null
  /** How often it was tried again by itself. */
  readonly attempts: number | null
  readonly updated_at: string
}

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
}

const recordColumns = `
  run, ordinal, state, outcome, reason, identifier, profile_id, problem, warnings, origin, retried_in, settled_by, attempts,
  to_json(updated_at) #>> '{}' as updated_at`

/** Rows that one page looks at; a search that found too little goes on from the cursor. */
const pageRows = 100_000
/** Places that one page looks up one by one. */
const pagePlaces = 5_000
// A cold disk may take long over a page's rows.
const timeBoxMs = 3_000

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
  return { ...page, records: await withRuns(client, namespace, page.records) }
}

interface StoredPage {
  readonly records: readonly StoredRow[]
  readonly next: RecordCursor | null
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

/** One search for one page. */
class Search {
  readonly #client: pg.Pool
  readonly #namespace: Namespace
  readonly #filter: RecordFilter
  readonly #limit: number
  readonly #part: IdPart | null
  readonly #found: StoredRow[] = []
  readonly #started = performance.now()
  #rows = pageRows
  #places = pagePlaces

  constructor(client: pg.Pool, namespace: Namespace, filter: RecordFilter, limit: number) {
    this.#client = client
    this.#namespace = namespace
    this.#filter = filter
    this.#limit = limit
    this.#part = filter.idContains === undefined ? null : idPart(filter.idContains)
  }

  async from(after: RecordCursor | null): Promise<StoredPage> {
    for (let at = after; ;) {
      const { spans, oldest } = await nextSpans(this.#client, this.#namespace, this.#filter, at)
      const stopped = await this.#through(spans, at)
      if (stopped !== null) return { records: this.#found, next: stopped }
      if (oldest === null) return { records: this.#found, next: null }
      at = { run: oldest, ordinal: Number.MAX_SAFE_INTEGER }
    }
  }

  /** Null: all of them were searched, and the page has room. */
  async #through(spans: readonly Span[], at: RecordCursor | null): Promise<RecordCursor | null> {
    let from = 0
    for (let next = 0; next < spans.length;) {
      const first = spans[next]!
      if (at?.run === first.id) from = Math.max(from, at.ordinal)
      const windows = this.#windows(spans, next, from)
      const last = windows.at(-1)!
      const rows = await this.#rowsIn(windows)
      this.#found.push(...rows)
      if (this.#found.length >= this.#limit) {
        const { run, ordinal } = this.#found.at(-1)!
        return { run, ordinal }
      }
      next += windows.length - 1
      from = last.to
      if (last.to >= last.span.total) {
        next++
        from = 0
      }
      if (this.#over) return { run: last.span.id, ordinal: last.to }
    }
    return null
  }

  get #over(): boolean {
    return this.#rows <= 0 || this.#places <= 0 || performance.now() - this.#started > timeBoxMs
  }

  /** What is looked at together: small runs of one month, or a piece of a large one. */
  #windows(spans: readonly Span[], first: number, from: number): Window[] {
    const windows: Window[] = []
    let low = from
    for (const span of spans.slice(first)) {
      if (span.month !== spans[first]!.month || this.#rows <= 0) break
      const to = this.#part === null ? Math.min(span.total, low + Math.max(this.#rows, 1)) : span.total
      windows.push({ span, from: low, to })
      // Also a run without a row costs a look.
      if (this.#part === null) this.#rows -= to - low + 50
      else return windows
      if (to < span.total) break
      low = 0
    }
    return windows
  }

  async #rowsIn(windows: readonly Window[]): Promise<StoredRow[]> {
    if (this.#part !== null) return this.#rowsAt(this.#part, windows[0]!)
    const values: unknown[] = [
      windows[0]!.span.month,
      windows.map(({ span }) => span.id),
      windows.map((window) => window.from),
      windows.map(({ to }) => to),
      this.#limit - this.#found.length,
    ]
    const { rows } = await this.#client.query<StoredRow>(
      `select x.* from unnest($2::bigint[], $3::bigint[], $4::bigint[]) with ordinality as w(id, low, high, place)
       cross join lateral (select ${recordColumns} from ${this.#record}
         where run_month = $1 and run = w.id and ordinal > w.low and ordinal <= w.high ${this.#conditions(values)}
         order by ordinal limit $5) x
       order by w.place, x.ordinal limit $5`,
      values,
    )
    return rows
  }

  get #record(): string {
    return `${quoteName(this.#namespace.schema)}.record`
  }

  #conditions(values: unknown[]): string {
    return conditionsOf(this.#namespace.id, this.#filter, (value) => `$${values.push(value)}`)
      .map((condition) => `and ${condition}`)
      .join(' ')
  }

  /** Rows whose id has the part that is asked for: their places are known without looking. */
  async #rowsAt(part: IdPart, window: Window): Promise<StoredRow[]> {
    const { span } = window
    const found: StoredRow[] = []
    const room = this.#limit - this.#found.length
    for (let from = window.from + 1; from <= span.total && found.length < room && this.#places > 0;) {
      const places: number[] = []
      for (let at = part.next(span.id, from); at !== null && at <= span.total && places.length < 500;) {
        places.push(at)
        at = part.next(span.id, at + 1)
      }
      if (places.length === 0) break
      from = places.at(-1)! + 1
      this.#places -= places.length
      // Where the places end, the rest of the run need not be looked at.
      window.to = places.length < 500 ? span.total : from - 1
      const values: unknown[] = [span.month, span.id, places, room - found.length]
      const { rows } = await this.#client.query<StoredRow>(
        `select ${recordColumns} from ${this.#record}
         where run_month = $1 and run = $2 and ordinal = any($3) ${this.#conditions(values)} order by ordinal limit $4`,
        values,
      )
      found.push(...rows)
    }
    return found
  }
}

interface Window {
  readonly span: Span
  readonly from: number
  /** The last place that is looked at. */
  to: number
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
    `select r.id, j.name as job, l.file_name as type, to_json(r.created_at) #>> '{}' as created_at,
       nullif(v.setup -> 'recordRetry', 'null') as again
     from sluice.run r join sluice.job j on j.id = r.job_id
     join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
     left join sluice.landing l on l.id = r.landing_id
     where r.namespace_id = $1 and r.id = any($2::bigint[])`,
    [namespace.id, [...new Set(records.map(({ run }) => run))]],
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
