// How often somebody tried to sign in, kept over restarts: by account and address, by account, by address.
import { createHash } from 'node:crypto'
import type pg from 'pg'

type Queryable = pg.ClientBase | pg.Pool

/**
 * Tries within 15 minutes. An account from one address soon; the account from everywhere late, so that a stranger
 * cannot easily keep its owner out; an address for all accounts together, against those who try many.
 */
const limits = { both: 8, account: 40, address: 60 } as const
const minutes = 15

function keysOf(email: string, address: string): Record<keyof typeof limits, Buffer> {
  const hashed = (...parts: string[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest()
  return {
    both: hashed('both', email, address),
    account: hashed('account', email),
    address: hashed('address', address),
  }
}

/**
 * Counts a try before it is made; answers for how many minutes there may be no other, or 0. The same for accounts that
 * exist and those that do not.
 */
export async function countTry(
  client: Queryable,
  email: string,
  address: string,
  now: string,
): Promise<number> {
  const keys = keysOf(email, address)
  const names = Object.keys(limits) as (keyof typeof limits)[]
  const { rows } = await client.query<{ wait: number }>(
    `insert into sluice.sign_in_tries as t (key, tries, since) select k, 1, $3 from unnest($1::bytea[]) k order by k
     on conflict (key) do update set
       tries = case when t.since < $3::timestamptz - make_interval(mins => $4) then 1 else t.tries + 1 end,
       since = case when t.since < $3::timestamptz - make_interval(mins => $4) then $3 else t.since end
     returning case when tries > ($2::int[])[array_position($1::bytea[], key)]
       then ceil(extract(epoch from since + make_interval(mins => $4) - $3::timestamptz) / 60)::int else 0 end as wait`,
    [names.map((name) => keys[name]), names.map((name) => limits[name]), now, minutes],
  )
  return Math.max(...rows.map(({ wait }) => wait))
}

/** Somebody has signed in: their own tries do not count any more. */
export async function forgetTries(client: Queryable, email: string, address: string): Promise<void> {
  const { both, account } = keysOf(email, address)
  await client.query('delete from sluice.sign_in_tries where key = any($1)', [[both, account]])
}

/** Those whose time is over say nothing any more. */
export async function removeOldTries(client: Queryable, now: string): Promise<void> {
  await client.query(`delete from sluice.sign_in_tries where since < $1::timestamptz - interval '1 day'`, [
    now,
  ])
}
