// Profiles as JSON lines, in one snapshot: what a job reads whose source is the profile store.
import type pg from 'pg'
import { identifierKinds, type Attribute } from '../../core/attribute.ts'
import type { Database } from '../client.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import { listAttributes } from '../attributes.ts'
import { conditionsOf } from './profiles.ts'
import { parseCondition } from './where.ts'

/** Profiles fetched in one go; wide ones take some kilobytes each. */
const pageSize = 1_000

/**
 * Everybody who meets the conditions, in the order of their ids: attributes by key, and identifiers by kind (a list
 * where a kind may have many). Memory stays flat; the snapshot is that of the beginning. Throws `filter.invalid`.
 */
export async function* profileLines(
  db: Database,
  namespace: Namespace,
  where: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const attributes = await listAttributes(db.pool, namespace.id)
  const values: unknown[] = []
  const conditions = conditionsOf(
    namespace,
    attributes,
    { where: where.map((text) => parseCondition(text, attributes)) },
    (value) => `$${values.push(value)}`,
  )
  const filter = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  const sql = `declare people no scroll cursor for
    select ${lineOf(namespace, attributes)} as line from ${quoteName(namespace.schema)}.profile p ${filter} order by p._id`
  const client = await db.pool.connect()
  let broken = true
  try {
    // Whoever reads may be slow for a while; nothing is locked meanwhile.
    await client.query('begin isolation level repeatable read, read only')
    await client.query(`set local idle_in_transaction_session_timeout = '10min'`)
    await client.query(sql, values)
    yield* pages(client, signal)
    await client.query('commit')
    broken = false
  } finally {
    // Broken off in the middle: the connection is in a transaction nobody will end.
    client.release(broken)
  }
}

async function* pages(client: pg.PoolClient, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for (;;) {
    signal?.throwIfAborted()
    const { rows } = await client.query<{ line: string }>(`fetch ${pageSize} from people`)
    if (rows.length === 0) return
    yield Buffer.from(rows.map(({ line }) => `${line}\n`).join(''))
  }
}

/** Keys without a value are left out. */
function lineOf(namespace: Namespace, attributes: readonly Attribute[]): string {
  const s = quoteName(namespace.schema)
  const ids = `(select jsonb_object_agg(k.kind, k.value) from (
    select n.kind, case when n.single then to_jsonb(min(coalesce(i.given, i.value))) else jsonb_agg(coalesce(i.given, i.value) order by i.value) end as value
    from ${s}.identifier i join (values ${kindRows()}) n (id, kind, single) on n.id = i.kind
    where i.profile_id = p._id group by n.kind, n.single) k)`
  // A function takes 100 arguments at most, and there may be 500 attributes.
  const cells = chunks(attributes, 50).map(
    (some) => `jsonb_build_object(${some.map(({ key }) => `'${key}', p.${quoteName(key)}`).join(', ')})`,
  )
  return `jsonb_strip_nulls(${[`coalesce(${ids}, '{}')`, ...cells].join(' || ')})::text`
}

function kindRows(): string {
  return identifierKinds.map(({ id, kind, single }) => `(${id}, '${kind}', ${single})`).join(', ')
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
