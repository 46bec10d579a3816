// People who may sign in, and their sessions.
import type pg from 'pg'
import { failure } from '../core/problems.ts'
import { hashOf, newKey } from './keys.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface User {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly admin: boolean
  readonly disabledAt: string | null
  readonly createdAt: string
  readonly signedInAt: string | null
  /** Signs in with a second factor. */
  readonly twoFactor: boolean
}

const columns = `id, email, name, admin, to_json(disabled_at) as "disabledAt", to_json(created_at) as "createdAt",
  to_json(signed_in_at) as "signedInAt",
  exists (select from sluice.two_factor f where f.user_id = sluice.user.id and f.confirmed_at is not null) as "twoFactor"`

/** How long a session lasts: at most 30 days, and 7 days without use. */
export const sessionDays = { whole: 30, idle: 7 } as const

export async function findUser(client: Queryable, email: string): Promise<User | undefined> {
  const { rows } = await client.query<User>(`select ${columns} from sluice.user where email = $1`, [email])
  return rows[0]
}

/** The user, or `not_found`. */
export async function userOf(client: Queryable, email: string): Promise<User> {
  const user = await findUser(client, email)
  if (user === undefined) throw failure('not_found', { noun: 'user', id: email })
  return user
}

/** The kept password of somebody who may sign in; undefined: there is none. */
export async function findPassword(
  client: Queryable,
  email: string,
): Promise<{ id: number; password: string } | undefined> {
  const { rows } = await client.query<{ id: number; password: string }>(
    'select id, password from sluice.user where email = $1 and disabled_at is null and password is not null',
    [email],
  )
  return rows[0]
}

/** False: they sign in elsewhere. */
export async function hasPassword(client: Queryable, userId: number): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    'select password is not null as has from sluice.user where id = $1',
    [userId],
  )
  return rows[0]?.has === true
}

/** Who made a link for the first admin is told whether one is there. */
export async function firstAdmin(client: Queryable): Promise<string | undefined> {
  const { rows } = await client.query<{ email: string }>(
    'select email from sluice.user order by admin desc, id limit 1',
  )
  return rows[0]?.email
}

export async function createUser(
  client: Queryable,
  user: {
    readonly email: string
    readonly name: string
    readonly password: string | null
    readonly admin: boolean
    readonly now: string
  },
): Promise<User> {
  const { rows } = await client.query<User>(
    `insert into sluice.user (email, name, password, admin, created_at) values ($1, $2, $3, $4, $5) returning ${columns}`,
    [user.email, user.name, user.password, user.admin, user.now],
  )
  return rows[0]!
}

/** Stores another password and ends every session: who knew the old one is out. */
export async function changePassword(client: pg.ClientBase, userId: number, password: string): Promise<void> {
  await client.query('update sluice.user set password = $2 where id = $1', [userId, password])
  await endSessions(client, userId)
  await client.query('delete from sluice.link where user_id = $1 and used_at is null', [userId])
}

export async function nameUser(client: Queryable, userId: number, name: string): Promise<void> {
  await client.query('update sluice.user set name = $2 where id = $1', [userId, name])
}

/** Another address, within a transaction; the one before is remembered. Throws `user.email_taken`. */
export async function changeEmail(
  client: pg.ClientBase,
  userId: number,
  email: string,
  now: string,
): Promise<void> {
  // Of two who want it one is second.
  const { rowCount } = await client.query(
    `with was as (insert into sluice.former_email (user_id, email, until) select id, email, $3 from sluice.user
       where id = $1 on conflict (user_id, email) do update set until = excluded.until)
     update sluice.user set email = $2 where id = $1 and not exists (select from sluice.user where email = $2 and id <> $1)`,
    [userId, email, now],
  )
  if (rowCount !== 1) throw failure('user.email_taken', { email })
  await client.query(
    `delete from sluice.link where user_id = $1 and kind in ('email', 'reset') and used_at is null`,
    [userId],
  )
}

