// Jobs by name, also archived ones: their records are still there.
import type pg from 'pg'

export async function jobIds(
  client: pg.Pool,
  namespaceId: number,
  names: readonly string[],
): Promise<{ readonly id: number; readonly name: string }[]> {
  const { rows } = await client.query<{ id: number; name: string }>(
    'select id, name from sluice.job where namespace_id = $1 and name = any($2) order by id',
    [namespaceId, names],
  )
  return rows
}
