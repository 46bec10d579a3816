// Signing in at an identity provider: browsers on their way there and back, and who is known to it under which name.
import type pg from 'pg'
import { hashOf, newKey } from './keys.ts'
import type { User } from './users.ts'

type Queryable = pg.ClientBase | pg.Pool

/** What is remembered of a browser that went to the provider. */
export interface SignOnTry {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** The path of ours that it goes back to. */
  readonly back: string
}

/** Minutes within which it must be back. */
export const tryMinutes = 10

/** Answers the key that this browser keeps. */
export async function startSignOn(client: Queryable, one: SignOnTry, now: string): Promise<string> {
  const key = newKey()
  await client.query(
    `with gone as (delete from sluice.sign_on_try where expires_at < $6)
     insert into sluice.sign_on_try (hash, state, nonce, verifier, back, expires_at)
     values ($1, $2, $3, $4, $5, $6::timestamptz + make_interval(mins => $7))`,
    [hashOf(key), one.state, one.nonce, one.verifier, one.back, now, tryMinutes],
  )
  return key
}

/** What a browser that comes back went with, once; undefined: it never went, was back before, or took too long. */
export async function takeSignOn(
  client: Queryable,
  key: string,
  now: string,
): Promise<SignOnTry | undefined> {
  const { rows } = await client.query<SignOnTry & { good: boolean }>(
    'delete from sluice.sign_on_try where hash = $1 returning state, nonce, verifier, back, expires_at > $2 as good',
    [hashOf(key), now],
  )
  return rows[0]?.good === true ? rows[0] : undefined
}

type Known = Pick<User, 'id' | 'email' | 'name' | 'admin' | 'disabledAt'>

/** Who has come from the provider under this name before. */
export async function findSignOn(
  client: Queryable,
  issuer: string,
  subject: string,
): Promise<Known | undefined> {
  const { rows } = await client.query<Known>(
    `select u.id, u.email, u.name, u.admin, to_json(u.disabled_at) as "disabledAt"
     from sluice.sign_on s join sluice.user u on u.id = s.user_id where s.issuer = $1 and s.subject = $2`,
    [issuer, subject],
  )
  return rows[0]
}

/** Whether somebody else's account at that provider, or an earlier one of theirs, signs in as this user. */
export async function isLinked(client: Queryable, issuer: string, userId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from sluice.sign_on where issuer = $1 and user_id = $2 limit 1',
    [issuer, userId],
  )
  return rowCount === 1
}

/** From now on that name at the provider is this user. Who came first stays. */
export async function linkSignOn(
  client: Queryable,
  link: { readonly issuer: string; readonly subject: string; readonly userId: number; readonly now: string },
): Promise<void> {
  await client.query(
    'insert into sluice.sign_on (issuer, subject, user_id, linked_at) values ($1, $2, $3, $4) on conflict do nothing',
    [link.issuer, link.subject, link.userId, link.now],
  )
}
