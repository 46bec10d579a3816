// What waits for somebody else: held runs, and changes of jobs that were asked for; and who could decide.
import type pg from 'pg'
import { requestDays, type ApprovalMode } from '../core/approval.ts'
import { roleNames, rightsOf } from '../core/access.ts'
import type { Decider } from '../core/notify/approvalNews.ts'
import type { Problem } from '../core/problem.ts'

type Queryable = pg.ClientBase | pg.Pool

export type RequestKind = 'activation' | 'edit'
export type Decision = 'approved' | 'rejected' | 'outdated'

/** A change of a job that was asked for. */
export interface ApprovalRow {
  readonly id: number
  readonly jobId: number
  readonly job: string
  readonly kind: RequestKind
  readonly version: number
  readonly change: unknown
  /** What would change, line by line. */
  readonly says: readonly string[]
  readonly requestedBy: string
  readonly requestedAt: string
  /** Null: it waits. */
  readonly decision: Decision | null
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly note: string | null
}

const columns = `a.id, a.job_id as "jobId", j.name as job, a.kind, a.version, a.change, a.says, a.requested_by as "requestedBy",
  to_json(a.requested_at) as "requestedAt", a.decision, a.decided_by as "decidedBy", to_json(a.decided_at) as "decidedAt", a.note`
const joined = 'sluice.approval a join sluice.job j on j.id = a.job_id'

/** What nobody decided in time is over, with the job locked; then there is room for another request. */
async function closeOld(client: pg.ClientBase, jobId: number, now: string): Promise<void> {
  await client.query(
    `update sluice.approval set decision = 'outdated', decided_at = $2
     where job_id = $1 and decision is null and requested_at < $2::timestamptz - make_interval(days => $3)`,
    [jobId, now, requestDays],
  )
}

/** The request about a job that waits; undefined: none does. */
export async function openRequest(client: Queryable, jobId: number): Promise<ApprovalRow | undefined> {
  const { rows } = await client.query<ApprovalRow>(
    `select ${columns} from ${joined} where a.job_id = $1 and a.decision is null`,
    [jobId],
  )
  return rows[0]
}

export interface NewRequest {
  readonly namespaceId: number
  readonly jobId: number
  readonly kind: RequestKind
  readonly version: number
  readonly change: unknown
  readonly says: readonly string[]
  readonly by: string
  readonly now: string
}

/** Keeps a request, with the job locked. Answers its id, or the request that waits already. */
export async function insertRequest(
  client: pg.ClientBase,
  order: NewRequest,
): Promise<{ id: number } | { there: ApprovalRow }> {
  await closeOld(client, order.jobId, order.now)
  const there = await openRequest(client, order.jobId)
  if (there !== undefined) return { there }
  const { rows } = await client.query<{ id: number }>(
    `insert into sluice.approval (namespace_id, job_id, kind, version, change, says, requested_by, requested_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      order.namespaceId,
      order.jobId,
      order.kind,
      order.version,
      JSON.stringify(order.change),
      order.says,
      order.by,
      order.now,
    ],
  )
  return { id: rows[0]!.id }
}

export async function findRequest(
  client: Queryable,
  namespaceId: number,
  id: number,
): Promise<ApprovalRow | undefined> {
  const { rows } = await client.query<ApprovalRow>(
    `select ${columns} from ${joined} where a.namespace_id = $1 and a.id = $2`,
    [namespaceId, id],
  )
  return rows[0]
}

/** Requests of a namespace that wait (the oldest first), or that were decided (the newest first). */
export async function listRequests(
  client: Queryable,
  namespaceId: number,
  { decided, limit }: { readonly decided: boolean; readonly limit: number },
): Promise<ApprovalRow[]> {
  const { rows } = await client.query<ApprovalRow>(
    `select ${columns} from ${joined} where a.namespace_id = $1 and (a.decision is not null) = $2
     order by a.id ${decided ? 'desc' : 'asc'} limit $3`,
    [namespaceId, decided, limit],
  )
  return rows
}

/** Decides a request; false: it was decided before. */
export async function decideRequest(
  client: Queryable,
  id: number,
  decision: Decision,
  how: { readonly by: string; readonly now: string; readonly note: string | null },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update sluice.approval set decision = $2, decided_by = $3, decided_at = $4, note = $5
     where id = $1 and decision is null`,
    [id, decision, how.by, how.now, how.note],
  )
  return rowCount === 1
}

