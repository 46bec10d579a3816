// Indexes by which identifiers are found, built beside the ledger for what has landed: per month one for parts of identifiers and
// one for whole ones, over the runs up to one. Rows of later runs do not enter them, so that no import pays for them; once they
// are many, they are built anew.
import type pg from 'pg'
import { sqlState } from './client.ts'
import { quoteName } from './sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** Below so many records a month is read faster than an index is looked up. */
const recordsMin = 200_000
/** It is built anew when so many more are not in it, as a share of those that are. */
const growth = 0.25

/** What is looked up: identifiers that contain a text, or exactly one. */
export type IdentifierMatch = 'part' | 'whole'

/** How their names go on after that of the month. */
const suffixes: Readonly<Record<IdentifierMatch, string>> = { part: '_ids_', whole: '_idw_' }

/** What the index of whole identifiers is over: an index takes no texts of any length, and bytes compare fast. */
export const identifierStart = (text: string): string => `(left(${text}, 64) collate "C")`

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
  match: IdentifierMatch = 'part',
): Promise<IdentifierIndex | undefined> {
  const prefix = prefixOf(month, match)
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_index x join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname like $2 and x.indisvalid order by c.oid desc limit 1`,
    [schema, `${prefix.replaceAll('_', '\\_')}%`],
  )
  const name = rows[0]?.name
  return name === undefined ? undefined : { name, until: Number(name.slice(prefix.length)) }
}

/** Some hundred identifiers of a month, as PostgreSQL saw them last, in small letters; none: it did not look yet. */
export async function identifierSample(client: Queryable, schema: string, month: string): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(
    `select lower(unnest(histogram_bounds::text::text[])) as text from pg_stats
     where schemaname = $1 and tablename = $2 and attname = 'identifier'`,
    [schema, partitionOf(month)],
  )
  return rows.map(({ text }) => text)
}

function prefixOf(month: string, match: IdentifierMatch): string {
  return `${partitionOf(month)}${suffixes[match]}`
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
  const kinds: [IdentifierMatch, string][] = [['whole', `btree (${identifierStart('identifier')})`]]
  if (operators !== null) kinds.push(['part', `gin (lower(identifier) ${operators})`])
  const made: string[] = []
  for (const settled of await settledMonths(client, namespace.id)) {
    if (settled.records < recordsMin) continue
    for (const [match, using] of kinds) {
      const prefix = prefixOf(settled.month, match)
      if (!(await isDue(client, namespace, settled, match))) continue
      made.push(await build(client, namespace.schema, settled, prefix, using))
      await dropOthers(client, namespace.schema, prefix, settled.until)
    }
  }
  return made
}

interface SettledMonth {
  readonly month: string
  readonly until: number
  readonly records: number
}

/** There is none, or too many records came since. */
async function isDue(
  client: pg.ClientBase,
  { id, schema }: { readonly id: number; readonly schema: string },
  { month, records }: SettledMonth,
  match: IdentifierMatch,
): Promise<boolean> {
  const known = await identifierIndex(client, schema, month, match)
  const covered = known === undefined ? 0 : await recordsUntil(client, id, month, known.until)
  return records - covered > covered * growth
}

/** Months with the newest run before which all have ended, and how many records those have. */
async function settledMonths(client: pg.ClientBase, namespaceId: number): Promise<SettledMonth[]> {
  const { rows } = await client.query<SettledMonth>(
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
  { month, until }: SettledMonth,
  prefix: string,
  using: string,
): Promise<string> {
  const name = `${prefix}${until}`
  await client.query(`drop index concurrently if exists ${quoteName(schema)}.${quoteName(name)}`)
  await client.query(
    `create index concurrently ${quoteName(name)} on ${quoteName(schema)}.${quoteName(partitionOf(month))}
     using ${using} where identifier is not null and run <= ${until}`,
  )
  return name
}

async function dropOthers(
  client: pg.ClientBase,
  schema: string,
  prefix: string,
  until: number,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select indexname as name from pg_indexes where schemaname = $1 and indexname like $2 and indexname <> $3`,
    [schema, `${prefix.replaceAll('_', '\\_')}%`, `${prefix}${until}`],
  )
  for (const { name } of rows)
    await client.query(`drop index concurrently if exists ${quoteName(schema)}.${quoteName(name)}`)
}
