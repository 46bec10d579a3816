// What became of the failed records of a run since: the newest row of each, wherever retries led.
import type pg from 'pg'
import { recordStateNumber } from '../../core/record.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import type { RunRow } from './runs.ts'

const { failed, finished, skipped } = recordStateNumber
const nextRun = `split_part(substr(retried_in, 2), '/', 1)::bigint`
const nextOrdinal = `split_part(retried_in, '/', 2)::bigint`

/**
 * The mended records of run $3 of month $2 as `chain`, each with what is `kept` of its failed row. Follows only rows that were
 * retried, each by its primary key.
 */
function mendedRecords(namespace: Namespace, kept: string, which = ''): string {
  const record = `${quoteName(namespace.schema)}.record`
  // Just after an import the planner knows nothing of its rows: one look at a time is by the primary key whatever it believes.
  const next = `cross join lateral (select retried_in, state from ${record} o
         where o.run_month = r.run_month and o.run = c.run and o.ordinal = c.ordinal limit 1) n`
  return `with recursive chain(kept, run, ordinal) as (
       select ${kept}, ${nextRun}, ${nextOrdinal} from ${record}
       where run_month = $2 and run = $3 and state = ${failed} and retried_in is not null ${which}
       union all
       select c.kept, ${nextRun}, ${nextOrdinal}
       from chain c join sluice.run r on r.namespace_id = $1 and r.id = c.run
       ${next}
       where n.retried_in is not null),
     mended as (
       select c.kept from chain c join sluice.run r on r.namespace_id = $1 and r.id = c.run
       ${next}
       where n.retried_in is null and n.state in (${finished}, ${skipped}) and r.state <> 'reverted')`
}

/** How many failed records of a run do not fail any more, by the code they failed with. */
export async function mendedByCode(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month'>,
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await client.query<{ code: string; n: number }>(
    `${mendedRecords(namespace, `problem ->> 'code'`)} select kept as code, count(*) as n from mended group by kept`,
    [namespace.id, run.month, run.id],
  )
  return Object.fromEntries(rows.map(({ code, n }) => [code, n]))
}

/** How many failed records of a run do not fail any more. */
export async function countMended(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month'>,
): Promise<number> {
  const byCode = await mendedByCode(client, namespace, run)
  return Object.values(byCode).reduce((all, n) => all + n, 0)
}

/** Which of these failed records of a run do not fail any more. */
export async function mendedAmong(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month'>,
  ordinals: readonly number[],
): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ ordinal: number }>(
    `${mendedRecords(namespace, 'ordinal', 'and ordinal = any($4)')} select kept as ordinal from mended`,
    [namespace.id, run.month, run.id, ordinals],
  )
  return new Set(rows.map(({ ordinal }) => ordinal))
}
