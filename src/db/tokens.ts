// Tokens of programs: made once, shown once, kept as a hash.
import type pg from 'pg'
import type { Right, Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { sqlState } from './client.ts'
import { hashOf, newKey } from './keys.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface Token {
  readonly name: string
  /** How it begins, to recognise it by. */
  readonly prefix: string
  readonly rights: readonly Right[]
  /** Whose it is; null: made at the machine itself. */
  readonly owner: string | null
  readonly madeBy: string
  readonly madeAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  readonly usedAt: string | null
}

const columns = `t.name, t.prefix, t.rights, u.email as owner, t.made_by as "madeBy", to_json(t.made_at) as "madeAt",
  to_json(t.expires_at) as "expiresAt", to_json(t.revoked_at) as "revokedAt", to_json(t.used_at) as "usedAt"`

/** Makes a token; answers it, this once. Throws `token.name_taken`. */
export async function makeToken(
  client: Queryable,
  namespaceId: number,
  order: {
    readonly name: string
    readonly userId: number | null
    readonly rights: readonly Right[]
    readonly by: string
    readonly now: string
    /** Null: until it is revoked. */
    readonly days: number | null
  },
): Promise<{ key: string; token: Token }> {
  const key = newKey('sluice_')
  try {
    const { rows } = await client.query<Token>(
      `with t as (
         insert into sluice.token (hash, namespace_id, user_id, name, prefix, rights, made_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8::timestamptz + make_interval(days => $9)) returning *)
       select ${columns} from t left join sluice.user u on u.id = t.user_id`,
      [
        hashOf(key),
        namespaceId,
        order.userId,
        order.name,
        key.slice(0, 13),
        order.rights,
        order.by,
        order.now,
        order.days,
      ],
    )
    return { key, token: rows[0]! }
  } catch (error) {
    if (sqlState(error) === '23505') throw failure('token.name_taken', { name: order.name })
    throw error
  }
}

/** Newest first; of one user, or of everybody. Revoked ones only if asked for. */
export async function listTokens(
  client: Queryable,
  namespaceId: number,
  {
    userId,
    revoked,
    before,
    limit,
  }: {
    readonly userId: number | null
    readonly revoked: boolean
    readonly before: number | undefined
    readonly limit: number
  },
): Promise<(Token & { id: number })[]> {
  const { rows } = await client.query<Token & { id: number }>(
    `select t.id, ${columns} from sluice.token t left join sluice.user u on u.id = t.user_id
     where t.namespace_id = $1 and ($2::bigint is null or t.user_id = $2) and ($3 or t.revoked_at is null)
       and ($4::bigint is null or t.id < $4)
     order by t.id desc limit $5`,
    [namespaceId, userId, revoked, before ?? null, limit],
  )
  return rows
}

/** The token of a name that was not revoked: of this user, or of anybody. */
export async function namedToken(
  client: Queryable,
  namespaceId: number,
  name: string,
  { userId, lock = false }: { readonly userId: number | null; readonly lock?: boolean },
): Promise<Token | undefined> {
  const { rows } = await client.query<Token>(
    `select ${columns} from sluice.token t left join sluice.user u on u.id = t.user_id
     where t.namespace_id = $1 and t.name = $2 and t.revoked_at is null and ($3::bigint is null or t.user_id = $3)
     ${lock ? 'for update of t' : ''}`,
    [namespaceId, name, userId],
  )
  return rows[0]
}

/** Revokes a token, of this user where one is given; answers whether there was one. */
export async function revokeToken(
  client: Queryable,
  namespaceId: number,
  name: string,
  { userId, now }: { readonly userId: number | null; readonly now: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update sluice.token set revoked_at = $4
     where namespace_id = $1 and name = $2 and revoked_at is null and ($3::bigint is null or user_id = $3)`,
    [namespaceId, name, userId, now],
  )
  return rowCount === 1
}

export interface GoodToken {
  readonly id: number
  readonly name: string
  readonly namespace: string
  readonly rights: readonly Right[]
  /** Whose it is, and what they may today; null: made at the machine itself. */
  readonly owner: { readonly email: string; readonly admin: boolean; readonly role: Role | null } | null
}

/** The token behind a key; undefined: none that is good. Its use is noted once a minute at most. */
export async function findToken(client: Queryable, key: string, now: string): Promise<GoodToken | undefined> {
  const { rows } = await client.query<GoodToken & { stale: boolean }>(
    `select t.id, t.name, n.name as namespace, t.rights,
       case when u.id is not null then json_build_object('email', u.email, 'admin', u.admin, 'role', m.role) end as owner,
       t.used_at is null or t.used_at < $2::timestamptz - interval '1 minute' as stale
     from sluice.token t join sluice.namespace n on n.id = t.namespace_id
       left join sluice.user u on u.id = t.user_id
       left join sluice.member m on m.user_id = t.user_id and m.namespace_id = t.namespace_id
     where t.hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)
       and u.disabled_at is null and n.dropping_at is null`,
    [hashOf(key), now],
  )
  const found = rows[0]
  if (found?.stale === true)
    await client.query('update sluice.token set used_at = $2 where id = $1', [found.id, now])
  return found
}
