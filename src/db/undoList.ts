// Which profiles an undo must look at, those that hang together side by side: what an undo run lands.
import { once } from 'node:events'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { skipReasonNumber } from '../core/record.ts'
import { quoteName } from './sql.ts'

export interface UndoListing {
  readonly schema: string
  /** The run that is undone, and first day of its month. */
  readonly target: number
  readonly month: string
  /** Runs that are undone already: what they left because of the target goes now. */
  readonly reverted: readonly number[]
  /** Undo runs that stand and had to keep something, with their months. */
  readonly keeping: readonly { readonly run: number; readonly month: string }[]
}

/**
 * Profiles that belong into one batch: merged into one another, or one took an identifier that the other had. The label
 * of a group is its smallest profile; labels spread until nothing changes.
 */
async function makeGroups(client: pg.ClientBase, { schema, target }: UndoListing): Promise<void> {
  const s = quoteName(schema)
  await client.query(`
    create temp table undo_edge on commit drop as
      select distinct c.profile_id as a, (m ->> 'id')::bigint as b
        from ${s}.change c, jsonb_array_elements(c.before -> 'merged') m where c.run = ${target} and c.before ? 'merged'
      union select c.profile_id, (c.before -> 'restored' ->> 'into')::bigint
        from ${s}.change c where c.run = ${target} and c.before -> 'restored' ->> 'into' is not null
      union select c.profile_id, i.profile_id
        from ${s}.change c, jsonb_array_elements(c.before -> 'removed') r
        join ${s}.identifier i on i.value = r ->> 1 and i.kind = (r ->> 0)::smallint
        where c.run = ${target} and c.before ? 'removed' and i.profile_id not in (0, c.profile_id)
      union select g.profile_id, i.profile_id
        from ${s}.profile_gone g, jsonb_array_elements(g.row -> 'identifiers') r
        join ${s}.identifier i on i.value = r ->> 1 and i.kind = (r ->> 0)::smallint
        where g.gone_run = ${target} and i.profile_id not in (0, g.profile_id)`)
  await client.query(`
    create temp table undo_group on commit drop as
      select id as profile_id, id as label from (select a as id from undo_edge union select b from undo_edge) x`)
  for (;;) {
    const { rowCount } = await client.query(`
      update undo_group g set label = n.label from (
        select e.id, min(o.label) as label from (
          select a as id, b as other from undo_edge union all select b, a from undo_edge) e
        join undo_group o on o.profile_id = e.other group by e.id) n
      where g.profile_id = n.id and n.label < g.label`)
    if (rowCount === 0) return
  }
}

function listSql({ schema, target, month, reverted, keeping }: UndoListing): string {
  const s = quoteName(schema)
  const ofTarget = `exists (select from ${s}.record r where r.profile_id = x.profile_id and r.run_month = '${month}' and r.run = ${target})`
  const kept = [
    ...(reverted.length === 0
      ? []
      : [`select _id as profile_id from ${s}.profile where _created_run in (${reverted.join(', ')})`]),
    ...keeping.map(
      (undo) =>
        `select profile_id from ${s}.record where run_month = '${undo.month}' and run = ${undo.run} and warnings is not null`,
    ),
  ]
  const sides = [
    `select profile_id from ${s}.change where run = ${target}`,
    `select _id from ${s}.profile where _created_run = ${target}`,
    `select profile_id from ${s}.profile_gone where gone_run = ${target}`,
    `select profile_id from ${s}.profile_gone where created_run = ${target}`,
    `select profile_id from undo_group g where exists (select from ${s}.profile_gone x where x.profile_id = g.profile_id and x.gone_run = ${target})
       or g.profile_id in (select a from undo_edge)`,
    ...(kept.length === 0 ? [] : [`select profile_id from (${kept.join(' union ')}) x where ${ofTarget}`]),
  ]
  return `select l.profile_id, coalesce(g.label, l.profile_id) as label from (${sides.join(' union ')}) l
    left join undo_group g using (profile_id) order by label, l.profile_id`
}

/** Profile and group, ascending by group, in blocks; inside a transaction. Memory: a block. */
export async function* listProfiles(
  client: pg.ClientBase,
  listing: UndoListing,
): AsyncGenerator<(readonly [profile: number, group: number])[]> {
  await makeGroups(client, listing)
  const stream = client.query(copyTo(`copy (${listSql(listing)}) to stdout`))
  let rest = ''
  for await (const block of stream) {
    const text = rest + (block as Buffer).toString('latin1')
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    const lines = text.slice(0, end).split('\n')
    lines.pop()
    if (lines.length > 0)
      yield lines.map((line) => {
        const [profile = '', group = ''] = line.split('\t')
        return [Number(profile), Number(group)] as const
      })
  }
  if (!stream.readableEnded) await once(stream, 'end')
}

/** Records of other runs that had lost to the target, or were left out because of it: they may count now. */
export interface LostRecords {
  readonly run: number
  readonly reason: number
  readonly count: number
}

export async function countLost(
  client: pg.ClientBase,
  { schema, target, reverted }: UndoListing,
  reasons: readonly number[],
  candidates: readonly number[],
): Promise<LostRecords[]> {
  if (candidates.length === 0) return []
  const s = quoteName(schema)
  const { rows } = await client.query<LostRecords>(
    `select r.run, r.reason, count(*) as count from ${s}.record r
     where r.run = any($1) and r.reason = any($2) and r.retried_in is null and r.run <> $3 and not r.run = any($4) and (
       exists (select from ${s}.change c where c.profile_id = r.profile_id and c.run = $3)
       or exists (select from ${s}.profile p where p._id = r.profile_id and p._created_run = $3))
     group by 1, 2 order by 1, 2`,
    [candidates, reasons, target, reverted],
  )
  return rows
}

/** Runs that have records with one of these skip reasons, and undo runs that had to keep something. */
export async function runsOfInterest(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  target: number,
): Promise<{ losers: number[]; keeping: { run: number; month: string }[] }> {
  const { rows } = await client.query<{ id: number; trigger: string; month: string }>(
    `select id, trigger, run_month::text as month from sluice.run
     where namespace_id = $1 and id <> $2 and state <> 'reverted' and (
       (trigger not in ('undo', 'process') and (coalesce((totals ->> 'skipped.superseded')::bigint, 0) > 0 or coalesce((totals ->> 'skipped.exists')::bigint, 0) > 0))
       or (trigger = 'undo' and exists (select from jsonb_each_text(totals) t where t.key like 'warned.undo.%')))
     order by id`,
    [namespaceId, target],
  )
  const of = (undo: boolean) => rows.filter(({ trigger }) => (trigger === 'undo') === undo)
  return {
    losers: of(false).map(({ id }) => id),
    keeping: of(true).map(({ id, month }) => ({ run: id, month })),
  }
}

/** Runs that left lines out because the target, or a run that relied on it, had delivered them. */
export async function countLeftOut(
  client: pg.ClientBase | pg.Pool,
  namespaceId: number,
  target: number,
): Promise<LostRecords[]> {
  const { rows } = await client.query<LostRecords>(
    `select id as run, ${skipReasonNumber.already_processed} as reason, (totals ->> 'skipped.already_processed')::bigint as count
     from sluice.run where namespace_id = $1 and state <> 'reverted' and (totals ->> 'skipped.already_processed')::bigint > 0
       and (seen ->> 'oldest')::bigint <= $2 and (seen ->> 'base')::bigint >= $2 and job_id = (
         select job_id from sluice.run where namespace_id = $1 and id = $2) order by id`,
    [namespaceId, target],
  )
  return rows
}
