// The log of a run or of a job with all its runs, by page.
import type pg from 'pg'

export interface LogRow {
  readonly id: number
  readonly run: number | null
  /** ISO 8601, UTC. */
  readonly at: string
  readonly kind: string
  readonly by: string | null
  readonly details: Readonly<Record<string, unknown>>
}

/** Whose lines; one of the two. */
export type LogOf = { readonly run: number } | { readonly job: number }

export interface LogPlace {
  /** Go on after this line. */
  readonly after?: number | undefined
  readonly order: 'oldest' | 'newest'
  readonly limit: number
  /** Only lines of these kinds. */
  readonly kinds?: readonly string[] | undefined
}

/** Lines in the order they were written, or the other way round. */
export async function readLog(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  of: LogOf,
  { after, order, limit, kinds }: LogPlace,
): Promise<LogRow[]> {
  const [whose, id] =
    'run' in of
      ? ['namespace_id = $1 and run_id = $2', of.run]
      : ['namespace_id = $1 and job_id = $2', of.job]
  const [compare, direction] = order === 'oldest' ? ['>', 'asc'] : ['<', 'desc']
  const { rows } = await client.query<LogRow>(
    `select id, run_id as run, to_json(at at time zone 'utc') #>> '{}' || 'Z' as at, kind, by, details from sluice.log
     where ${whose} and ($3::bigint is null or id ${compare} $3)
       and ($5::text[] is null or kind = any($5)) order by id ${direction} limit $4`,
    [namespaceId, id, after ?? null, limit, kinds ?? null],
  )
  return rows
}

/** Every line, or every line of some kinds, oldest first, a page at a time. */
export async function* wholeLog(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  of: LogOf,
  kinds?: readonly string[],
): AsyncGenerator<LogRow[]> {
  for (let after: number | undefined; ;) {
    const place = { after, order: 'oldest', limit: 1_000, kinds } as const
    const rows: LogRow[] = await readLog(client, namespaceId, of, place)
    if (rows.length > 0) yield rows
    if (rows.length < 1_000) return
    after = rows.at(-1)!.id
  }
}
