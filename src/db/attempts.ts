// Failed attempts and sleeps of a run: what is known of them, and writing down what was decided.
import type pg from 'pg'
import type { AttemptFacts, Decision } from '../core/failurePolicy.ts'
import type { LogKind } from '../core/logKinds.ts'
import type { Problem } from '../core/problem.ts'
import { definitionOf } from '../core/problems.ts'
import type { RunState } from '../core/run.ts'
import { jobSetupSchema } from '../core/jobSetup.ts'
import { ordinaryTriggers } from '../core/triggers.ts'
import { writeLog } from './log.ts'
import { moveJob, moveRun, type RunChanges, type RunKey } from './moves.ts'
import { moveCounted } from './recount.ts'
import { prepared } from './sql.ts'

/** One failed attempt of a run, as its list keeps it. */
export interface FailedAttempt {
  readonly at: string
  readonly stage: RunState
  readonly problem: Problem
}

export interface AttemptRow extends Omit<AttemptFacts, 'now' | 'problem'> {
  readonly state: RunState
  readonly job: number
}

const ordinary = `(r.trigger = any(array['${ordinaryTriggers.join("','")}']) and r.settings ->> 'dryRun' is distinct from 'true')`

/** What is known of a run whose stage ended early; null where it is gone. */
export async function readAttempt(client: pg.ClientBase | pg.Pool, key: RunKey): Promise<AttemptRow | null> {
  const { rows } = await client.query<{
    state: RunState
    job: number
    setup: unknown
    failed: number
    written: boolean
    ordinary: boolean
    dry: boolean
    sleeping: number | null
    failing: number | null
    failures: number
  }>(
    prepared(
      `select r.state, r.job_id as job, v.setup, r.failed_attempts as failed, ${ordinary} as ordinary,
       coalesce(r.settings ->> 'dryRun' = 'true', false) as dry, j.failures,
       exists (select from sluice.chunk c where c.namespace_id = r.namespace_id and c.run_id = r.id and (c.done <> 0 or c.cuts is not null)) as written,
       (extract(epoch from r.sleeping_since) * 1000)::bigint as sleeping, (extract(epoch from j.failing_since) * 1000)::bigint as failing
     from sluice.run r join sluice.job j on j.id = r.job_id
     join sluice.job_version v on v.job_id = r.job_id and v.version = r.job_version
     where r.namespace_id = $1 and r.id = $2`,
      [key.namespaceId, key.runId],
    ),
  )
  const row = rows[0]
  if (row === undefined) return null
  const setup = jobSetupSchema.parse(row.setup)
  return {
    state: row.state,
    job: row.job,
    // Somebody looks at a dry run: they are told at once, and try again themselves.
    policy: row.dry ? { ...setup.failure, reruns: 0 } : setup.failure,
    failedBefore: row.failed,
    written: row.written,
    fetchable: row.ordinary && !row.written && setup.source.kind !== 'upload',
    sleepingSince: row.sleeping,
    failingSince: row.ordinary ? row.failing : null,
    failures: row.ordinary ? row.failures : 0,
  }
}

export interface EndedAttempt {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly problem: Problem
  readonly facts: AttemptRow
  readonly decision: Exclude<Decision, { do: 'linger' }>
  /** Fences a worker that lost its lease; null: its chunks do. */
  readonly attempt: number | null
  /** What is counted, where it ends. */
  readonly totals?: unknown
}

/** Writes the decision down, in one transaction. Answers whether it took effect; false: the run has moved on. */
export async function endAttempt(client: pg.ClientBase, key: RunKey, ended: EndedAttempt): Promise<boolean> {
  const { decision } = ended
  const { move, changes } = moveOf(ended)
  if (!(await moveCounted(client, key, move, changes, ended.attempt))) return false
  if (decision.do === 'sleep') {
    await sleepUntil(client, key, ended, decision.until)
    return true
  }
  await keepFailure(client, key, ended)
  // A run that ends midway for what a person must see to leaves a job that would only run into it again.
  if (move === 'end_partial' && definitionOf(ended.problem.code).midway === true)
    await moveJob(client, ended.facts.job, 'halt', { problem: ended.problem })
  if (decision.do === 'retry') await waitForRetry(client, key, ended, decision)
  return true
}

function moveOf({ decision, problem, totals }: EndedAttempt): {
  move: 'wait' | 'fail' | 'end_partial' | 'halt'
  changes: RunChanges
} {
  if (decision.do !== 'end') return { move: 'wait', changes: { problem } }
  return { move: decision.move, changes: { problem: decision.problem, totals } }
}

