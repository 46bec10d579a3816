// Lines delivered before: with which run to compare, which of its records count, and the ledger rows of those left out.
import type pg from 'pg'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { recordStateNumber, skipReasonNumber } from '../core/record.ts'
import type { RunState } from '../core/run.ts'
import { chooseBase, type EarlierRun, type Seen } from '../core/seen.ts'
import { definitionHash } from './imports.ts'
import { inTransaction } from './client.ts'
import type { RunKey } from './moves.ts'
import type { Run } from './runs.ts'
import { quoteName } from './sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** The secret by which the lines of a namespace are hashed, as a UUID. */
export async function lineKey(client: Queryable, namespaceId: number): Promise<string> {
  const { rows } = await client.query<{ line_key: string }>(
    'select line_key from sluice.namespace where id = $1',
    [namespaceId],
  )
  return rows[0]!.line_key
}

/**
 * Decides with which run the lines of this one are compared, the first time it is asked; afterwards the answer stays, so
 * that whoever reads the run again leaves out the same lines.
 */
export async function fixSeen(client: Queryable, run: Run): Promise<Seen> {
  const seen = chooseBase(await earlierRun(client, run))
  const { rows } = await client.query<{ seen: Seen }>(
    `update sluice.run set seen = coalesce(seen, $3) where namespace_id = $1 and id = $2 returning seen`,
    [run.namespaceId, run.runId, JSON.stringify(seen)],
  )
  return rows[0]!.seen
}

/** What decides the result of a line: when the run is held before it writes is no part of it. */
function lineHash(definition: ImportDefinition): string {
  return definitionHash({ ...definition, breaker: null })
}

// Retries and undos are of other runs' records; a run that wrote nothing or was undone is as if it had not been.
const earlierSql = `
  select c.id, c.state, c.seen, v.definition, exists (
    select from sluice.run u where u.job_id = c.job_id and u.state = 'reverted' and u.number < c.number
      and u.id >= (c.seen ->> 'oldest')::bigint and u.state_at >= c.created_at) as undone
  from sluice.run r
  join sluice.run c on c.job_id = r.job_id and c.number < r.number
  join sluice.job_version v on v.job_id = c.job_id and v.version = c.job_version
  where r.namespace_id = $1 and r.id = $2 and c.trigger not in ('retry', 'undo')
    and c.state not in ('skipped', 'failed', 'reverted')
  order by c.number desc limit 1`

async function earlierRun(client: Queryable, run: Run): Promise<EarlierRun | null> {
  const { rows } = await client.query<{
    id: number
    state: RunState
    seen: Seen | null
    definition: unknown
    undone: boolean
  }>(earlierSql, [run.namespaceId, run.runId])
  const row = rows[0]
  if (row === undefined) return null
  const same = lineHash(importDefinitionSchema.parse(row.definition)) === lineHash(run.definition)
  return { id: row.id, state: row.state, same, seen: row.seen, undone: row.undone }
}

/** With what the lines of a run were compared; null: nobody asked for it. */
export async function readSeen(client: Queryable, key: RunKey): Promise<Seen | null> {
  const { rows } = await client.query<{ seen: Seen | null }>(
    'select seen from sluice.run where namespace_id = $1 and id = $2',
    [key.namespaceId, key.runId],
  )
  return rows[0]?.seen ?? null
}

const { finished, skipped, failed } = recordStateNumber
const { already_processed } = skipReasonNumber

/** Which lines of a run count as delivered. */
export interface DeliveredRule {
  /** Also those that the run itself left out. */
  readonly carried: boolean
  /** Also those of people who are on several lines: with a time of its own on each, their order does not matter. */
  readonly several: boolean
}

/**
 * Tells the records of a settled run whose lines do not count as delivered, in pages and in no order: those that failed
 * or were left out for another reason, and what the rule says. Memory: a page.
 */
export async function undelivered(
  client: pg.ClientBase,
  run: Run,
  rule: DeliveredRule,
  take: (ordinals: readonly number[]) => void,
): Promise<void> {
  const rows = `from ${quoteName(run.namespace.schema)}.record where run_month = $2 and run = $1`
  for (const query of await undeliveredQueries(client, run, rule, rows))
    await inTransaction(client, async () => {
      await client.query(`declare undelivered no scroll cursor for ${query}`, [run.runId, run.month])
      for (;;) {
        const { rows: page } = await client.query<[number]>({
          text: 'fetch 50000 from undelivered',
          rowMode: 'array',
        })
        if (page.length === 0) return
        take(page.map(([ordinal]) => ordinal))
      }
    })
}

/** None: every line counts, as the totals say; then nobody needs to go through the ledger. */
async function undeliveredQueries(
  client: pg.ClientBase,
  run: Run,
  { carried, several }: DeliveredRule,
  rows: string,
): Promise<string[]> {
  const found = await client.query<{ totals: Record<string, number> }>(
    'select totals from sluice.run where namespace_id = $1 and id = $2',
    [run.namespaceId, run.runId],
  )
  const counts = Object.entries(found.rows[0]?.totals ?? {}).filter(([, count]) => count > 0)
  const has = (state: string, but = ''): boolean =>
    counts.some(([key]) => key.startsWith(`${state}.`) && key !== but)
  const queries: string[] = []
  // Failed records have an index of their own.
  if (has('failed')) queries.push(`select ordinal ${rows} and state = ${failed}`)
  if (has('skipped', carried ? 'skipped.already_processed' : '')) {
    const others = carried ? ` and reason <> ${already_processed}` : ''
    queries.push(`select ordinal ${rows} and state = ${skipped}${others}`)
  }
  // Each record that created a profile has a person of its own. Grouped, not looked up: right after an import the
  // planner knows nothing of the new rows, and would look once for each.
  if (!several && has('finished', 'finished.created'))
    queries.push(`select unnest(ordinals) as ordinal from (
      select array_agg(ordinal) as ordinals ${rows} and state = ${finished} and profile_id is not null
      group by profile_id having count(*) > 1) x`)
  return queries
}

/** Ordinals from and to, both included. */
export type OrdinalRange = readonly [first: number, last: number]

/** The ledger rows of lines that were delivered before: made by the server, a batch of thousands is a line for us. */
export async function insertSeen(
  client: pg.ClientBase,
  schema: string,
  run: { readonly run: number; readonly runMonth: string },
  ranges: readonly OrdinalRange[],
): Promise<void> {
  if (ranges.length === 0) return
  await client.query({
    name: `seen ${schema}`,
    text: `insert into ${quoteName(schema)}.record (run_month, run, ordinal, state, reason)
      select $1::date, $2::bigint, ordinal, ${skipped}, ${already_processed}
      from unnest($3::bigint[], $4::bigint[]) as r(low, high), generate_series(low, high) as ordinal`,
    values: [run.runMonth, run.run, ranges.map(([low]) => low), ranges.map(([, high]) => high)],
  })
}
