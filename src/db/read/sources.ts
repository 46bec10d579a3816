// Which files stand behind runs: for telling where a value came from.
import type pg from 'pg'
import type { Namespace } from '../imports.ts'

/** File name by run id. */
export async function filesOfRuns(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  runs: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ id: number; file_name: string }>(
    `select r.id, l.file_name from sluice.run r join sluice.landing l on l.id = r.landing_id
     where r.namespace_id = $1 and r.id = any($2::bigint[])`,
    [namespace.id, runs],
  )
  return new Map(rows.map((row) => [row.id, row.file_name]))
}

/** The blob of a landing with its manifest, or undefined. */
export async function findLanding(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  id: string,
): Promise<{ fileName: string; manifest: unknown } | undefined> {
  const { rows } = await client.query<{ file_name: string; manifest: unknown }>(
    'select file_name, manifest from sluice.landing where namespace_id = $1 and id = $2',
    [namespace.id, id],
  )
  const row = rows[0]
  return row === undefined ? undefined : { fileName: row.file_name, manifest: row.manifest }
}
