// Monthly partitions of the ledger, made ahead so that no run ever waits for one.
import type pg from 'pg'
import { quoteName } from './sql.ts'

/** Makes the partition of the month `ahead` months from now (0: this month), where it is missing. UTC months. */
async function makePartition(client: pg.ClientBase, schema: string, ahead: number): Promise<void> {
  const { rows } = await client.query<{ name: string; from: string; to: string }>(
    `select 'record_' || to_char(m, 'YYYY_MM') as name, m::date::text as from, (m + interval '1 month')::date::text as to
     from (select date_trunc('month', now() at time zone 'utc') + make_interval(months => $1) as m) x`,
    [ahead],
  )
  const { name, from, to } = rows[0]!
  await client.query(
    `create table if not exists ${quoteName(schema)}.${quoteName(name)} partition of ${quoteName(schema)}.record
     for values from ('${from}') to ('${to}')`,
  )
}

/** This month and the next two. */
export async function ensurePartitions(client: pg.ClientBase, schema: string): Promise<void> {
  for (const ahead of [0, 1, 2]) await makePartition(client, schema, ahead)
}
