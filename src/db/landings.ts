// Landings that nobody needs: what was landed and then refused.
import type pg from 'pg'

/** Forgets a landing that no run reads and no part was taken from; answers the key of its blob, or undefined: it stays. */
export async function forgetLanding(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  id: string,
): Promise<string | undefined> {
  const { rows } = await client.query<{ key: string }>(
    `delete from sluice.landing l where l.namespace_id = $1 and l.id = $2
       and not exists (select from sluice.run r where r.landing_id = l.id)
       and not exists (select from sluice.landing p where p.container_id = l.id)
     returning l.blob_key as key`,
    [namespaceId, id],
  )
  return rows[0]?.key
}
