// Where open records of the ledger change their state: taken by a processing run, settled by it, put back, or settled from
// outside. A settled row is never rewritten; counters of the run that has the row follow (design section 6).
import type pg from 'pg'
import type { Settlement } from '../core/changeSet.ts'
import type { RecordProblem } from '../core/prepared.ts'
import { outcomeNumber, recordMachine, recordStateNumber, skipReasonNumber } from '../core/record.ts'
import type { RecordRetry } from '../core/setup/policies.ts'
import { isRetried } from '../core/waiting.ts'
import { LostVersion } from './lostVersion.ts'
import type { RunKey } from './moves.ts'
import { recount, type Moved } from './recount.ts'
import { monthsOf } from './retries.ts'
import { quoteName } from './sql.ts'

const { processing, retry, finished, skipped, failed, waiting } = recordStateNumber
const fresh = recordStateNumber.new
const takeFrom = recordMachine.moves.take.from.map((state) => recordStateNumber[state])

/** A run that has open records. */
export interface OpenRun extends RunKey {
  readonly schema: string
  /** First day of its month: the partition of its rows. */
  readonly month: string
}

export interface TakenRow {
  readonly ordinal: number
  /** Its first appearance, r1042/17; null: here. */
  readonly origin: string | null
}

/**
 * Takes waiting records of a run for the processing run `by`: new ones where asked for, and those that are due to be
 * tried again. In the order of the file, after `after`. `dueBy`: they failed at or before this instant, ISO 8601.
 */
export async function takeRecords(
  client: pg.ClientBase,
  run: OpenRun,
  how: { readonly by: number; readonly fresh: boolean; readonly dueBy: string; readonly limit: number },
): Promise<TakenRow[]> {
  const record = `${quoteName(run.schema)}.record`
  const { rows } = await client.query<TakenRow & { was: number }>(
    `with due as (
       select ordinal, state from ${record}
       where run_month = $1 and run = $2 and state = any($3) and state in (0, 1, 2, 6)
         and ((state = ${fresh} and $4) or (state = ${retry} and updated_at <= $5::timestamptz))
       order by ordinal limit $6 for update)
     update ${record} r set state = ${processing}, settled_by = $7, updated_at = now(),
       attempts = case when due.state = ${retry} then coalesce(r.attempts, 0) + 1 else r.attempts end
     from due where r.run_month = $1 and r.run = $2 and r.ordinal = due.ordinal
     returning r.ordinal, r.origin, due.state as was`,
    [run.month, run.runId, takeFrom, how.fresh, how.dueBy, how.limit, how.by],
  )
  await recount(
    client,
    run,
    rows.map(({ ordinal, was }) => ({
      ordinal,
      from: was === fresh ? 'new' : 'retry',
      to: 'processing',
    })),
  )
  return rows.sort((a, b) => a.ordinal - b.ordinal)
}

/** Puts back what a processing run had taken and did not come to. Answers how many records. */
export async function putBack(client: pg.ClientBase, run: OpenRun, by: number): Promise<number> {
  const { rows } = await client.query<{ ordinal: number; to: number }>(
    `update ${quoteName(run.schema)}.record set
       state = case when problem is null then ${fresh} else ${retry} end, settled_by = null,
       attempts = case when problem is null then attempts else attempts - 1 end
     where run_month = $1 and run = $2 and state = ${processing} and settled_by = $3
     returning ordinal, state as to`,
    [run.month, run.runId, by],
  )
  await recount(
    client,
    run,
    rows.map(({ ordinal, to }) => ({ ordinal, from: 'processing', to: to === fresh ? 'new' : 'retry' })),
  )
  return rows.length
}

interface Target {
  readonly schema: string
  readonly run: number
}

/**
 * Settles the rows whose records a batch of a processing run was made of, in its transaction. A failure that the rule
 * names is tried again while attempts are left. Throws `LostVersion` when somebody put a row back meanwhile.
 */
export async function settleTaken(
  client: pg.ClientBase,
  { schema, run }: Target,
  settlements: readonly Settlement[],
  rule: RecordRetry | null,
): Promise<void> {
  const byRun = Map.groupBy(settlements, (settled) => settled.origin!.from.run)
  const months = await monthsOf(client, schema, byRun.keys())
  const namespaceId = await namespaceOf(client, schema)
  for (const from of [...byRun.keys()].sort((a, b) => a - b)) {
    const mine = byRun.get(from)!
    const rows = await settleRows(client, { schema, run, from, month: months.get(from)! }, mine, rule)
    if (rows.length !== mine.length) throw new LostVersion(mine.length, rows.length)
    await recount(client, { namespaceId, runId: from }, rows)
  }
}

async function namespaceOf(client: pg.ClientBase, schema: string): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'select id from sluice.namespace where data_schema = $1',
    [schema],
  )
  return rows[0]!.id
}

