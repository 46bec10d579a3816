// What a mirror needs to know: whom its job delivered before, who of them is in the file, and the run that deletes the others.
import type pg from 'pg'
import { runName, runNumber } from '../core/names.ts'
import { recordStateNumber, skipReasonNumber } from '../core/record.ts'
import { takeRunId } from './imports.ts'
import type { RunKey } from './moves.ts'
import type { Run } from './runs.ts'
import { copyIn, quoteName } from './sql.ts'

/** Runs whose ledger names the profiles that a job delivered, with the months of their partitions. */
export interface Delivered {
  readonly schema: string
  readonly runs: readonly { readonly run: number; readonly month: string; readonly mirrors: boolean }[]
}

interface EarlierRow {
  readonly id: number
  readonly month: string
  readonly mirrors: string | null
  readonly done: boolean
  readonly none: boolean
}

/**
 * The runs of the job since its last complete mirror, that one included: whoever was delivered before that is in its
 * file, or was deleted by it, or kept by it. Runs that were undone delivered nobody.
 */
export async function deliveredBefore(client: pg.ClientBase | pg.Pool, run: Run): Promise<Delivered> {
  const { rows } = await client.query<EarlierRow>(
    `select r.id, r.run_month::text as month, r.settings ->> 'mirrors' as mirrors,
       r.trigger = 'mirror' and r.state = 'completed' as done,
       coalesce((r.validation -> 'mirror' ->> 'people')::bigint = 0 and (r.validation -> 'mirror' ->> 'unreadable')::bigint = 0
         and r.state in ('completed', 'completed_with_errors'), false) as none
     from sluice.run r join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
     where r.namespace_id = $1 and r.job_id = $2 and r.id < $3 and r.trigger <> 'undo'
       and r.state in ('completed', 'completed_with_errors', 'partial', 'stopped', 'halted')
       and r.settings ->> 'dryRun' is distinct from 'true'
       and coalesce(v.definition -> 'policy' ->> 'mode', 'upsert') <> 'delete'
     order by r.id desc`,
    [run.namespaceId, run.job.id, run.runId],
  )
  const ids = new Set(rows.map(({ id }) => id))
  const runs: Delivered['runs'][number][] = []
  let base = 0
  for (const { id, month, mirrors, done, none } of rows) {
    if (id < base) break
    runs.push({ run: id, month, mirrors: mirrors !== null })
    const parent = mirrors === null ? null : runNumber(mirrors)
    if (base > 0) continue
    if (done && parent !== null && parent !== undefined && ids.has(parent)) base = parent
    else if (none) base = id
  }
  return { schema: run.namespace.schema, runs }
}

/** Within a transaction: profiles that some line of the file leads to. */
export async function openPresence(client: pg.ClientBase): Promise<void> {
  await client.query('create temp table mirror_present (profile_id bigint not null) on commit drop')
}

export async function addPresent(client: pg.ClientBase, profiles: Iterable<number>): Promise<void> {
  let rows = ''
  for (const id of profiles) if (id !== 0) rows += `${id}\n`
  await copyIn(client, 'copy mirror_present (profile_id) from stdin', rows)
}

/** Profiles the job delivered that are there and that no line leads to. */
function absentSql({ schema, runs }: Delivered): string {
  const s = quoteName(schema)
  const delivered = runs.map(({ run, month, mirrors }) =>
    // Of a mirror: whom it did not delete, though they were missing.
    mirrors
      ? `select profile_id from ${s}.record where run_month = '${month}' and run = ${run} and state = ${recordStateNumber.skipped}`
      : `select profile_id from ${s}.record where run_month = '${month}' and run = ${run}
           and (state = ${recordStateNumber.finished} or reason = ${skipReasonNumber.superseded})`,
  )
  return `select distinct d.profile_id from (${delivered.join(' union all ')}) d
    where d.profile_id is not null and exists (select from ${s}.profile p where p._id = d.profile_id)
      and not exists (select from mirror_present m where m.profile_id = d.profile_id)`
}

/** Counts are not known to the planner yet; hashes take their time from the size alone. */
async function prepareToCompare(client: pg.ClientBase): Promise<void> {
  await client.query('analyze mirror_present')
  await client.query('set local enable_nestloop = off')
}

/** How many are missing, and how lists name the first of them. */
export async function countAbsent(
  client: pg.ClientBase,
  delivered: Delivered,
  examples: number,
): Promise<{ people: number; names: string[] }> {
  if (delivered.runs.length === 0) return { people: 0, names: [] }
  await prepareToCompare(client)
  await client.query(`create temp table mirror_absent on commit drop as ${absentSql(delivered)}`)
  const { rows } = await client.query<{ n: number }>('select count(*) as n from mirror_absent')
  await client.query('set local enable_nestloop = on')
  const named = await client.query<{ name: string }>(
    `select (select value from ${quoteName(delivered.schema)}.identifier i where i.profile_id = a.profile_id order by kind, value limit 1) as name
     from (select profile_id from mirror_absent order by 1 limit $1) a`,
    [examples],
  )
  return { people: rows[0]!.n, names: named.rows.flatMap(({ name }) => name ?? []) }
}

const blockRows = 50_000

/** The missing ones, in order and in blocks. Memory: a block. */
export async function* listAbsent(client: pg.ClientBase, delivered: Delivered): AsyncGenerator<number[]> {
  if (delivered.runs.length === 0) return
  await prepareToCompare(client)
  await client.query(`declare mirror_list no scroll cursor for ${absentSql(delivered)} order by 1`)
  for (;;) {
    const { rows } = await client.query<[number]>({
      text: `fetch ${blockRows} from mirror_list`,
      rowMode: 'array',
    })
    if (rows.length === 0) return
    yield rows.map(([id]) => id)
  }
}

/** Makes the run that deletes who is missing; it lands its own list. Answers its id. In the parent's last transaction. */
export async function startMirror(client: pg.ClientBase, parent: Run): Promise<number> {
  const id = await takeRunId(client, parent.namespaceId)
  await client.query(
    `with job as (update sluice.job set last_number = last_number + 1, updated_at = now() where id = $3 returning last_number),
       run as (insert into sluice.run (namespace_id, id, job_id, job_version, number, trigger, same_as, settings, lane, as_of)
         select $1, $2::bigint, $3, $4, job.last_number, 'mirror', 'mirror/' || $2::bigint, $5, p.lane, p.as_of
         from job, sluice.run p where p.namespace_id = $1 and p.id = $6 returning job_id, id)
     insert into sluice.log (namespace_id, job_id, run_id, kind, details)
     select $1, job_id, id, 'queued', jsonb_build_object('trigger', 'mirror') from run`,
    [
      parent.namespaceId,
      id,
      parent.job.id,
      parent.job.version,
      JSON.stringify({ ...cutOf(parent), mirrors: runName(parent.runId) }),
      parent.runId,
    ],
  )
  await client.query(`select pg_notify('sluice_work', '')`)
  return id
}

/** How the parent was cut holds for its child. */
function cutOf({ settings }: Run): Record<string, unknown> {
  const names = ['batchRecords', 'batchBytes', 'chunkBatches', 'connections']
  return Object.fromEntries(names.flatMap((name) => (name in settings ? [[name, settings[name]]] : [])))
}

/** The run that a mirror belongs to. */
export function mirrored({ namespaceId, settings }: Pick<Run, 'namespaceId' | 'settings'>): RunKey {
  const runId = runNumber(String(settings['mirrors']))
  if (runId === undefined) throw new Error('a mirror without the run it belongs to')
  return { namespaceId, runId }
}