/** Every address somebody has or had. */
export async function emailsOf(client: Queryable, userId: number): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    `select email from sluice.user where id = $1 union select email from sluice.former_email where user_id = $1`,
    [userId],
  )
  return rows.map(({ email }) => email)
}

/** By e-mail; the page before is gone on from. */
export async function listUsers(
  client: Queryable,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<User[]> {
  const { rows } = await client.query<User>(
    `select ${columns} from sluice.user where $1::text is null or email > $1 order by email limit $2`,
    [after ?? null, limit],
  )
  return rows
}

/**
 * Switches somebody off or on, or makes them look after the installation or not, within a transaction. `check` sees
 * them when nobody else can change them any more. Throws `not_found`, and `user.last_admin` where nobody would look
 * after it.
 */
export async function changeUser(
  client: pg.ClientBase,
  email: string,
  change: { readonly admin?: boolean | undefined; readonly disabled?: boolean | undefined },
  now: string,
  check: (user: User) => void = () => {},
): Promise<User> {
  // Of two that take each other's place away one is second.
  await client.query('select from sluice.user where admin and disabled_at is null order by id for update')
  await client.query('select from sluice.user where email = $1 for update', [email])
  const user = await userOf(client, email)
  check(user)
  const disabled = change.disabled ?? user.disabledAt !== null
  const admin = change.admin ?? user.admin
  const { rows } = await client.query<User>(
    `update sluice.user set admin = $2, disabled_at = case when $3 then coalesce(disabled_at, $4) end
     where id = $1 returning ${columns}`,
    [user.id, admin, disabled, now],
  )
  const { rowCount } = await client.query(
    'select from sluice.user where admin and disabled_at is null limit 1',
  )
  if (rowCount === 0 && user.admin) throw failure('user.last_admin', { email })
  if (disabled) {
    await endSessions(client, user.id)
    // Whoever is let in again later may come with a new account of their address.
    await client.query('delete from sluice.sign_on where user_id = $1', [user.id])
  }
  return rows[0]!
}

/** A new session; answers what the browser keeps. */
export async function startSession(
  client: Queryable,
  userId: number,
  from: { readonly now: string; readonly address: string | null; readonly browser: string | null },
): Promise<string> {
  const key = newKey()
  await client.query(
    `with signed_in as (update sluice.user set signed_in_at = $3 where id = $1),
       gone as (delete from sluice.session where user_id = $1 and expires_at < $3)
     insert into sluice.session (user_id, hash, created_at, seen_at, expires_at, address, browser)
     values ($1, $2, $3, $3, $3::timestamptz + make_interval(days => $4), $5, $6)`,
    [userId, hashOf(key), from.now, sessionDays.whole, from.address, from.browser?.slice(0, 200) ?? null],
  )
  return key
}

/** Whose session it is; undefined: none that is good any more. Being seen is noted once a minute at most. */
export async function findSession(
  client: Queryable,
  key: string,
  now: string,
): Promise<{ session: number; userId: number; email: string; name: string; admin: boolean } | undefined> {
  const { rows } = await client.query<{
    session: number
    userId: number
    email: string
    name: string
    admin: boolean
    stale: boolean
  }>(
    `select s.id as session, u.id as "userId", u.email, u.name, u.admin,
       s.seen_at < $2::timestamptz - interval '1 minute' as stale
     from sluice.session s join sluice.user u on u.id = s.user_id
     where s.hash = $1 and s.expires_at > $2 and s.seen_at > $2::timestamptz - make_interval(days => $3)
       and u.disabled_at is null`,
    [hashOf(key), now, sessionDays.idle],
  )
  const found = rows[0]
  if (found?.stale === true)
    await client.query('update sluice.session set seen_at = $2 where id = $1', [found.session, now])
  return found
}

export async function endSession(client: Queryable, session: number): Promise<void> {
  await client.query('delete from sluice.session where id = $1', [session])
}

/** Signs somebody out everywhere, also where a code is still to come. */
export async function endSessions(client: Queryable, userId: number): Promise<void> {
  await client.query('delete from sluice.half_session where user_id = $1', [userId])
  await client.query('delete from sluice.session where user_id = $1', [userId])
}
