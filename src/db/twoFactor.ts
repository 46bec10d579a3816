// The second factor of people: the sealed secret of their app, which code was used last, and recovery codes as hashes.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { failure } from '../core/problems.ts'
import { hashOf, newKey } from './keys.ts'
import { seal, unseal, type KeyRing } from './sealing.ts'
import { holdKeys } from './secrets.ts'

type Queryable = pg.ClientBase | pg.Pool

/** People belong to no namespace; a sealed secret is bound to this one. */
export const nowhere = 0

/** Whether codes are asked for, and how many recovery codes are left. */
export async function twoFactorState(
  client: Queryable,
  userId: number,
): Promise<{ on: boolean; recoveryCodes: number }> {
  const { rows } = await client.query<{ on: boolean; recoveryCodes: number }>(
    `select exists (select from sluice.two_factor where user_id = $1 and confirmed_at is not null) as on,
       (select count(*)::int from sluice.recovery_code where user_id = $1) as "recoveryCodes"`,
    [userId],
  )
  return rows[0]!
}

/**
 * Keeps the secret of an app that is being set up, in place of one that was never confirmed, within a transaction. Throws
 * `two_factor.on` where codes are asked for already.
 */
export async function beginTwoFactor(
  client: pg.ClientBase,
  keys: KeyRing,
  { userId, secret, now }: { readonly userId: number; readonly secret: string; readonly now: string },
): Promise<void> {
  await holdKeys(client)
  const row = randomUUID()
  const { keyId, wrappedKey, sealed } = seal(secret, { row, namespaceId: nowhere }, await keys.current())
  const { rowCount } = await client.query(
    `insert into sluice.two_factor as t (user_id, id, key_id, wrapped_key, sealed, made_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (user_id) do update set id = excluded.id, key_id = excluded.key_id, wrapped_key = excluded.wrapped_key,
       sealed = excluded.sealed, made_at = excluded.made_at, used_step = 0 where t.confirmed_at is null`,
    [userId, row, keyId, wrappedKey, sealed, now],
  )
  if (rowCount !== 1) throw failure('two_factor.on')
}

interface KeptRow {
  id: string
  key_id: string
  wrapped_key: Buffer
  sealed: Buffer
  confirmed: boolean
}

/** The secret of somebody's app; undefined: there is none. Throws `secret.key_missing` and `secret.damaged`. */
export async function readTwoFactor(
  client: Queryable,
  keys: KeyRing,
  userId: number,
): Promise<{ secret: string; confirmed: boolean } | undefined> {
  const { rows } = await client.query<KeptRow>(
    `select id, key_id, wrapped_key, sealed, confirmed_at is not null as confirmed from sluice.two_factor where user_id = $1`,
    [userId],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const name = 'two-factor'
  const key = await keys.find(row.key_id)
  if (key === undefined) throw failure('secret.key_missing', { name, key: row.key_id })
  const kept = { keyId: row.key_id, wrappedKey: row.wrapped_key, sealed: row.sealed }
  const secret = unseal(kept, { row: row.id, namespaceId: nowhere }, key)
  if (secret === null) throw failure('secret.damaged', { name })
  return { secret, confirmed: row.confirmed }
}

/** Takes the code of a time step; false: that one or a later one was used already (RFC 6238, 5.2). */
export async function useStep(client: Queryable, userId: number, step: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update sluice.two_factor set used_step = $2 where user_id = $1 and used_step < $2',
    [userId, step],
  )
  return rowCount === 1
}

/** From now on codes are asked for, and these recovery codes are good; within a transaction. */
export async function confirmTwoFactor(
  client: pg.ClientBase,
  userId: number,
  codes: readonly string[],
  now: string,
): Promise<void> {
  await client.query('update sluice.two_factor set confirmed_at = $2 where user_id = $1', [userId, now])
  await client.query('delete from sluice.recovery_code where user_id = $1', [userId])
  await client.query('insert into sluice.recovery_code (user_id, hash) select $1, unnest($2::bytea[])', [
    userId,
    codes.map(hashOf),
  ])
}

/** Uses up a recovery code; false: it is none, or was used. */
export async function useRecoveryCode(client: Queryable, userId: number, code: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from sluice.recovery_code where user_id = $1 and hash = $2',
    [userId, hashOf(code)],
  )
  return rowCount === 1
}

/** No code is asked for any more; answers whether one was. Within a transaction. */
export async function removeTwoFactor(client: pg.ClientBase, userId: number): Promise<boolean> {
  await client.query('delete from sluice.recovery_code where user_id = $1', [userId])
  const { rows } = await client.query<{ on: boolean }>(
    'delete from sluice.two_factor where user_id = $1 returning confirmed_at is not null as on',
    [userId],
  )
  return rows[0]?.on === true
}

/** Minutes within which the code must follow the password. */
const halfMinutes = 10

/** Somebody whose password was right; answers the key that the code must come with. */
export async function startHalfSession(
  client: Queryable,
  userId: number,
  now: string,
): Promise<{ key: string; expiresAt: string }> {
  const key = newKey()
  const { rows } = await client.query<{ expiresAt: string }>(
    `with gone as (delete from sluice.half_session where expires_at < $3)
     insert into sluice.half_session (hash, user_id, expires_at) values ($1, $2, $3::timestamptz + make_interval(mins => $4))
     returning to_json(expires_at) as "expiresAt"`,
    [hashOf(key), userId, now, halfMinutes],
  )
  return { key, expiresAt: rows[0]!.expiresAt }
}

/** Who it is whose code is to come; throws `access.half_over`. */
export async function findHalfSession(
  client: Queryable,
  key: string,
  now: string,
): Promise<{ userId: number; email: string }> {
  const { rows } = await client.query<{ userId: number; email: string }>(
    `select u.id as "userId", u.email from sluice.half_session h join sluice.user u on u.id = h.user_id
     where h.hash = $1 and h.expires_at > $2 and u.disabled_at is null`,
    [hashOf(key), now],
  )
  if (rows[0] === undefined) throw failure('access.half_over')
  return rows[0]
}

/** Takes it out of use; false: somebody was first. */
export async function endHalfSession(client: Queryable, key: string): Promise<boolean> {
  const { rowCount } = await client.query('delete from sluice.half_session where hash = $1', [hashOf(key)])
  return rowCount === 1
}
