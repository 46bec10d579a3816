// Requests that were given a key: whether one was made before, and what it was answered.
import type pg from 'pg'

type Queryable = pg.ClientBase | pg.Pool

/** How long an answer is kept. */
export const idempotencyHours = 24
/** A request under way whose server has not said so for this long is nobody's any more. */
const lostSeconds = 60

export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Null: it held a secret. */
  readonly body: string | null
}

/** What is known of a key that somebody has. */
export interface Taken {
  /** Null: a body that is still coming. */
  readonly request: Buffer | null
  /** Null: under way. */
  readonly answer: KeptAnswer | null
}

/** Takes a key for a request; answers who has it where somebody does. A key of a server that died is free. */
export async function takeKey(
  client: Queryable,
  order: { readonly id: Buffer; readonly namespaceId: number | null; readonly request: Buffer | null },
): Promise<Taken | null> {
  for (;;) {
    const { rowCount } = await client.query(
      `insert into sluice.idempotency as k (id, namespace_id, request) values ($1, $2, $3)
       on conflict (id) do update set request = excluded.request, status = null, headers = '{}', body = null,
         made_at = now(), alive_at = now()
       where k.made_at < now() - make_interval(hours => ${idempotencyHours})
         or (k.status is null and k.alive_at < now() - make_interval(secs => ${lostSeconds}))`,
      [order.id, order.namespaceId, order.request],
    )
    if (rowCount === 1) return null
    const taken = await findKey(client, order.id)
    // Set free in this moment.
    if (taken !== undefined) return taken
  }
}

async function findKey(client: Queryable, id: Buffer): Promise<Taken | undefined> {
  const { rows } = await client.query<{
    request: Buffer | null
    status: number | null
    headers: Record<string, string>
    body: string | null
  }>('select request, status, headers, body from sluice.idempotency where id = $1', [id])
  const row = rows[0]
  if (row === undefined) return undefined
  const { request, status, headers, body } = row
  return { request, answer: status === null ? null : { status, headers, body } }
}

/** Keeps the answer, and what was asked. */
export async function keepAnswer(
  client: Queryable,
  id: Buffer,
  request: Buffer,
  { status, headers, body }: KeptAnswer,
): Promise<void> {
  await client.query(
    'update sluice.idempotency set request = $2, status = $3, headers = $4, body = $5 where id = $1',
    [id, request, status, JSON.stringify(headers), body],
  )
}

/** Nothing was made: the key may be used again. */
export async function freeKey(client: Queryable, id: Buffer): Promise<void> {
  await client.query('delete from sluice.idempotency where id = $1 and status is null', [id])
}

/** Says that these requests are still under way. */
export async function renewKeys(client: Queryable, ids: readonly Buffer[]): Promise<void> {
  await client.query('update sluice.idempotency set alive_at = now() where id = any($1) and status is null', [
    ids,
  ])
}

/** Forgets answers whose time is over; answers how many. */
export async function removeOldKeys(client: Queryable): Promise<number> {
  const { rowCount } = await client.query(
    `delete from sluice.idempotency where made_at < now() - make_interval(hours => ${idempotencyHours})`,
  )
  return rowCount ?? 0
}
