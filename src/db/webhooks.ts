// Webhooks of a namespace.
import type pg from 'pg'

type Queryable = pg.ClientBase | pg.Pool

export interface WebhookRow {
  readonly id: number
  readonly name: string
  readonly url: string
  /** The name of the secret that signs. */
  readonly secret: string
  readonly created_by: string | null
  readonly created_at: string
  readonly gone_at: string | null
}

const columns = `id, name, url, secret, created_by, to_json(created_at) #>> '{}' as created_at, to_json(gone_at) #>> '{}' as gone_at`

/** By name. */
export async function listWebhooks(client: Queryable, namespaceId: number): Promise<WebhookRow[]> {
  const { rows } = await client.query<WebhookRow>(
    `select ${columns} from sluice.webhook where namespace_id = $1 order by name`,
    [namespaceId],
  )
  return rows
}

export async function findWebhook(
  client: Queryable,
  namespaceId: number,
  name: string,
  lock = false,
): Promise<WebhookRow | undefined> {
  const { rows } = await client.query<WebhookRow>(
    `select ${columns} from sluice.webhook where namespace_id = $1 and name = $2 ${lock ? 'for update' : ''}`,
    [namespaceId, name],
  )
  return rows[0]
}

/** False: the name is taken. */
export async function addWebhook(
  client: Queryable,
  namespaceId: number,
  hook: { readonly name: string; readonly url: string; readonly secret: string; readonly by: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into sluice.webhook (namespace_id, name, url, secret, created_by) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [namespaceId, hook.name, hook.url, hook.secret, hook.by],
  )
  return rowCount === 1
}

/** False: there is none of this name. */
export async function removeWebhook(client: Queryable, namespaceId: number, name: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'delete from sluice.webhook where namespace_id = $1 and name = $2',
    [namespaceId, name],
  )
  return rowCount === 1
}

/** The other side said that it is gone for good: nothing is sent to it any more. */
export async function noteWebhookGone(client: Queryable, namespaceId: number, name: string): Promise<void> {
  await client.query(
    'update sluice.webhook set gone_at = clock_timestamp() where namespace_id = $1 and name = $2',
    [namespaceId, name],
  )
}
