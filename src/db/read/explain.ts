// What the ledger, the changes and the runs say about one record. Every query here is a look at an index.
import type pg from 'pg'
import type { Before } from '../../core/changeSet.ts'
import type { RunFacts, RowFacts } from '../../core/explain/explained.ts'
import { parseRecordName, type RecordKey } from '../../core/origin.ts'
import { recordName, runName } from '../../core/names.ts'
import type { Problem } from '../../core/problem.ts'
import { outcomeName, recordStateName, skipReasonName } from '../../core/record.ts'
import type { Namespace } from '../imports.ts'
import { prepared, quoteName } from '../sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** A record that was retried over and over shows so many of its rows. */
const retriesMax = 20

/** The row of a record and those of its retries, in order; empty where it has none. */
export async function rowsOfRecord(
  client: Queryable,
  namespace: Namespace,
  key: RecordKey,
): Promise<RowFacts[]> {
  const rows: RowFacts[] = []
  let next: RecordKey | undefined = key
  while (next !== undefined && rows.length < retriesMax) {
    const row: RowFacts | undefined = await findRow(client, namespace, next)
    if (row === undefined) break
    rows.push(row)
    next = row.retriedIn === null ? undefined : parseRecordName(row.retriedIn)
  }
  return rows
}

interface StoredRow {
  readonly state: number
  readonly outcome: number | null
  readonly reason: number | null
  readonly identifier: string | null
  readonly profile: number | null
  readonly problem: Problem | null
  readonly warnings: Problem[] | null
  readonly origin: string | null
  readonly retriedIn: string | null
  readonly settledBy: number | null
  readonly at: number
}