/** It goes into the list of the run, into its log, and counts for the error window of its job. */
async function keepFailure(
  client: pg.ClientBase,
  key: RunKey,
  { now, problem, facts, decision }: EndedAttempt,
): Promise<void> {
  const at = iso(now)
  const failed: FailedAttempt = { at, stage: facts.state, problem }
  await client.query(
    `with r as (update sluice.run r set failed_attempts = failed_attempts + 1, attempts = attempts || $3::jsonb, sleeping_since = null,
         -- What cannot be read is fetched again.
         landing_id = case when $5 then null else landing_id end,
         validation = case when $5 then null else validation end, total = case when $5 then null else total end
       where namespace_id = $1 and id = $2 returning job_id, ${ordinary} as ordinary),
     chunks as (delete from sluice.chunk where $5 and namespace_id = $1 and run_id = $2)
     update sluice.job j set failures = failures + 1, failing_since = coalesce(failing_since, $4) from r where j.id = r.job_id and r.ordinary`,
    [key.namespaceId, key.runId, JSON.stringify([failed]), at, decision.do === 'retry' && facts.fetchable],
  )
  if (decision.do !== 'end') await log(client, key, facts, 'error', { problem, stage: facts.state })
}

async function waitForRetry(
  client: pg.ClientBase,
  key: RunKey,
  { problem, facts }: EndedAttempt,
  { until, next, of }: Extract<Decision, { do: 'retry' }>,
): Promise<void> {
  const at = iso(until)
  const sleeping = { reason: 'retry', until: at, problem, attempt: next, of }
  await client.query(
    'update sluice.run set sleeping = $3, wake_at = $4 where namespace_id = $1 and id = $2',
    [key.namespaceId, key.runId, JSON.stringify(sleeping), at],
  )
  await log(client, key, facts, 'retry_scheduled', { attempt: next, of, at })
}

async function sleepUntil(
  client: pg.ClientBase,
  key: RunKey,
  { now, problem, facts }: EndedAttempt,
  until: number,
): Promise<void> {
  const sleeping = { reason: problem.code, until: iso(until), problem }
  const { rows } = await client.query<{ first: boolean }>(
    `update sluice.run r set sleeping = $3, wake_at = $4, sleeping_since = coalesce(r.sleeping_since, $5)
     from sluice.run before where before.namespace_id = r.namespace_id and before.id = r.id and r.namespace_id = $1 and r.id = $2
     returning before.sleeping_since is null as first`,
    [key.namespaceId, key.runId, JSON.stringify(sleeping), iso(until), iso(now)],
  )
  // Whoever looks every minute at what is still missing tells it once.
  if (rows[0]?.first === true || problem.details?.['retryAfter'] !== undefined)
    await log(client, key, facts, 'sleeping', { until: iso(until), problem })
}

function log(
  client: pg.ClientBase,
  key: RunKey,
  { job }: AttemptRow,
  kind: LogKind,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return writeLog(client, { namespaceId: key.namespaceId, run: key.runId, job, kind, details })
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** Shows why a run waits where it is, and since when. Best effort: a full disk may refuse even this. */
export async function noteLinger(
  client: pg.ClientBase | pg.Pool,
  key: RunKey,
  problem: Problem,
  now: number,
): Promise<void> {
  await client.query(
    `update sluice.run set sleeping = $3, sleeping_since = coalesce(sleeping_since, $4)
     where namespace_id = $1 and id = $2 and ended_at is null`,
    [key.namespaceId, key.runId, JSON.stringify({ reason: problem.code, until: null, problem }), iso(now)],
  )
}

/** How many runs are woken at a time: the rest follows before the next look. */
const wakeMax = 100

/** Puts those whose time has come back into the queue, where they are the first of their lanes. Answers how many. */
export async function wakeRuns(client: pg.ClientBase | pg.Pool, now: number): Promise<number> {
  const { rows } = await client.query<{ namespace_id: number; id: number }>(
    `select namespace_id, id from sluice.run where state = 'retry_wait' and wake_at <= $1 order by wake_at limit $2`,
    [iso(now), wakeMax],
  )
  let woken = 0
  for (const { namespace_id: namespaceId, id: runId } of rows)
    if (await moveRun(client, { namespaceId, runId }, 'wake', { problem: null })) woken++
  return woken
}