/** A run that is held, with what decides who may release it. */
export interface HeldRun {
  readonly id: number
  readonly job: string
  readonly trigger: string
  readonly since: string
  readonly total: number | null
  readonly problem: Problem | null
  readonly startedBy: string | null
  /** Who made the version it runs with. */
  readonly author: string | null
  /** Of the version it runs with, of the newest, of the namespace, and what held it: changing a setting releases nothing. */
  readonly modes: readonly ApprovalMode[]
  readonly counts: Readonly<Record<string, number>> | null
}

const heldColumns = `r.id, j.name as job, r.trigger, to_json(r.state_at) as since, r.total, r.problem,
  r.started_by as "startedBy", v.created_by as author, r.validation #> '{held,plan,counters}' as counts,
  array[coalesce(v.setup ->> 'approval', 'none'), coalesce(n.setup ->> 'approval', 'none'),
    coalesce(s.settings ->> 'approval', 'none'),
    case when r.validation #> '{held,trips}' @> '[{"code": "approval.every_run"}]' then 'every_run' else 'none' end] as modes`
const heldFrom = `sluice.run r join sluice.job j on j.id = r.job_id join sluice.namespace s on s.id = r.namespace_id
  join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
  join sluice.job_version n on n.job_id = r.job_id and n.version = j.last_version`

/** Those that wait the longest first. */
export async function listHeld(client: Queryable, namespaceId: number, limit: number): Promise<HeldRun[]> {
  const { rows } = await client.query<HeldRun>(
    `select ${heldColumns} from ${heldFrom} where r.namespace_id = $1 and r.state = 'held' order by r.state_at, r.id limit $2`,
    [namespaceId, limit],
  )
  return rows
}

/** A run, held or not; undefined: there is none. */
export async function findHeld(
  client: Queryable,
  namespaceId: number,
  run: number,
): Promise<HeldRun | undefined> {
  const { rows } = await client.query<HeldRun>(
    `select ${heldColumns} from ${heldFrom} where r.namespace_id = $1 and r.id = $2`,
    [namespaceId, run],
  )
  return rows[0]
}

/** Who may decide in a namespace and can sign in; at most so many that a mail to each is no burden. */
export async function listDeciders(client: Queryable, namespaceId: number): Promise<Decider[]> {
  const { rows } = await client.query<Decider>(
    `select u.email, coalesce(m.role = any($2), false) as member
     from sluice.user u left join sluice.member m on m.user_id = u.id and m.namespace_id = $1
     where u.disabled_at is null and (u.admin or m.role = any($2)) order by 2 desc, u.email limit 100`,
    [namespaceId, deciders],
  )
  return rows
}

/**
 * The addresses that people have now who are named by these, or were: those who can sign in, and are still in the
 * namespace or look after the installation.
 */
export async function addressesNow(
  client: Queryable,
  namespaceId: number,
  emails: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    `select u.email from sluice.user u where u.disabled_at is null
       and (u.email = any($2) or u.id in (select f.user_id from sluice.former_email f where f.email = any($2)))
       and (u.admin or exists (select from sluice.member m where m.user_id = u.id and m.namespace_id = $1))
     order by u.email`,
    [namespaceId, emails],
  )
  return rows.map(({ email }) => email)
}

const deciders = roleNames.filter((role) => rightsOf(role).includes('approve'))

/** Whether there is anybody who may approve in a namespace and can sign in. */
export async function hasDecider(client: Queryable, namespaceId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from sluice.user u left join sluice.member m on m.user_id = u.id and m.namespace_id = $1
     where u.disabled_at is null and (u.admin or m.role = any($2)) limit 1`,
    [namespaceId, deciders],
  )
  return rowCount === 1
}
