// The namespaces there are.
import type pg from 'pg'

/** The data schema of every namespace but those that are being dropped. */
export async function dataSchemas(client: pg.ClientBase | pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ data_schema: string }>(
    'select data_schema from sluice.namespace where dropping_at is null order by id',
  )
  return rows.map((row) => row.data_schema)
}

export interface NamespacePlace {
  readonly id: number
  readonly name: string
  /** Of its data, not quoted. */
  readonly schema: string
}

/** Every namespace but those that are being dropped, for chores that go through all of them. */
export async function allNamespaces(client: pg.ClientBase | pg.Pool): Promise<NamespacePlace[]> {
  const { rows } = await client.query<NamespacePlace>(
    'select id, name, data_schema as schema from sluice.namespace where dropping_at is null order by id',
  )
  return rows
}
