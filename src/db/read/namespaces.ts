// The namespaces there are.
import type pg from 'pg'

/** The data schema of every namespace but those that are being dropped. */
export async function dataSchemas(client: pg.ClientBase | pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ data_schema: string }>(
    'select data_schema from sluice.namespace where dropping_at is null order by id',
  )
  return rows.map((row) => row.data_schema)
}
