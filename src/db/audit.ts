// The audit: lines are added and read; only retention removes any.
import type pg from 'pg'
import type { AuditVia } from '../core/audit.ts'
import { inTransaction, type Database } from './client.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface AuditEntry {
  readonly at: string
  /** Null: it concerns the whole installation. */
  readonly namespace: string | null
  readonly who: string
  readonly via: AuditVia
  readonly address: string | null
  readonly action: string
  readonly what: string | null
  /** In words. */
  readonly did: string
  /** `done`, or the code of the problem it was refused with. */
  readonly result: string
  /** The request, without secrets. */
  readonly asked: unknown
  readonly before: unknown
  readonly after: unknown
}
export type AuditLine = AuditEntry & { readonly id: number }

export async function writeAudit(client: Queryable, entry: AuditEntry): Promise<void> {
  const json = (value: unknown): string | null =>
    value === null || value === undefined ? null : JSON.stringify(value).replaceAll('\\u0000', '')
  await client.query(
    `insert into sluice.audit (at, namespace, who, via, address, action, what, did, result, asked, before, after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      entry.at,
      entry.namespace,
      plain(entry.who),
      entry.via,
      entry.address,
      entry.action,
      entry.what === null ? null : plain(entry.what),
      plain(entry.did),
      entry.result,
      json(entry.asked),
      json(entry.before),
      json(entry.after),
    ],
  )
}

/** PostgreSQL keeps no NUL. */
function plain(text: string): string {
  return text.replaceAll('\0', '')
}

export interface AuditFilter {
  readonly who?: string | undefined
  /** `runs` or `runs.stop`. */
  readonly action?: string | undefined
  readonly what?: string | undefined
  readonly result?: 'done' | 'refused' | undefined
  readonly address?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Newest first, before the line `before`. */
export async function readAudit(
  client: Queryable,
  namespace: string | null,
  filter: AuditFilter,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<AuditLine[]> {
  const { rows } = await client.query<{ row: AuditLine }>(
    `select json_build_object('id', id, 'at', at, 'namespace', namespace, 'who', who, 'via', via, 'address', address,
       'action', action, 'what', what, 'did', did, 'result', result, 'asked', asked, 'before', before, 'after', after) as row
     from sluice.audit
     where ($1::text is null and namespace is null or namespace = $1) and ($2::text is null or who = $2)
       and ($3::text is null or action = $3 or starts_with(action, $3 || '.'))
       and ($4::text is null or what = $4) and ($5::text is null or (result = 'done') = ($5 = 'done'))
       and ($6::text is null or address = $6) and ($7::timestamptz is null or at >= $7) and ($8::timestamptz is null or at < $8)
       and ($9::bigint is null or id < $9)
     order by id desc limit $10`,
    [
      namespace,
      filter.who ?? null,
      filter.action ?? null,
      filter.what ?? null,
      filter.result ?? null,
      filter.address ?? null,
      filter.from ?? null,
      filter.to ?? null,
      before ?? null,
      limit,
    ],
  )
  return rows.map(({ row }) => row)
}

/** Retention: removes lines older than an instant, some thousands at a time; answers how many. */
export async function removeAudit(
  database: Database,
  namespace: string | null,
  before: string,
): Promise<number> {
  for (let count = 0; ;) {
    const removed = await database.withClient((client) =>
      inTransaction(client, async () => {
        await client.query(`set local sluice.audit_retention = 'on'`)
        const { rowCount } = await client.query(
          `delete from sluice.audit where id in (select id from sluice.audit
             where ($1::text is null and namespace is null or namespace = $1) and at < $2 order by id limit 5000)`,
          [namespace, before],
        )
        return rowCount ?? 0
      }),
    )
    if (removed === 0) return count
    count += removed
  }
}

/** Namespaces that have lines, also those that were dropped. */
export async function auditedNamespaces(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ namespace: string }>(
    'select distinct namespace from sluice.audit where namespace is not null',
  )
  return rows.map(({ namespace }) => namespace)
}
