// One page of a search of the ledger: newest run first, in the order of the file within a run. A page looks at so many rows and
// no more; what is found by a part of an identifier is then looked up in the index of its month, where there is one.
import type pg from 'pg'
import type { RecordProblem } from '../../core/prepared.ts'
import type { Problem } from '../../core/problem.ts'
import { rarestPart } from '../../core/rarestPart.ts'
import { idPart, type IdPart } from '../../core/recordIdSearch.ts'
import { inReadOnly, sqlState } from '../client.ts'
import {
  identifierIndex,
  identifierSample,
  identifierStart,
  type IdentifierIndex,
} from '../identifierIndex.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import { conditionsOf, type RecordFilter } from './recordFilter.ts'
import { nextSpans, type RecordCursor, type Span } from './recordSpans.ts'

export interface StoredRow {
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

export const recordColumns = `
  run, ordinal, state, outcome, reason, identifier, profile_id, problem, warnings, origin, retried_in, settled_by, attempts,
  to_json(updated_at) #>> '{}' as updated_at`

export interface StoredPage {
  readonly records: readonly StoredRow[]
  readonly next: RecordCursor | null
}

/** Rows that one page looks at; a search that found too little goes on from the cursor. */
const pageRows = 60_000
/** Of those, what is read before a part of an identifier is looked up: what is frequent is found sooner that way. */
const firstRows = 20_000
/** Places that one page looks up one by one. */
const pagePlaces = 5_000
/** Also a run without a row costs a look, as so many rows do. */
const runCost = 50
// A cold disk may take long over a page's rows.
const timeBoxMs = 3_000

interface Window {
  readonly span: Span
  readonly from: number
  /** The last place that is looked at. */
  to: number
}

export class Search {
  readonly #client: pg.Pool
  readonly #namespace: Namespace
  readonly #filter: RecordFilter
  readonly #limit: number
  readonly #part: IdPart | null
  readonly #found: StoredRow[] = []
  readonly #started = performance.now()
  #rows = pageRows
  #places = pagePlaces
  readonly #indexes = new Map<string, IdentifierIndex | undefined>()
  /** Looking up took too long: too many rows fit. */
  #slow = false

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
    const [newest] = spans
    let from = newest !== undefined && at?.run === newest.id ? at.ordinal : 0
    for (let next = 0; next < spans.length;) {
      const span = spans[next]!
      const index = await this.#indexOf(span)
      const passed = index === undefined ? 0 : await this.#byIndex(spans.slice(next), from, index.until)
      if (passed > 0) {
        next += passed
        from = 0
      } else if (this.#over) return { run: span.id, ordinal: from }
      else {
        const windows = this.#windows(spans, next, from)
        this.#found.push(...(await this.#rowsIn(windows)))
        const last = windows.at(-1)!
        const whole = last.to >= last.span.total
        next += windows.length - (whole ? 0 : 1)
        from = whole ? 0 : last.to
      }
      if (this.#found.length >= this.#limit) {
        const { run, ordinal } = this.#found.at(-1)!
        return { run, ordinal }
      }
    }
    return null
  }