/** The month leads to the partition, so that one index is looked at. */
async function findRow(
  client: Queryable,
  { id, schema }: Namespace,
  { run, ordinal }: RecordKey,
): Promise<RowFacts | undefined> {
  const { rows } = await client.query<StoredRow>(
    prepared(
      `select state, outcome, reason, identifier, profile_id as profile, problem, warnings, origin, retried_in as "retriedIn", settled_by as "settledBy",
       (extract(epoch from updated_at) * 1000000)::bigint as at
     from ${quoteName(schema)}.record
     where run_month = (select run_month from sluice.run where namespace_id = $1 and id = $2) and run = $2 and ordinal = $3`,
      [id, run, ordinal],
    ),
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const { settledBy, ...facts } = row
  const settledAs =
    settledBy === null || settledBy === run
      ? null
      : await rowInProcess(client, { id, schema }, settledBy, { run, ordinal })
  return {
    ...facts,
    settledAs,
    run,
    ordinal,
    state: recordStateName(row.state) ?? 'new',
    outcome: row.outcome === null ? null : (outcomeName(row.outcome) ?? null),
    reason: row.reason === null ? null : (skipReasonName(row.reason) ?? null),
    warnings: row.warnings ?? [],
  }
}

/** The row of a processing run that is its account of a record. */
async function rowInProcess(
  client: Queryable,
  { id, schema }: Pick<Namespace, 'id' | 'schema'>,
  process: number,
  key: RecordKey,
): Promise<RecordKey | null> {
  const { rows } = await client.query<{ ordinal: number }>(
    `select ordinal from ${quoteName(schema)}.record
     where run_month = (select run_month from sluice.run where namespace_id = $1 and id = $2) and run = $2 and origin = $3 limit 1`,
    [id, process, recordName(key.run, key.ordinal)],
  )
  return rows[0] === undefined ? null : { run: process, ordinal: rows[0].ordinal }
}

/** An attempt of a processing run at a record. */
export interface AttemptFacts {
  readonly run: number
  readonly state: RowFacts['state']
  readonly outcome: RowFacts['outcome']
  readonly reason: RowFacts['reason']
  readonly problem: Problem | null
  /** ISO 8601. */
  readonly at: string
}

/** Attempts shown of one record: rules allow ten, and people may order more. */
const attemptsMax = 20

/** What processing runs made of a record, oldest first. */
export async function attemptsAt(
  client: Queryable,
  { id, schema }: Namespace,
  key: RecordKey,
): Promise<AttemptFacts[]> {
  const { rows } = await client.query<
    Pick<StoredRow, 'state' | 'outcome' | 'reason' | 'problem'> & { run: number; at: string }
  >(
    prepared(
      `select x.run, x.state, x.outcome, x.reason, x.problem, to_json(x.updated_at) #>> '{}' as at
     from sluice.run r
     join sluice.run p on p.job_id = r.job_id and p.trigger = 'process' and p.settings -> 'parents' ? $4
     cross join lateral (select * from ${quoteName(schema)}.record o
       where o.run_month = p.run_month and o.run = p.id and o.origin = $5 limit 1) x
     where r.namespace_id = $1 and r.id = $2 and $3::bigint > 0 order by p.id desc limit ${attemptsMax}`,
      [id, key.run, key.ordinal, runName(key.run), recordName(key.run, key.ordinal)],
    ),
  )
  return rows.reverse().map(({ state, outcome, reason, ...facts }) => ({
    ...facts,
    state: recordStateName(state) ?? 'new',
    outcome: outcome === null ? null : (outcomeName(outcome) ?? null),
    reason: reason === null ? null : (skipReasonName(reason) ?? null),
  }))
}

/** The row that a row of a processing run is the account of; undefined: the run is no such run. */
export async function accountOf(
  client: Queryable,
  { id, schema }: Namespace,
  key: RecordKey,
): Promise<RecordKey | undefined> {
  const { rows } = await client.query<{ origin: string | null }>(
    prepared(
      `select o.origin from sluice.run r join ${quoteName(schema)}.record o on o.run_month = r.run_month and o.run = r.id and o.ordinal = $3
     where r.namespace_id = $1 and r.id = $2 and r.trigger = 'process'`,
      [id, key.run, key.ordinal],
    ),
  )
  return parseRecordName(rows[0]?.origin ?? '')
}

/** What a record changed: one profile's values, or with an undo those of the profile it looked at. */
export async function changesBy(
  client: Queryable,
  { schema }: Namespace,
  { run, ordinal }: RecordKey,
): Promise<{ readonly profileId: number; readonly before: Before }[]> {
  const { rows } = await client.query<{ profileId: number; before: Before }>(
    prepared(
      `select profile_id as "profileId", before from ${quoteName(schema)}.change where run = $1 and ordinal = $2 limit 100`,
      [run, ordinal],
    ),
  )
  return rows
}

const runColumns = `
  r.id, j.name as job, r.trigger, r.state, coalesce(r.settings -> 'dryRun' = 'true', false) as "dryRun",
  l.file_name as file, to_json(coalesce(r.started_at, r.created_at)) #>> '{}' as at, r.skipped_for as "skippedFor",
  substring(r.settings ->> 'reverts' from 2)::bigint as reverts,
  case when r.state = 'reverted' then (
    select max(u.id) from sluice.run u
    where u.job_id = r.job_id and u.trigger = 'undo' and u.settings ->> 'reverts' = 'r' || r.id) end as "revertedBy"`

/** Runs by id, as explanations speak of them. */
export async function runFacts(
  client: Queryable,
  { id }: Namespace,
  runs: readonly number[],
): Promise<Map<number, RunFacts>> {
  const { rows } = await client.query<RunFacts>(
    prepared(
      `select ${runColumns}
     from sluice.run r join sluice.job j on j.id = r.job_id left join sluice.landing l on l.id = r.landing_id
     where r.namespace_id = $1 and r.id = any($2::bigint[])`,
      [id, runs],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** A run that read some content. */
export interface ContentRun extends RunFacts {
  /** The equal run because of which this one did nothing. */
  readonly skippedFor: number | null
}

/** The runs of a content, newest first. `sha256`: of the inflated content. */
export async function runsOfContent(
  client: Queryable,
  { id }: Namespace,
  sha256: string,
  limit: number,
): Promise<ContentRun[]> {
  const { rows } = await client.query<ContentRun>(
    `select ${runColumns}
     from sluice.landing l join sluice.run r on r.landing_id = l.id and r.namespace_id = l.namespace_id
     join sluice.job j on j.id = r.job_id
     where l.namespace_id = $1 and l.content_sha256 = $2 order by r.id desc limit $3`,
    [id, sha256, limit],
  )
  return rows
}

/** The first record of a run about a profile: where only the first line of somebody counts. */
export async function firstAbout(
  client: Queryable,
  { id, schema }: Namespace,
  run: number,
  profile: number,
): Promise<number | null> {
  const { rows } = await client.query<{ ordinal: number | null }>(
    `select min(ordinal) as ordinal from ${quoteName(schema)}.record
     where profile_id = $3 and run = $2 and run_month = (select run_month from sluice.run where namespace_id = $1 and id = $2)`,
    [id, run, profile],
  )
  return rows[0]?.ordinal ?? null
}

/** The number the next run of a namespace would have. */
export async function nextRun(client: Queryable, { id }: Namespace): Promise<number> {
  const { rows } = await client.query<{ next: number }>(
    'select last_run + 1 as next from sluice.namespace where id = $1',
    [id],
  )
  return rows[0]!.next
}
