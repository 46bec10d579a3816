// The queue: what works in each lane, what waits there in which order, and what for.
import type pg from 'pg'
import { percentOf, type Waiting, type WaitKind } from '../../core/queue.ts'
import type { RunState } from '../../core/run.ts'
import { jobIsOff, keptBackBy, waits } from '../lanes.ts'
import { prepared } from '../sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** A run as the queue shows it. */
export interface QueuedRun {
  readonly id: number
  readonly lane: string
  readonly job: string
  /** Null: it has not read its source yet. */
  readonly file: string | null
  readonly trigger: string
  readonly state: RunState
  /** Since when it is in this state, ISO 8601. */
  readonly since: string
  readonly percent: number | null
}

export interface WaitingRun extends QueuedRun {
  readonly waiting: Waiting
}

interface Row {
  readonly id: number
  readonly lane: string
  readonly job: string
  readonly file: string | null
  readonly trigger: string
  readonly state: RunState
  readonly since: string
  readonly progress: Record<string, unknown> | null
}

const columns = (
  run: string,
): string => `${run}.id, ${run}.lane, ${run}.trigger, ${run}.state, ${run}.state_at as since, ${run}.progress,
  (select name from sluice.job where id = ${run}.job_id) as job, (select file_name from sluice.landing where id = ${run}.landing_id) as file`

function viewOf({ progress, ...row }: Row): QueuedRun {
  return { ...row, percent: percentOf(progress, row.state) }
}

/** Who waits, numbered in each lane: `$1` the namespace. */
const numbered = `select w.id, w.lane, row_number() over (partition by w.lane order by w.id) as position
  from sluice.run w where w.namespace_id = $1 and ${waits('w')}`

/** Of each run that waits: what is in its way, in the order in which a claim looks (leases.ts). */
function waitingSql(which: string): string {
  const first = (rows: string): string => `(select o.id from ${rows} order by o.id limit 1)`
  return `
    select to_json(x) as row from (
      select ${columns('c')}, n.position, b.kind, (select to_json(y) from (select ${columns('o')} from sluice.run o
          where o.namespace_id = $1 and o.id = b.run) y) as behind
      from (select * from (${numbered}) numbered where ${which}) n
      join sluice.run c on c.namespace_id = $1 and c.id = n.id join sluice.job j on j.id = c.job_id
      left join sluice.run h on h.namespace_id = $1 and h.lane = c.lane and h.holds_lane
      cross join lateral (select ${first(keptBackBy.undo)} as undo, ${first(keptBackBy.job_busy)} as busy, ${first(keptBackBy.job_open)} as open) k
      cross join lateral (select case when ${jobIsOff} then 'job_off' when k.open is not null then 'job_open' when k.undo is not null then 'undo'
          when h.id is not null or n.position > 1 then 'lane' when k.busy is not null then 'job_busy' else 'worker' end as kind,
        case when ${jobIsOff} then null else coalesce(k.open, k.undo, h.id, k.busy) end as run) b
      order by n.lane, n.position) x`
}

interface WaitingRow extends Row {
  readonly position: number
  readonly kind: WaitKind
  readonly behind: Row | null
}

function waitingOf({ position, kind, behind, ...row }: WaitingRow): WaitingRun {
  const inTheWay =
    behind === null
      ? null
      : {
          run: behind.id,
          name: behind.file ?? behind.job,
          state: behind.state,
          percent: percentOf(behind.progress, behind.state),
        }
  return { ...viewOf(row), waiting: { kind, position, behind: inTheWay } }
}

/**
 * What each of these runs waits for, by id; those that do not wait for their lane are left out. For lists and for one
 * run alike: one look at the queue of the namespace (an index), whatever the number of runs asked for.
 */
export async function queuePositions(
  client: Queryable,
  namespaceId: number,
  runs: readonly number[],
): Promise<ReadonlyMap<number, WaitingRun>> {
  if (runs.length === 0) return new Map()
  const { rows } = await client.query<{ row: WaitingRow }>(
    prepared(waitingSql('id = any($2)'), [namespaceId, runs]),
  )
  return new Map(rows.map(({ row }) => [row.id, waitingOf(row)]))
}

/** Where a page of the queue begins: after this run of this lane. */
export interface QueueCursor {
  readonly lane: string
  readonly id: number
}

/** Those that wait, by lane and in their order. */
export async function listQueue(
  client: Queryable,
  namespaceId: number,
  page: {
    readonly lane?: string | undefined
    readonly after?: QueueCursor | undefined
    readonly limit: number
  },
): Promise<WaitingRun[]> {
  const { rows } = await client.query<{ row: WaitingRow }>(
    prepared(
      waitingSql(
        `($2::text is null or lane = $2) and ($3::text is null or (lane, id) > ($3, $4::bigint)) order by lane, position limit $5`,
      ),
      [namespaceId, page.lane ?? null, page.after?.lane ?? null, page.after?.id ?? null, page.limit],
    ),
  )
  return rows.map(({ row }) => waitingOf(row))
}

export interface Lane {
  readonly lane: string
  readonly running: QueuedRun | null
  /** How many wait. */
  readonly waiting: number
}

/** Every lane in which something works or waits. */
export async function listLanes(client: Queryable, namespaceId: number): Promise<Lane[]> {
  const { rows } = await client.query<{ row: { lane: string; waiting: number; running: Row | null } }>(
    prepared(
      `select to_json(x) as row from (
       select coalesce(h.lane, w.lane) as lane, coalesce(w.waiting, 0) as waiting,
         (select to_json(y) from (select ${columns('o')} from sluice.run o where o.namespace_id = $1 and o.id = h.id) y) as running
       from (select lane, id from sluice.run where namespace_id = $1 and holds_lane) h
       full join (select w.lane, count(*) as waiting from sluice.run w where w.namespace_id = $1 and ${waits('w')} group by w.lane) w using (lane)
       order by 1) x`,
      [namespaceId],
    ),
  )
  return rows.map(({ row }) => ({ ...row, running: row.running === null ? null : viewOf(row.running) }))
}

/** A run that gave up its lane without being over. */
export interface RestingRun extends QueuedRun {
  /** When it goes on by itself, ISO 8601; null: a person decides. */
  readonly until: string | null
  /** Why. */
  readonly message: string | null
}

/** Those that wait for their next attempt, for what is missing, or for a person, the next one first. */
export async function listResting(
  client: Queryable,
  namespaceId: number,
  limit: number,
): Promise<RestingRun[]> {
  const { rows } = await client.query<{ row: Row & { until: string | null; message: string | null } }>(
    prepared(
      `select to_json(x) as row from (
       select ${columns('r')}, r.wake_at as until, r.problem ->> 'message' as message
       from sluice.run r where r.namespace_id = $1 and r.state in ('retry_wait', 'held')
       order by r.wake_at nulls last, r.id limit $2) x`,
      [namespaceId, limit],
    ),
  )
  return rows.map(({ row: { until, message, ...row } }) => ({ ...viewOf(row), until, message }))
}