  /** The index of the month of a run, where it has the run and it is time to look it up. */
  async #indexOf({ id, month }: Span): Promise<IdentifierIndex | undefined> {
    const { contains, identifier } = this.#filter
    const match = identifier === undefined ? 'part' : 'whole'
    if ((identifier === undefined && (contains ?? '').length < 3) || this.#part !== null) return undefined
    if (!this.#indexes.has(month))
      this.#indexes.set(month, await identifierIndex(this.#client, this.#namespace.schema, month, match))
    const index = this.#indexes.get(month)
    const read = pageRows - this.#rows
    const isTime = index !== undefined && id <= index.until && (match === 'whole' || read >= firstRows)
    return isTime && !this.#slow ? index : undefined
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
      if (this.#part !== null) return [{ span, from: low, to: span.total }]
      const until = this.#indexes.get(span.month)?.until ?? 0
      // From here on it can be looked up.
      if (windows.length > 0 && span.id <= until) break
      const most = span.id <= until && !this.#slow ? Math.min(this.#rows, firstRows) : this.#rows
      const to = Math.min(span.total, low + Math.max(most, 1))
      windows.push({ span, from: low, to })
      this.#rows -= to - low + runCost
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
      this.#room,
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

  get #room(): number {
    return this.#limit - this.#found.length
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
    const { total } = span
    for (let from = window.from + 1; from <= total && found.length < this.#room;) {
      if (this.#places <= 0) {
        window.to = from - 1
        break
      }
      const places = placesFrom(part, span, from)
      if (places.length === 0) break
      from = places.at(-1)! + 1
      this.#places -= places.length
      const values: unknown[] = [span.month, span.id, places, this.#room - found.length]
      const { rows } = await this.#client.query<StoredRow>(
        `select ${recordColumns} from ${this.#record}
         where run_month = $1 and run = $2 and ordinal = any($3) ${this.#conditions(values)} order by ordinal limit $4`,
        values,
      )
      found.push(...rows)
    }
    return found
  }

  /**
   * The next runs of one month by its index of identifiers, all of them at once: what was found too little of is rare.
   * Answers how many runs that were; 0: it cannot help.
   */
  async #byIndex(spans: readonly Span[], from: number, until: number): Promise<number> {
    const first = spans[0]!
    const others = spans.findIndex(({ month }) => month !== first.month)
    const mine = others === -1 ? spans : spans.slice(0, others)
    const rows = await this.#lookUp(mine, from, until)
    this.#slow ||= rows === null
    this.#found.push(...(rows ?? []))
    return rows === null ? 0 : mine.length
  }

  /** What the index is asked for; the conditions hold each row against the whole filter. */
  async #likeness(month: string, values: unknown[]): Promise<string> {
    const { contains, identifier } = this.#filter
    if (identifier !== undefined)
      return `and ${identifierStart('identifier')} = ${identifierStart(`$${values.push(identifier)}`)}`
    // Of a text of which most is in every row, the rest is looked up several times faster.
    const part = rarestPart(
      contains!,
      await identifierSample(this.#client, this.#namespace.schema, month),
    ).replaceAll(/[\\%_]/g, String.raw`\$&`)
    return `and lower(identifier) like $${values.push(`%${part}%`)}`
  }

  /** Null: it would take too long. */
  async #lookUp(spans: readonly Span[], from: number, until: number): Promise<StoredRow[] | null> {
    const first = spans[0]!
    const values: unknown[] = [first.month, spans.map(({ id }) => id), first.id, from, this.#room]
    const sql = `select ${recordColumns} from ${this.#record}
      where run_month = $1 and run <= ${until} and identifier is not null ${await this.#likeness(first.month, values)}
        and run = any($2) and (run < $3 or ordinal > $4) ${this.#conditions(values)}
      order by run desc, ordinal limit $5`
    const client = await this.#client.connect()
    try {
      return await inReadOnly(client, async () => {
        // The order of the answer would tempt the planner to read the month in that order.
        await client.query(
          `set local enable_indexscan = off; set local enable_seqscan = off; set local enable_incremental_sort = off;
           set local statement_timeout = '${timeBoxMs}ms'`,
        )
        return (await client.query<StoredRow>(sql, values)).rows
      })
    } catch (error) {
      if (sqlState(error) === '57014') return null
      throw error
    } finally {
      client.release()
    }
  }
}

/** The next places of a run that fit, some hundreds of them. */
function placesFrom(part: IdPart, { id, total }: Span, from: number): number[] {
  const places: number[] = []
  for (let at = part.next(id, from); at !== null && at <= total && places.length < 500;) {
    places.push(at)
    at = part.next(id, at + 1)
  }
  return places
}
