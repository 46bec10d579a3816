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
    select ${columnsOf(namespace, attributes)} from ${quoteName(namespace.schema)}.profile p ${filter} order by p._id`
  const client = await db.pool.connect()
  let broken = true
  try {
    // Whoever reads may be slow for a while; nothing is locked meanwhile.
    await client.query('begin isolation level repeatable read, read only')
    await client.query(`set local idle_in_transaction_session_timeout = '10min'`)
    await client.query(sql, values)
    yield* pages(client, attributes, signal)
    await client.query('commit')
    broken = false
  } finally {
    // Broken off in the middle: the connection is in a transaction nobody will end.
    client.release(broken)
  }
}

async function* pages(
  client: pg.PoolClient,
  attributes: readonly Attribute[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const keys = attributes.map(({ key }) => JSON.stringify(key))
  for (;;) {
    signal?.throwIfAborted()
    const { rows } = await client.query<(string | null)[]>({
      text: `fetch ${pageSize} from people`,
      rowMode: 'array',
    })
    if (rows.length === 0) return
    yield Buffer.from(rows.map((row) => lineOf(row, keys)).join(''))
  }
}

/** One JSON object and a line feed. What PostgreSQL wrote is put together, not read; what has no value is left out. */
function lineOf([ids = null, ...cells]: readonly (string | null)[], keys: readonly string[]): string {
  const parts = ids === null ? [] : identifierParts(JSON.parse(ids) as [number, string][])
  cells.forEach((cell, i) => cell !== null && parts.push(`${keys[i]}:${cell}`))
  return `{${parts.join(',')}}\n`
}

function identifierParts(found: readonly (readonly [kind: number, value: string])[]): string[] {
  return identifierKinds.flatMap(({ id, kind, single }) => {
    const values = found.flatMap(([of, value]) => (of === id ? [value] : []))
    if (values.length === 0) return []
    return [`"${kind}":${JSON.stringify(single ? values[0] : values)}`]
  })
}

/** Identifiers first, then a column for every attribute, each as JSON. */
function columnsOf(namespace: Namespace, attributes: readonly Attribute[]): string {
  const ids = `(select json_agg(json_build_array(i.kind, coalesce(i.given, i.value)) order by i.kind, i.value)::text
    from ${quoteName(namespace.schema)}.identifier i where i.profile_id = p._id)`
  return [ids, ...attributes.map(({ key }) => `to_json(p.${quoteName(key)})::text`)].join(', ')
}
