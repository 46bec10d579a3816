// The namespaces somebody may look into, with what a page needs to know of each.
import type pg from 'pg'
import type { Role } from '../../core/access.ts'
import { namespaceSettingsSchema, type NamespaceSettings } from '../../core/namespaceSettings.ts'

export interface Place {
  readonly id: number
  readonly name: string
  /** Null: no member; who looks after the installation is shown it nevertheless. */
  readonly role: Role | null
  readonly settings: NamespaceSettings
  readonly runs: number
  readonly createdAt: string
  /** When it is dropped by itself; null: it stays. */
  readonly expiresAt: string | null
}

/** By name: those of a user, or (`all`) every one; `only` is the name of the one that is asked for. */
export async function placesOf(
  client: pg.ClientBase | pg.Pool,
  who: { readonly userId: number | null; readonly all: boolean; readonly only?: string },
): Promise<Place[]> {
  const { rows } = await client.query<Omit<Place, 'settings'> & { settings: unknown }>(
    `select n.id, n.name, m.role, n.settings, n.last_run - 1000 as runs, to_json(n.created_at) as "createdAt",
       to_json(n.expires_at) as "expiresAt"
     from sluice.namespace n left join sluice.member m on m.namespace_id = n.id and m.user_id = $1
     where n.dropping_at is null and ($2 or m.user_id is not null) and ($3::text is null or n.name = $3) order by n.name`,
    [who.userId, who.all, who.only ?? null],
  )
  return rows.map(({ settings, ...rest }) => ({
    ...rest,
    settings: namespaceSettingsSchema.parse(settings ?? {}),
  }))
}