async function settleRows(
  client: pg.ClientBase,
  { schema, run, from, month }: Target & { readonly from: number; readonly month: string },
  settlements: readonly Settlement[],
  rule: RecordRetry | null,
): Promise<Moved[]> {
  const { rows } = await client.query<{ ordinal: number; state: number }>(
    `update ${quoteName(schema)}.record r set
       state = case when v.again and coalesce(r.attempts, 0) < $4 then ${retry} else v.state end,
       outcome = v.outcome, reason = v.reason, problem = v.problem, warnings = v.warnings,
       identifier = coalesce(v.identifier, r.identifier), profile_id = v.profile_id, updated_at = now()
     from unnest($5::bigint[], $6::smallint[], $7::smallint[], $8::smallint[], $9::jsonb[], $10::jsonb[], $11::text[], $12::bigint[], $13::boolean[])
       as v(ordinal, state, outcome, reason, problem, warnings, identifier, profile_id, again)
     where r.run_month = $1 and r.run = $2 and r.ordinal = v.ordinal and r.state = ${processing} and r.settled_by = $3
     returning r.ordinal, r.state`,
    [month, from, run, rule?.attempts ?? 0, ...columnsOf(settlements, rule)],
  )
  const keys = new Map(settlements.map((settled) => [settled.origin!.from.ordinal, keyOf(settled)]))
  return rows.map(({ ordinal, state }) => ({
    ordinal,
    from: 'processing',
    to: state === retry ? 'retry' : keys.get(ordinal)!,
  }))
}

/** The flat counter of a settlement. */
function keyOf(settled: Settlement): string {
  if (settled.state === 'finished') return `finished.${settled.outcome}`
  return settled.state === 'skipped' ? `skipped.${settled.reason}` : `failed.${settled.problem.code}`
}

function columnsOf(settlements: readonly Settlement[], rule: RecordRetry | null): unknown[][] {
  const json = (value: unknown): string | null => (value == null ? null : JSON.stringify(value))
  const each = <T>(cell: (settled: Settlement) => T): T[] => settlements.map(cell)
  return [
    each((s) => s.origin!.from.ordinal),
    each((s) => recordStateNumber[s.state]),
    each((s) => (s.state === 'finished' ? outcomeNumber[s.outcome] : null)),
    each((s) => (s.state === 'skipped' ? skipReasonNumber[s.reason] : null)),
    each((s) => (s.state === 'failed' ? json(s.problem) : null)),
    each((s) => json(remarksOf(s))),
    each((s) => s.identifier),
    each((s) => s.profileId),
    each((s) => s.state === 'failed' && rule !== null && isRetried(rule, s.problem.code)),
  ]
}

function remarksOf(settled: Settlement) {
  if (settled.state === 'failed') return null
  return settled.state === 'skipped' && settled.note !== null
    ? [settled.note, ...(settled.warnings ?? [])]
    : settled.warnings
}

/** What somebody outside says became of a record that waits for it (AL-D01). */
export type OutsideAnswer =
  | { readonly state: 'finished'; readonly outcome: 'delivered' | 'removed' }
  | { readonly state: 'failed'; readonly problem: RecordProblem }

/** Settles waiting records of a run as they are said to be. Answers those that were still waiting. */
export async function settleWaiting(
  client: pg.ClientBase,
  run: OpenRun,
  ordinals: readonly number[],
  answer: OutsideAnswer,
): Promise<number[]> {
  const done = answer.state === 'finished'
  const { rows } = await client.query<{ ordinal: number }>(
    `update ${quoteName(run.schema)}.record set state = $4, outcome = $5, problem = $6, updated_at = now()
     where run_month = $1 and run = $2 and ordinal = any($3) and state = ${waiting} returning ordinal`,
    [
      run.month,
      run.runId,
      ordinals,
      done ? finished : failed,
      done ? outcomeNumber[answer.outcome] : null,
      done ? null : JSON.stringify(answer.problem),
    ],
  )
  const to = done ? `finished.${answer.outcome}` : `failed.${answer.problem.code}`
  await recount(
    client,
    run,
    rows.map(({ ordinal }) => ({ ordinal, from: 'waiting', to })),
  )
  return rows.map(({ ordinal }) => ordinal)
}

/** Takes records that a run has in hand out of it: their outcome comes from outside. For destinations that answer later. */
export async function letWait(
  client: pg.ClientBase,
  run: OpenRun,
  ordinals: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query<{ ordinal: number }>(
    `update ${quoteName(run.schema)}.record set state = ${waiting}, updated_at = now()
     where run_month = $1 and run = $2 and ordinal = any($3) and state = ${processing} returning ordinal`,
    [run.month, run.runId, ordinals],
  )
  await recount(
    client,
    run,
    rows.map(({ ordinal }) => ({ ordinal, from: 'processing', to: 'waiting' })),
  )
  return rows.map(({ ordinal }) => ordinal)
}

/** Marks rows as skipped by a person, those that are still to be processed. Answers them. */
export async function skipOpen(
  client: pg.ClientBase,
  run: OpenRun,
  ordinals: readonly number[],
): Promise<number[]> {
  const { rows } = await client.query<{ ordinal: number; was: number }>(
    `with due as (
       select ordinal, state from ${quoteName(run.schema)}.record
       where run_month = $1 and run = $2 and ordinal = any($3) and state = any($4) order by ordinal for update)
     update ${quoteName(run.schema)}.record r
     set state = ${skipped}, reason = ${skipReasonNumber.manual}, problem = null, settled_by = null, updated_at = now()
     from due where r.run_month = $1 and r.run = $2 and r.ordinal = due.ordinal
     returning r.ordinal, due.state as was`,
    [run.month, run.runId, ordinals, recordMachine.moves.skip.from.map((state) => recordStateNumber[state])],
  )
  await recount(
    client,
    run,
    rows.map(({ ordinal, was }) => ({
      ordinal,
      from: was === fresh ? 'new' : 'retry',
      to: 'skipped.manual',
    })),
  )
  return rows.map(({ ordinal }) => ordinal)
}
