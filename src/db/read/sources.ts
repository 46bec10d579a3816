// Which files stand behind runs: for telling where a value came from.
import type pg from 'pg'
import type { Namespace } from '../imports.ts'
import { prepared } from '../sql.ts'

/** File name by run id. */
export async function filesOfRuns(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  runs: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ id: number; file_name: string }>(
    prepared(
      `select r.id, l.file_name from sluice.run r join sluice.landing l on l.id = r.landing_id
       where r.namespace_id = $1 and r.id = any($2::bigint[])`,
      [namespace.id, runs],
    ),
  )
  return new Map(rows.map((row) => [row.id, row.file_name]))
}

/** A landing: its blob's manifest, what is inside where it is a container, and which part of one it is. */
export interface FoundLanding {
  readonly fileName: string
  readonly manifest: unknown
  readonly contents: unknown
  readonly part: unknown
}

/** A landing by id, or undefined. */
export async function findLanding(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  id: string,
): Promise<FoundLanding | undefined> {
  const { rows } = await client.query<FoundLanding>(
    'select file_name as "fileName", manifest, contents, part from sluice.landing where namespace_id = $1 and id = $2',
    [namespace.id, id],
  )
  return rows[0]
}

/** The landing of a part that was unpacked before, or undefined. */
export async function findPart(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  container: string,
  name: string,
): Promise<(FoundLanding & { readonly id: string }) | undefined> {
  const { rows } = await client.query<FoundLanding & { readonly id: string }>(
    `select id, file_name as "fileName", manifest, contents, part from sluice.landing
     where namespace_id = $1 and container_id = $2 and part ->> 'name' = $3`,
    [namespace.id, container, name],
  )
  return rows[0]
}
