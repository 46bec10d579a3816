// Files that come in parts: what of each is on disk, in which order, and what it became.
import type pg from 'pg'
import { failure } from '../core/problems.ts'

type Queryable = pg.ClientBase | pg.Pool

/** How long an upload is kept after its last byte, finished or not. */
export const resumableHours = 24

export interface Resumable {
  readonly id: string
  readonly fileName: string
  readonly metadata: string
  /** Of the whole file. */
  readonly bytes: number
  /** Bytes that are on disk. */
  readonly offset: number
  readonly expiresAt: string
  readonly expired: boolean
  /** The upload it became; null: it is not complete. */
  readonly landing: string | null
}

export async function makeResumable(
  client: Queryable,
  namespaceId: number,
  order: {
    readonly id: string
    readonly by: string
    readonly fileName: string
    readonly metadata: string
    readonly bytes: number
  },
): Promise<void> {
  await client.query(
    `insert into sluice.resumable (id, namespace_id, made_by, file_name, metadata, bytes) values ($1, $2, $3, $4, $5, $6)`,
    [order.id, namespaceId, order.by, order.fileName, order.metadata, order.bytes],
  )
}

export async function findResumable(
  client: Queryable,
  namespaceId: number,
  id: string,
): Promise<Resumable | undefined> {
  const { rows } = await client.query<Resumable>(
    `select r.id, r.file_name as "fileName", r.metadata, r.bytes, r.landing_id as landing,
       case when r.landing_id is null then ${offsetSql('r.id')} else r.bytes end as "offset",
       to_json(r.moved_at + make_interval(hours => ${resumableHours})) as "expiresAt",
       r.moved_at < now() - make_interval(hours => ${resumableHours}) as expired
     from sluice.resumable r where r.namespace_id = $1 and r.id = $2`,
    [namespaceId, id],
  )
  return rows[0]
}

const offsetSql = (id: string): string =>
  `(select coalesce(max(p.start + p.bytes), 0) from sluice.resumable_part p where p.resumable_id = ${id})`

export interface NewPart {
  readonly start: number
  readonly bytes: number
  readonly key: string
}

/**
 * Adds parts that are safely on disk, all or none, within a transaction. Throws `resumable.offset` where the first does
 * not begin where the file ends so far: somebody else has sent what follows; and `not_found`.
 */
export async function addParts(
  client: pg.ClientBase,
  namespaceId: number,
  id: string,
  parts: readonly NewPart[],
): Promise<void> {
  for (const { start, bytes, key } of parts) {
    const { rowCount } = await client.query(
      `insert into sluice.resumable_part (resumable_id, start, bytes, blob_key)
       select r.id, $2, $3, $4 from sluice.resumable r
       where r.id = $1 and r.landing_id is null and ${offsetSql('r.id')} = $2
       on conflict (resumable_id, start) do nothing`,
      [id, start, bytes, key],
    )
    if (rowCount === 1) continue
    const now = await findResumable(client, namespaceId, id)
    if (now === undefined) throw failure('not_found', { noun: 'resumable upload', id })
    throw failure('resumable.offset', { given: start, offset: now.offset })
  }
  await client.query('update sluice.resumable set moved_at = now() where id = $1', [id])
}

/** The blobs of an upload, in the order of the file. */
export async function partKeys(client: Queryable, id: string): Promise<string[]> {
  const { rows } = await client.query<{ key: string }>(
    'select blob_key as key from sluice.resumable_part where resumable_id = $1 order by start',
    [id],
  )
  return rows.map(({ key }) => key)
}

/** Notes what a complete file became; false: somebody was first, or it is gone. */
export async function finishResumable(client: Queryable, id: string, landing: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `with done as (update sluice.resumable set landing_id = $2, moved_at = now() where id = $1 and landing_id is null returning id)
     delete from sluice.resumable_part p using done where p.resumable_id = done.id`,
    [id, landing],
  )
  if (rowCount !== 0) return true
  // An empty file has no parts.
  const { rows } = await client.query<{ mine: boolean }>(
    'select landing_id = $2 as mine from sluice.resumable where id = $1',
    [id, landing],
  )
  return rows[0]?.mine === true
}

export async function removeResumable(client: Queryable, id: string): Promise<void> {
  await client.query('delete from sluice.resumable where id = $1', [id])
}

/** Some of those whose time is over, with the name of their namespace. */
export async function expiredResumables(
  client: Queryable,
  limit: number,
): Promise<{ id: string; namespace: string }[]> {
  const { rows } = await client.query<{ id: string; namespace: string }>(
    `select r.id, n.name as namespace from sluice.resumable r join sluice.namespace n on n.id = r.namespace_id
     where r.moved_at < now() - make_interval(hours => ${resumableHours}) order by r.moved_at limit $1`,
    [limit],
  )
  return rows
}
