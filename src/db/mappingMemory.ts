// Mapping memory: which run was last started with a header, found again by the same or by a similar one.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { similarShare, type HeaderKey } from '../core/headers.ts'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'

type Queryable = pg.ClientBase | pg.Pool

function fingerprint({ format, names }: HeaderKey): string {
  return createHash('sha256')
    .update(JSON.stringify([format, names]))
    .digest('hex')
}

/** Notes that a person imports this header with the mapping of this run. */
export async function rememberMapping(
  client: Queryable,
  namespaceId: number,
  key: HeaderKey,
  run: number,
): Promise<void> {
  await client.query(
    `insert into sluice.mapping_memory (namespace_id, fingerprint, meanings, run_id) values ($1, $2, $3, $4)
     on conflict (namespace_id, fingerprint) do update set meanings = excluded.meanings, run_id = excluded.run_id, used_at = now()`,
    [namespaceId, fingerprint(key), key.meanings, run],
  )
}

export interface RememberedRun {
  readonly run: number
  /** Whether the header is the very same one. */
  readonly exact: boolean
  readonly job: string
  readonly file: string | null
  readonly at: string
  readonly definition: ImportDefinition
}

// A mapping that was undone was hardly a good one.
const runs = `join sluice.run r on r.namespace_id = m.namespace_id and r.id = m.run_id and r.state <> 'reverted'
  join sluice.job j on j.id = r.job_id
  join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
  left join sluice.landing l on l.id = r.landing_id`

/** Similar headers that are weighed at most, the most recently used: nobody means one of thousands before those. */
const weighedMax = 1_000

/**
 * The import that was last started with this header; else the one with the most similar header, where at least 60 %
 * of the longer one's columns mean the same. The newer one wins a tie.
 */
export async function findRemembered(
  client: Queryable,
  namespaceId: number,
  key: HeaderKey,
): Promise<RememberedRun | undefined> {
  const { rows } = await client.query<{ row: RememberedRun & { definition: unknown } }>(
    `select to_json(x) as row from (
       select r.id as run, m.fingerprint = $2 as exact, j.name as job, l.file_name as file, m.used_at as at, v.definition
       from (
         (select * from sluice.mapping_memory where namespace_id = $1 and fingerprint = $2) union
         (select * from sluice.mapping_memory where namespace_id = $1 and meanings && $3 order by used_at desc limit $5)) m
       ${runs}, lateral (select count(*) as shared from unnest(m.meanings) one where one = any($3)) s
       where m.fingerprint = $2 or s.shared >= $4::float8 * greatest(cardinality(m.meanings), cardinality($3::text[]))
       order by m.fingerprint = $2 desc, s.shared::float / greatest(cardinality(m.meanings), cardinality($3::text[]), 1) desc,
         m.used_at desc limit 1) x`,
    [namespaceId, fingerprint(key), key.meanings, similarShare, weighedMax],
  )
  const row = rows[0]?.row
  return row === undefined ? undefined : { ...row, definition: importDefinitionSchema.parse(row.definition) }
}

export interface RememberedHeader {
  readonly run: number
  readonly job: string
  readonly file: string | null
  readonly at: string
  readonly columns: readonly string[]
}

/** What is remembered, the most recently used first. */
export async function listRemembered(
  client: Queryable,
  namespaceId: number,
  limit: number,
): Promise<RememberedHeader[]> {
  const { rows } = await client.query<{ row: RememberedHeader }>(
    `select to_json(x) as row from (
       select r.id as run, j.name as job, l.file_name as file, m.used_at as at, v.definition -> 'columns' as columns
       from sluice.mapping_memory m ${runs} where m.namespace_id = $1 order by m.used_at desc, m.fingerprint limit $2) x`,
    [namespaceId, limit],
  )
  return rows.map(({ row }) => row)
}

/** Forgets the headers that were last imported by this run; answers how many. */
export async function forgetMapping(client: Queryable, namespaceId: number, run: number): Promise<number> {
  const { rowCount } = await client.query(
    'delete from sluice.mapping_memory where namespace_id = $1 and run_id = $2',
    [namespaceId, run],
  )
  return rowCount ?? 0
}
