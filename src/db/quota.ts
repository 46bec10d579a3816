// The quota of a namespace: taken from in the transaction of each batch, so that no number of workers can take too much.
import type pg from 'pg'
import { runName } from '../core/names.ts'
import type { Origin } from '../core/origin.ts'
import { stepToTell } from '../core/quota.ts'
import { recordStateNumber } from '../core/record.ts'
import { ordinaryTriggers, type Trigger } from '../core/triggers.ts'
import { writeLog } from './log.ts'
import { quoteName } from './sql.ts'

/** How a namespace stands in the calendar month, in its own zone. */
export interface QuotaUse {
  readonly quota: number
  /** `2026-11` */
  readonly month: string
  readonly used: number
  /** First day of the next month, `2026-12-01`. */
  readonly until: string
}

const monthOf = (n: string): string =>
  `date_trunc('month', clock_timestamp() at time zone coalesce(${n}.settings ->> 'zone', 'UTC'))::date`

const takeSql = `
  with n as (select id, (settings ->> 'quota')::bigint as quota, ${monthOf('n')} as month from sluice.namespace n
    where id = $1 and settings ->> 'quota' is not null)
  update sluice.quota_use u set used = u.used + $2 from n
  where u.namespace_id = n.id and u.month = n.month and u.used + $2 <= n.quota
  returning u.used, n.quota, case when u.told_of = n.quota then u.told else 0 end as told, u.month::text as month`

/** What a batch got: all it asked for, or how much room there is; null: there is no quota. */
export type Taken = { readonly all: true } | { readonly all: false; readonly use: QuotaUse }

/**
 * Takes so many records from the quota, or none of them. The row stays locked until the transaction ends: the next batch
 * sees what this one took. Writes the line of a step that is passed.
 */
export async function takeQuota(
  client: pg.ClientBase,
  where: { readonly namespaceId: number; readonly runId: number },
  records: number,
): Promise<Taken> {
  if (!(await hasQuota(client, where.namespaceId))) return { all: true }
  for (;;) {
    const { rows } = await client.query<{ used: number; quota: number; told: number; month: string }>(
      takeSql,
      [where.namespaceId, records],
    )
    const [taken] = rows
    if (taken !== undefined) {
      await tell(client, where, taken)
      return { all: true }
    }
    const use = await readQuota(client, where.namespaceId)
    if (use === null) return { all: true }
    if (use.began) return { all: false, use }
    await beginMonth(client, where.namespaceId)
  }
}

/** Asked by every batch: one short round trip where there is none. */
async function hasQuota(client: pg.ClientBase, namespaceId: number): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>({
    name: 'has quota',
    text: `select settings ->> 'quota' is not null as has from sluice.namespace where id = $1`,
    values: [namespaceId],
  })
  return rows[0]?.has === true
}

async function tell(
  client: pg.ClientBase,
  { namespaceId, runId }: { readonly namespaceId: number; readonly runId: number },
  { used, quota, told, month }: { used: number; quota: number; told: number; month: string },
): Promise<void> {
  const step = stepToTell(used, quota, told)
  if (step === null) return
  await client.query(
    'update sluice.quota_use set told = $3, told_of = $4 where namespace_id = $1 and month = $2::date',
    [namespaceId, month, step, quota],
  )
  const details = { percent: step, used, quota, month: month.slice(0, 7), run: runName(runId) }
  const { rows } = await client.query<{ job_id: number }>(
    'select job_id from sluice.run where namespace_id = $1 and id = $2',
    [namespaceId, runId],
  )
  const line = { namespaceId, run: runId, job: rows[0]?.job_id ?? null, details }
  await writeLog(client, { ...line, kind: 'quota_step' })
  if (step === 100) await writeLog(client, { ...line, kind: 'quota_reached' })
}

/** How the namespace stands, or null where there is no quota. `began`: something is counted for the month. */
export async function readQuota(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
): Promise<(QuotaUse & { readonly began: boolean }) | null> {
  const { rows } = await client.query<QuotaUse & { began: boolean }>(
    `select n.quota, to_char(n.month, 'YYYY-MM') as month, coalesce(u.used, 0) as used, u.used is not null as began,
       (n.month + interval '1 month')::date::text as until
     from (select id, (settings ->> 'quota')::bigint as quota, ${monthOf('n')} as month from sluice.namespace n
       where id = $1 and settings ->> 'quota' is not null) n
     left join sluice.quota_use u on u.namespace_id = n.id and u.month = n.month`,
    [namespaceId],
  )
  return rows[0] ?? null
}

/** Runs whose records count: corrections and waiting records of earlier runs count when they are accepted. */
const counting: readonly Trigger[] = [...ordinaryTriggers, 'retry', 'process']

/** Begins to count: what runs of the month took before there was a quota is counted as far as they began in it. */
export async function beginMonth(client: pg.ClientBase | pg.Pool, namespaceId: number): Promise<void> {
  await client.query(
    `insert into sluice.quota_use (namespace_id, month, used)
     select n.id, n.month, coalesce((
       select sum(x.value::bigint) from sluice.run r join sluice.chunk c on c.namespace_id = r.namespace_id and c.run_id = r.id,
         jsonb_each_text(c.counters) x
       where r.namespace_id = n.id and r.trigger = any($2) and x.key like 'finished.%'
         and date_trunc('month', r.created_at at time zone n.zone)::date = n.month), 0)
     from (select id, coalesce(settings ->> 'zone', 'UTC') as zone, ${monthOf('n')} as month from sluice.namespace n where id = $1) n
     on conflict do nothing`,
    [namespaceId, counting],
  )
}

/**
 * Which of these records counted already, so that they do not count again: where they came first, or in the row that is
 * retried now. By `run/ordinal` of their first appearance.
 */
export async function countedBefore(
  client: pg.ClientBase,
  schema: string,
  namespaceId: number,
  origins: readonly Origin[],
): Promise<ReadonlySet<string>> {
  if (origins.length === 0) return new Set()
  const rowsOf = origins.flatMap((origin) => [
    { origin, row: origin },
    { origin, row: origin.from },
  ])
  const { rows } = await client.query<{ name: string }>(
    `select distinct o.name from unnest($2::text[], $3::bigint[], $4::bigint[]) as o(name, run, ordinal)
     join sluice.run r on r.namespace_id = $1 and r.id = o.run
     join ${quoteName(schema)}.record c on c.run_month = r.run_month and c.run = o.run and c.ordinal = o.ordinal
     where c.state = ${recordStateNumber.finished} or c.problem ->> 'stage' = 'write'`,
    [
      namespaceId,
      rowsOf.map(({ origin }) => `${origin.run}/${origin.ordinal}`),
      rowsOf.map(({ row }) => row.run),
      rowsOf.map(({ row }) => row.ordinal),
    ],
  )
  return new Set(rows.map(({ name }) => name))
}
