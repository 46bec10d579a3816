// Somebody's own sessions: where they are signed in, and ending that.
import type pg from 'pg'
import { sessionDays } from './users.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface SessionRow {
  readonly id: number
  readonly createdAt: string
  readonly seenAt: string
  /** When it ends at the latest if it is not used from now on. */
  readonly endsAt: string
  readonly address: string | null
  readonly browser: string | null
}

/** The newest hundred that are still good, the one used last first. */
export async function listSessions(client: Queryable, userId: number, now: string): Promise<SessionRow[]> {
  const { rows } = await client.query<SessionRow>(
    `select id, to_json(created_at) as "createdAt", to_json(seen_at) as "seenAt", address, browser,
       to_json(least(expires_at, seen_at + make_interval(days => $3))) as "endsAt"
     from sluice.session
     where user_id = $1 and expires_at > $2 and seen_at > $2::timestamptz - make_interval(days => $3)
     order by seen_at desc, id desc limit 100`,
    [userId, now, sessionDays.idle],
  )
  return rows
}

/** Ends one of somebody's own; answers whether there was one. */
export async function endOwnSession(client: Queryable, userId: number, session: number): Promise<boolean> {
  const { rowCount } = await client.query('delete from sluice.session where user_id = $1 and id = $2', [
    userId,
    session,
  ])
  return rowCount === 1
}

/** Ends all of somebody's sessions but one; answers how many. */
export async function endOtherSessions(
  client: Queryable,
  userId: number,
  kept: number | null,
): Promise<number> {
  await client.query('delete from sluice.half_session where user_id = $1', [userId])
  const { rowCount } = await client.query(
    'delete from sluice.session where user_id = $1 and id is distinct from $2',
    [userId, kept],
  )
  return rowCount ?? 0
}
