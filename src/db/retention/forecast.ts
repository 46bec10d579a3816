// What retention will remove, and when: counted by the conditions that remove it.
import type pg from 'pg'
import type { Cutoffs, RetentionKind } from '../../core/retention.ts'
import { quoteName } from '../sql.ts'
import { dueArtifacts, dueChanges, dueJobs, dueLandings, dueLogs, type DueSql } from './due.ts'
import type { Place } from './remove.ts'

type Queryable = pg.ClientBase | pg.Pool

export interface Amount {
  readonly count: number
  readonly bytes: number
}

const nothing: Amount = { count: 0, bytes: 0 }

async function amount(client: Queryable, due: DueSql, values: readonly unknown[]): Promise<Amount> {
  const { rows } = await client.query<Amount>(
    `select count(*) as count, coalesce(sum(${due.bytes}), 0)::bigint as bytes from ${due.from}`,
    [...values],
  )
  return rows[0]!
}

/** What is due at these cutoffs, per kind. `paused`: definitions of paused jobs go too. Lines of the run history are not weighed. */
export async function dueAt(
  client: Queryable,
  place: Place,
  cutoffs: Cutoffs,
  paused: boolean,
): Promise<Readonly<Record<Exclude<RetentionKind, 'runs'>, Amount>>> {
  const { id, schema } = place
  const data = quoteName(schema)
  const when = (cutoff: string | null, due: DueSql, ...more: unknown[]): Promise<Amount> =>
    cutoff === null ? Promise.resolve(nothing) : amount(client, due, [id, cutoff, ...more])
  return {
    artifacts: await when(cutoffs.artifacts, dueArtifacts),
    landings: await when(cutoffs.landings, dueLandings(data), cutoffs.uploads),
    changes: cutoffs.changes === null ? nothing : await changesDue(client, place, cutoffs.changes),
    ledger: cutoffs.ledger === null ? nothing : await ledgerDue(client, place, cutoffs.ledger),
    jobs: await when(cutoffs.jobs, dueJobs, paused),
    logs: await when(cutoffs.logs, dueLogs),
  }
}

/** Months that are over before the cutoff; open records may keep one of them a while longer. */
async function ledgerDue(client: Queryable, { schema }: Place, cutoff: string): Promise<Amount> {
  const { rows } = await client.query<Amount>(
    `select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint as count, coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as bytes
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = to_regclass($1 || '.record') and c.relname ~ '^record_\\d{4}_\\d{2}$'
       and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'utc' < $2::timestamptz`,
    [quoteName(schema), cutoff],
  )
  return rows[0]!
}

const changed = (run: string): string =>
  `coalesce((${run}.totals ->> 'finished.updated')::bigint, 0) + coalesce((${run}.totals ->> 'finished.merged')::bigint, 0)`

/** Weighed by how many records of the runs changed somebody: counting changes one by one would take minutes. */
async function changesDue(client: Queryable, { id, schema }: Place, cutoff: string): Promise<Amount> {
  const { rows } = await client.query<Amount>(
    `select due.n as count, case when whole.n = 0 then 0 else (pg_total_relation_size($3::regclass) * (due.n::numeric / whole.n))::bigint end as bytes
     from (select coalesce(sum(${changed('r')}), 0)::bigint as n from ${dueChanges.from}) due,
       (select coalesce(sum(${changed('r')}), 0)::bigint as n from sluice.run r where r.namespace_id = $1 and not r.purged ? 'changes') whole`,
    [id, cutoff, `${quoteName(schema)}.change`],
  )
  return rows[0]!
}

export interface Held {
  readonly kind: Exclude<RetentionKind, 'runs'>
  readonly count: number
  readonly bytes: number
  /** The oldest, ISO 8601; null: there is none. */
  readonly oldest: string | null
  /** Bytes that came in the last 30 days. */
  readonly recentBytes: number
}

/** What is kept now, per kind. */
export async function heldNow(client: Queryable, { id, schema }: Place): Promise<Held[]> {
  const data = quoteName(schema)
  const landingBytes = dueLandings(data).bytes
  const { rows } = await client.query<{ row: Held }>(
    `select to_json(x) as row from (
       select 'artifacts' as kind, count(*) as count, coalesce(sum(${dueArtifacts.bytes}), 0) as bytes, min(r.ended_at) as oldest,
         coalesce(sum(${dueArtifacts.bytes}) filter (where r.ended_at > now() - interval '30 days'), 0) as "recentBytes"
       from sluice.run r where r.namespace_id = $1 and r.artifacts <> '{}'
       union all
       select 'landings', count(*), coalesce(sum(${landingBytes}), 0), min(l.landed_at),
         coalesce(sum(${landingBytes}) filter (where l.landed_at > now() - interval '30 days'), 0)
       from sluice.landing l where l.namespace_id = $1 and l.purged_at is null
       union all
       select 'changes', coalesce(sum(${changed('r')}), 0), pg_total_relation_size($2::regclass), min(r.ended_at),
         (pg_total_relation_size($2::regclass) * coalesce(sum(${changed('r')}) filter (where r.ended_at > now() - interval '30 days'), 0)
           / greatest(coalesce(sum(${changed('r')}), 0), 1))::bigint
       from sluice.run r where r.namespace_id = $1 and not r.purged ? 'changes'
       union all
       select 'ledger', coalesce(sum(greatest(c.reltuples, 0)), 0), coalesce(sum(pg_total_relation_size(c.oid)), 0),
         min(to_date(right(c.relname, 7), 'YYYY_MM')) filter (where c.reltuples > 0),
         coalesce(sum(pg_total_relation_size(c.oid)) filter (where to_date(right(c.relname, 7), 'YYYY_MM') > now() - interval '30 days'), 0)
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $3::regclass and c.relname ~ '^record_\\d{4}_\\d{2}$'
       union all
       select 'jobs', count(*), 0, min(j.state_at), 0 from sluice.job j where j.namespace_id = $1 and j.state in ('halted', 'paused', 'completed')
       union all
       select 'logs', count(*), coalesce(sum(${dueLogs.bytes}), 0), min(l.at),
         coalesce(sum(${dueLogs.bytes}) filter (where l.at > now() - interval '30 days'), 0)
       from sluice.log l where l.namespace_id = $1) x`,
    [id, `${data}.change`, `${data}.record`],
  )
  return rows.map(({ row }) => row)
}

export interface JobToGo {
  readonly name: string
  readonly state: string
  /** Since when it is in that state, ISO 8601. */
  readonly since: string
}

/** Jobs that will have gone at this cutoff, first those that go first. */
export async function jobsToGo(
  client: Queryable,
  { id }: Place,
  cutoff: string,
  paused: boolean,
  limit: number,
): Promise<JobToGo[]> {
  const { rows } = await client.query<JobToGo>(
    `select j.name, j.state, to_json(j.state_at) #>> '{}' as since from ${dueJobs.from} order by j.state_at, j.id limit $4`,
    [id, cutoff, paused, limit],
  )
  return rows
}
