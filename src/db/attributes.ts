// The attribute catalogue and the columns behind it. A type is never changed in place.
import type pg from 'pg'
import { attributesMax, columnTypes, type Attribute, type AttributeType } from '../core/attribute.ts'
import { failure } from '../core/problems.ts'
import { inTransaction, sqlState } from './client.ts'
import type { Namespace } from './imports.ts'
import { prepared, quoteName } from './sql.ts'

/** The attributes of a namespace, in the order they were made. */
export async function listAttributes(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
): Promise<Attribute[]> {
  const { rows } = await client.query<Attribute>(
    prepared('select key, type, label, pii from sluice.attribute where namespace_id = $1 order by position', [
      namespaceId,
    ]),
  )
  return rows
}

/**
 * Makes the attributes that are missing, in a transaction of its own. Waits 500 ms for the table and tries again for a
 * minute, so a long report never queues every writer behind it; then `schema_locked` names who holds the table.
 */
export async function ensureAttributes(
  client: pg.ClientBase,
  namespace: Namespace,
  wanted: readonly { key: string; type: AttributeType }[],
  run: number,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await inTransaction(client, () => addMissing(client, namespace, wanted, run))
    } catch (error) {
      if (sqlState(error) !== '55P03') throw error
      if (tries >= 60) throw failure('schema_locked', { holder: await lockHolder(client, namespace.schema) })
      await pause(500)
    }
  }
}

async function addMissing(
  client: pg.ClientBase,
  namespace: Namespace,
  wanted: readonly { key: string; type: AttributeType }[],
  run: number,
): Promise<void> {
  await client.query(`set local lock_timeout = '500ms'`)
  await client.query('select 1 from sluice.namespace where id = $1 for update', [namespace.id])
  const present = new Map((await listAttributes(client, namespace.id)).map((a) => [a.key, a.type]))
  for (const { key, type } of wanted) {
    const had = present.get(key)
    if (had !== undefined && had !== type) throw failure('attribute.type_differs', { key, type, had })
  }
  const missing = wanted.filter(({ key }) => !present.has(key))
  if (missing.length === 0) return
  if (present.size + missing.length > attributesMax)
    throw failure('attribute.too_many', { limit: attributesMax })
  const columns = missing.map(
    ({ key, type }) => `add column if not exists ${quoteName(key)} ${columnTypes[type]}`,
  )
  await client.query(`alter table ${quoteName(namespace.schema)}.profile ${columns.join(', ')}`)
  await client.query(
    `insert into sluice.attribute (namespace_id, key, type, label, position, created_run)
     select $1, key, type, label, $5 + n, $6 from unnest($2::text[], $3::text[], $4::text[]) with ordinality as a(key, type, label, n)`,
    [
      namespace.id,
      missing.map((a) => a.key),
      missing.map((a) => a.type),
      missing.map((a) => labelOf(a.key)),
      present.size,
      run,
    ],
  )
  await client.query('update sluice.namespace set catalogue = catalogue + 1 where id = $1', [namespace.id])
}

function labelOf(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

async function lockHolder(client: pg.ClientBase, schema: string): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('session %s (%s, %s)', a.pid, coalesce(nullif(a.application_name, ''), a.usename), left(a.query, 60)) as holder
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.relation = $1::regclass and l.granted and a.pid <> pg_backend_pid() order by a.xact_start limit 1`,
    [`${quoteName(schema)}.profile`],
  )
  return rows[0]?.holder ?? 'another session'
}
