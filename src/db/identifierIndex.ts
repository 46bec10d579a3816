// An index by which identifiers are found that contain a text, built beside the ledger for what has landed: one per month, over
// the runs up to one. Rows of later runs do not enter it, so that no import pays for it; once they are many it is built anew.
import type pg from 'pg'
import { sqlState } from './client.ts'
import { quoteName } from './sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** Below so many records a month is read faster than an index is looked up. */
const recordsMin = 200_000
/** It is built anew when so many more are not in it, as a share of those that are. */
const growth = 0.25

export interface IdentifierIndex {
  readonly name: string
  /** The last run that is in it. */
  readonly until: number
}

/** The index of a month; undefined: there is none. `month`: its first day, YYYY-MM-DD. */
export async function identifierIndex(
  client: Queryable,
  schema: string,
  month: string,
): Promise<IdentifierIndex | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_index x join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname like $2 and x.indisvalid order by c.oid desc limit 1`,
    [schema, `${prefixOf(month).replaceAll('_', '\\_')}%`],
  )
  const name = rows[0]?.name
  return name === undefined ? undefined : { name, until: Number(name.slice(prefixOf(month).length)) }
}

function prefixOf(month: string): string {
  return `${partitionOf(month)}_ids_`
}

function partitionOf(month: string): string {
  return `record_${month.slice(0, 4)}_${month.slice(5, 7)}`
}

/** Builds what is missing in a namespace, month by month. Answers the names of the indexes it made. */
export async function buildIdentifierIndexes(
  client: pg.ClientBase,
  namespace: { readonly id: number; readonly schema: string },
): Promise<string[]> {
  const operators = await trigrams(client)
  if (operators === null) return []
  const made: string[] = []
  for (const { month, until, records } of await settledMonths(client, namespace.id)) {
    const known = await identifierIndex(client, namespace.schema, month)
    const covered = known === undefined ? 0 : await recordsUntil(client, namespace.id, month, known.until)
    if (records < recordsMin || records - covered <= covered * growth) continue
    made.push(await build(client, namespace.schema, month, until, operators))
    await dropOthers(client, namespace.schema, month, until)
  }
  return made
}

/** Months with the newest run before which all have ended, and how many records those have. */
async function settledMonths(
  client: pg.ClientBase,
  namespaceId: number,
): Promise<{ month: string; until: number; records: number }[]> {
  const { rows } = await client.query<{ month: string; until: number; records: number }>(
    `select run_month::text as month, max(id) as until, sum(total)::bigint as records from sluice.run r
     where namespace_id = $1 and total > 0 and ended_at is not null and id < coalesce(
       (select min(o.id) from sluice.run o where o.namespace_id = $1 and o.ended_at is null and o.state <> 'held'), 9223372036854775807)
     group by 1 order by 1`,
    [namespaceId],
  )
  return rows
}

async function recordsUntil(
  client: pg.ClientBase,
  namespaceId: number,
  month: string,
  until: number,
): Promise<number> {
  const { rows } = await client.query<{ records: number }>(
    `select coalesce(sum(total), 0)::bigint as records from sluice.run
     where namespace_id = $1 and run_month = $2 and id <= $3 and ended_at is not null`,
    [namespaceId, month, until],
  )
  return rows[0]!.records
}

/** The operator class of pg_trgm; null: this PostgreSQL does not have it, or we may not make it. */
async function trigrams(client: pg.ClientBase): Promise<string | null> {
  const { rows: there } = await client.query(`select from pg_available_extensions where name = 'pg_trgm'`)
  if (there.length === 0) return null
  try {
    await client.query('create extension if not exists pg_trgm schema sluice')
  } catch (error) {
    // Not allowed: searches read the ledger instead.
    if (sqlState(error) === '42501') return null
    throw error
  }
  const { rows } = await client.query<{ schema: string }>(
    `select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'`,
  )
  return rows[0] === undefined ? null : `${quoteName(rows[0].schema)}.gin_trgm_ops`
}

/** Beside the work of others: nobody waits for it. A half-built one of an earlier try is in the way. */
async function build(
  client: pg.ClientBase,
  schema: string,
  month: string,
  until: number,
  operators: string,
): Promise<string> {
  const name = `${prefixOf(month)}${until}`
  await client.query(`drop index concurrently if exists ${quoteName(schema)}.${quoteName(name)}`)
  await client.query(
    `create index concurrently ${quoteName(name)} on ${quoteName(schema)}.${quoteName(partitionOf(month))}
     using gin (lower(identifier) ${operators}) where identifier is not null and run <= ${until}`,
  )
  return name
}

async function dropOthers(
  client: pg.ClientBase,
  schema: string,
  month: string,
  until: number,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select indexname as name from pg_indexes where schemaname = $1 and indexname like $2 and indexname <> $3`,
    [schema, `${prefixOf(month).replaceAll('_', '\\_')}%`, `${prefixOf(month)}${until}`],
  )
  for (const { name } of rows)
    await client.query(`drop index concurrently if exists ${quoteName(schema)}.${quoteName(name)}`)
}
