// Batches share an advisory lock per namespace; one that keeps losing against others asks to hold it alone.
import type pg from 'pg'

const lockClass = 7_305_231

export async function lockShared(client: pg.ClientBase, namespaceId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock_shared($1, $2)', [lockClass, namespaceId])
}

export async function lockAlone(client: pg.ClientBase, namespaceId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [lockClass, namespaceId])
}
