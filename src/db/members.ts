// Who belongs to a namespace, with which role.
import type pg from 'pg'
import type { Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from './imports.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface Member {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly addedBy: string
  readonly addedAt: string
}

const columns = `u.email, u.name, m.role, m.added_by as "addedBy", to_json(m.added_at) as "addedAt"`

/** The role of a user in a namespace, by its name; undefined: none, also where there is no such namespace. */
export async function roleIn(
  client: Queryable,
  userId: number,
  namespace: string,
): Promise<Role | undefined> {
  const { rows } = await client.query<{ role: Role }>(
    `select m.role from sluice.member m join sluice.namespace n on n.id = m.namespace_id
     where m.user_id = $1 and n.name = $2 and n.dropping_at is null`,
    [userId, namespace],
  )
  return rows[0]?.role
}

/** By e-mail. */
export async function listMembers(
  client: Queryable,
  namespaceId: number,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<Member[]> {
  const { rows } = await client.query<Member>(
    `select ${columns} from sluice.member m join sluice.user u on u.id = m.user_id
     where m.namespace_id = $1 and ($2::text is null or u.email > $2) order by u.email limit $3`,
    [namespaceId, after ?? null, limit],
  )
  return rows
}

export async function findMember(
  client: Queryable,
  namespaceId: number,
  email: string,
): Promise<Member | undefined> {
  const { rows } = await client.query<Member>(
    `select ${columns} from sluice.member m join sluice.user u on u.id = m.user_id
     where m.namespace_id = $1 and u.email = $2`,
    [namespaceId, email],
  )
  return rows[0]
}

/** Makes somebody a member, or gives another role. */
export async function putMember(
  client: Queryable,
  namespaceId: number,
  member: { readonly userId: number; readonly role: Role; readonly by: string; readonly now: string },
): Promise<void> {
  await client.query(
    `insert into sluice.member (namespace_id, user_id, role, added_by, added_at) values ($1, $2, $3, $4, $5)
     on conflict (namespace_id, user_id) do update set role = excluded.role`,
    [namespaceId, member.userId, member.role, member.by, member.now],
  )
}

/**
 * Gives a member another role, or none, within a transaction; answers the member as before. `check` sees them when
 * nobody else can change them any more. Throws `not_found` and `member.last_owner`.
 */
export async function changeMember(
  client: pg.ClientBase,
  namespace: Namespace,
  email: string,
  role: Role | null,
  check: (now: Member) => void = () => {},
): Promise<Member> {
  // Of two owners who remove each other one comes second.
  const { rows: owners } = await client.query<{ email: string }>(
    `select u.email from sluice.member m join sluice.user u on u.id = m.user_id
     where m.namespace_id = $1 and m.role = 'owner' order by m.user_id for update of m`,
    [namespace.id],
  )
  await client.query(
    `select from sluice.member m join sluice.user u on u.id = m.user_id where m.namespace_id = $1 and u.email = $2
     for update of m`,
    [namespace.id, email],
  )
  const member = await findMember(client, namespace.id, email)
  if (member === undefined) throw failure('not_found', { noun: 'member', id: email })
  check(member)
  if (member.role === 'owner' && role !== 'owner' && owners.length === 1)
    throw failure('member.last_owner', { email, namespace: namespace.name })
  await client.query(
    role === null
      ? `delete from sluice.member m using sluice.user u where u.id = m.user_id and m.namespace_id = $1 and u.email = $2
           and $3::text is null`
      : `update sluice.member m set role = $3 from sluice.user u where u.id = m.user_id and m.namespace_id = $1
           and u.email = $2`,
    [namespace.id, email, role],
  )
  return member
}
