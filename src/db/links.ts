// One-time links: for the first admin, to join a namespace, to choose another password. Only their hashes are kept.
import type pg from 'pg'
import type { Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { hashOf, newKey } from './keys.ts'

type Queryable = pg.ClientBase | pg.Pool

export type LinkOrder =
  | { readonly kind: 'first_admin' }
  | { readonly kind: 'reset'; readonly userId: number }
  | { readonly kind: 'email'; readonly userId: number; readonly email: string }
  | { readonly kind: 'invitation'; readonly namespaceId: number; readonly email: string; readonly role: Role }

export interface Link {
  readonly id: number
  readonly kind: LinkOrder['kind']
  readonly userId: number | null
  readonly namespaceId: number | null
  readonly namespace: string | null
  /** Whom it is for; null: the first admin says so. */
  readonly email: string | null
  readonly role: Role | null
  readonly madeBy: string
  readonly expiresAt: string
}

/** Hours a link is valid. */
const hours = { first_admin: 24, reset: 2, invitation: 7 * 24, email: 2 } as const

/** Makes a link, in place of one for the same purpose that nobody used; answers its key, this once. */
export async function makeLink(
  client: Queryable,
  order: LinkOrder,
  { by, now }: { readonly by: string; readonly now: string },
): Promise<{ key: string; expiresAt: string }> {
  const key = newKey()
  const { rows } = await client.query<{ expiresAt: string }>(
    `insert into sluice.link (hash, kind, user_id, namespace_id, email, role, made_by, made_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8::timestamptz + make_interval(hours => $9))
     on conflict (kind, coalesce(user_id, 0), coalesce(namespace_id, 0), coalesce(email, '')) where used_at is null
     do update set hash = excluded.hash, role = excluded.role, made_by = excluded.made_by, made_at = excluded.made_at,
       expires_at = excluded.expires_at
     returning to_json(expires_at) as "expiresAt"`,
    [
      hashOf(key),
      order.kind,
      'userId' in order ? order.userId : null,
      order.kind === 'invitation' ? order.namespaceId : null,
      'email' in order ? order.email : null,
      order.kind === 'invitation' ? order.role : null,
      by,
      now,
      hours[order.kind],
    ],
  )
  return { key, expiresAt: rows[0]!.expiresAt }
}

const columns = `l.id, l.kind, l.user_id as "userId", l.namespace_id as "namespaceId", n.name as namespace,
  coalesce(l.email, u.email) as email, l.role, l.made_by as "madeBy", to_json(l.expires_at) as "expiresAt"`
const joined = `sluice.link l left join sluice.user u on u.id = l.user_id left join sluice.namespace n on n.id = l.namespace_id`

/** The link of a key, or `link.invalid`: used, expired, replaced, never made, or of somebody who is switched off. */
export async function linkOf(client: Queryable, key: string, now: string): Promise<Link> {
  const { rows } = await client.query<Link>(
    `select ${columns} from ${joined} where l.hash = $1 and l.used_at is null and l.expires_at > $2
       and u.disabled_at is null and n.dropping_at is null`,
    [hashOf(key), now],
  )
  if (rows[0] === undefined) throw failure('link.invalid')
  return rows[0]
}

/** Takes a link out of use; of two who use it at once the second gets `link.invalid`. */
export async function useLink(client: pg.ClientBase, id: number, now: string): Promise<void> {
  const { rowCount } = await client.query(
    'update sluice.link set used_at = $2 where id = $1 and used_at is null',
    [id, now],
  )
  if (rowCount !== 1) throw failure('link.invalid')
}

/** Invitations that nobody has used yet, by e-mail; `expired` ones among them, so that they can be renewed. */
export async function listInvitations(client: Queryable, namespaceId: number): Promise<Link[]> {
  const { rows } = await client.query<Link>(
    `select ${columns} from ${joined} where l.namespace_id = $1 and l.kind = 'invitation' and l.used_at is null
     order by l.email limit 500`,
    [namespaceId],
  )
  return rows
}

/** Where somebody is invited to by an address, and has not come yet. */
export async function invitationsOf(client: Queryable, email: string, now: string): Promise<Link[]> {
  const { rows } = await client.query<Link>(
    `select ${columns} from ${joined} where l.email = $1 and l.kind = 'invitation' and l.used_at is null
       and l.expires_at > $2 and n.dropping_at is null order by l.id`,
    [email, now],
  )
  return rows
}

/** Answers the invitation that is withdrawn, if there was one. */
export async function removeInvitation(
  client: Queryable,
  namespaceId: number,
  email: string,
): Promise<{ role: Role } | undefined> {
  const { rows } = await client.query<{ role: Role }>(
    `delete from sluice.link where namespace_id = $1 and email = $2 and kind = 'invitation' and used_at is null
     returning role`,
    [namespaceId, email],
  )
  return rows[0]
}
