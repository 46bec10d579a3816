// The vault: secrets of a namespace by name, sealed before they reach the database. Nothing but readSecret opens one.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { failure } from '../core/problems.ts'
import type { Database } from './client.ts'
import { rewrap, seal, unseal, type KeyRing, type MasterKey } from './sealing.ts'

type Queryable = pg.ClientBase | pg.Pool

/** What may be told about a secret. */
export interface SecretRow {
  readonly name: string
  readonly created_at: string
  readonly created_by: string | null
  readonly updated_at: string
}

/** Held by who seals with the current key, and alone by who changes which key that is. */
const keyLock = 7_305_313

/** Until the transaction ends nobody changes which key is the current one: whoever seals calls it first. */
export async function holdKeys(client: pg.ClientBase): Promise<void> {
  await client.query('select pg_advisory_xact_lock_shared($1)', [keyLock])
}

/** Sees what is told about a secret, or that there is none, when nobody else can change it any more. */
export type SecretCheck = (now: SecretRow | undefined) => void

/** Stores a secret, or replaces it. Answers whether it is new. */
export function writeSecret(
  database: Database,
  keys: KeyRing,
  namespaceId: number,
  secret: { readonly name: string; readonly value: string; readonly by: string },
  check?: SecretCheck,
): Promise<boolean> {
  return database.transaction(async (client) => {
    await holdKeys(client)
    check?.(await findSecret(client, namespaceId, secret.name, true))
    return upsertSecret(client, keys, namespaceId, secret)
  })
}

async function upsertSecret(
  client: pg.ClientBase,
  keys: KeyRing,
  namespaceId: number,
  { name, value, by }: { readonly name: string; readonly value: string; readonly by: string },
): Promise<boolean> {
  const row = randomUUID()
  const { keyId, wrappedKey, sealed } = seal(value, { row, namespaceId }, await keys.current())
  // The row takes the id it is sealed for, also where it replaces another.
  const { rows } = await client.query<{ fresh: boolean }>(
    `insert into sluice.secret (id, namespace_id, name, key_id, wrapped_key, sealed, created_by) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (namespace_id, name) do update set id = excluded.id, key_id = excluded.key_id,
       wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, updated_at = now()
     returning created_at = updated_at as fresh`,
    [row, namespaceId, name, keyId, wrappedKey, sealed, by],
  )
  return rows[0]!.fresh
}

/** Names and times, by name; a name may be given to go on after. */
export async function listSecrets(
  client: Queryable,
  namespaceId: number,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<SecretRow[]> {
  const { rows } = await client.query<{ row: SecretRow }>(
    `select to_json(x) as row from (select name, created_at, created_by, updated_at from sluice.secret
       where namespace_id = $1 and ($2::text is null or name > $2) order by name limit $3) x`,
    [namespaceId, after ?? null, limit],
  )
  return rows.map(({ row }) => row)
}

/** What may be told about one secret; undefined: there is none. */
export async function findSecret(
  client: Queryable,
  namespaceId: number,
  name: string,
  lock = false,
): Promise<SecretRow | undefined> {
  const { rows } = await client.query<{ row: SecretRow }>(
    `select to_json(x) as row from (select name, created_at, created_by, updated_at from sluice.secret
       where namespace_id = $1 and name = $2 ${lock ? 'for update' : ''}) x`,
    [namespaceId, name],
  )
  return rows[0]?.row
}

/** Answers whether there was one. */
export async function removeSecret(client: Queryable, namespaceId: number, name: string): Promise<boolean> {
  const { rowCount } = await client.query('delete from sluice.secret where namespace_id = $1 and name = $2', [
    namespaceId,
    name,
  ])
  return rowCount === 1
}

interface SealedRow {
  id: string
  namespace_id: number
  name: string
  key_id: string
  wrapped_key: Buffer
  sealed: Buffer
}

/** The value itself, for who speaks to the other system. Throws `secret.missing`, `secret.key_missing`, `secret.damaged`. */
export async function readSecret(
  client: Queryable,
  keys: KeyRing,
  namespaceId: number,
  name: string,
): Promise<string> {
  const row = await findSealed(client, namespaceId, name)
  const key = await keys.find(row.key_id)
  if (key !== undefined) return opened(row, key)
  // The key may have been renewed between the two looks.
  const again = await findSealed(client, namespaceId, name)
  return opened(again, await keyOf(keys, again))
}

async function findSealed(client: Queryable, namespaceId: number, name: string): Promise<SealedRow> {
  const { rows } = await client.query<SealedRow>(
    'select id, namespace_id, name, key_id, wrapped_key, sealed from sluice.secret where namespace_id = $1 and name = $2',
    [namespaceId, name],
  )
  if (rows[0] === undefined) throw failure('secret.missing', { name })
  return rows[0]
}

function opened({ id: row, namespace_id: namespaceId, ...kept }: SealedRow, key: MasterKey): string {
  const sealed = { keyId: kept.key_id, wrappedKey: kept.wrapped_key, sealed: kept.sealed }
  const value = unseal(sealed, { row, namespaceId }, key)
  if (value === null) throw failure('secret.damaged', { name: kept.name })
  return value
}

async function keyOf(keys: KeyRing, { key_id: key, name }: SealedRow): Promise<MasterKey> {
  const found = await keys.find(key)
  if (found === undefined) throw failure('secret.key_missing', { name, key })
  return found
}

/**
 * Wraps the keys of all secrets, of every namespace, with the current master key, after `renew` has made that another
 * one. Answers how many were not wrapped with it yet.
 */
export function rewrapSecrets(
  database: Database,
  keys: KeyRing,
  renew: () => Promise<void>,
): Promise<number> {
  return database.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [keyLock])
    await renew()
    const current = await keys.current()
    let count = 0
    for (const [table, columns] of Object.entries(sealedTables)) {
      const { rows } = await client.query<SealedRow>(
        `select id, key_id, wrapped_key, ${columns} from sluice.${table} where key_id <> $1 order by id for update`,
        [current.id],
      )
      for (const row of rows) {
        const place = { row: row.id, namespaceId: row.namespace_id }
        const wrapped = rewrap(row.wrapped_key, place, await keyOf(keys, row), current)
        if (wrapped === null) throw failure('secret.damaged', { name: row.name })
        await client.query(`update sluice.${table} set key_id = $2, wrapped_key = $3 where id = $1`, [
          row.id,
          current.id,
          wrapped,
        ])
      }
      count += rows.length
    }
    return count
  })
}

/** Every table with something sealed, and how to ask it for namespace and name. */
const sealedTables = {
  secret: 'namespace_id, name',
  two_factor: `0 as namespace_id, 'two-factor' as name`,
} as const
