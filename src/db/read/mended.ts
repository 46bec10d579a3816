// What became of the failed records of a run since: the newest row of each, wherever retries led.
import type pg from 'pg'
import { recordStateNumber } from '../../core/record.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import type { RunRow } from './runs.ts'

const { failed, finished, skipped } = recordStateNumber
const nextRun = `split_part(substr(retried_in, 2), '/', 1)::bigint`
const nextOrdinal = `split_part(retried_in, '/', 2)::bigint`

/** How many failed records of a run do not fail any more. Follows only rows that were retried, each by its primary key. */
export async function countMended(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month'>,
): Promise<number> {
  const record = `${quoteName(namespace.schema)}.record`
  const { rows } = await client.query<{ n: number }>(
    `with recursive chain(run, ordinal) as (
       select ${nextRun}, ${nextOrdinal} from ${record}
       where run_month = $2 and run = $3 and state = ${failed} and retried_in is not null
       union all
       select ${nextRun}, ${nextOrdinal}
       from chain c join sluice.run r on r.namespace_id = $1 and r.id = c.run
       join ${record} n on n.run_month = r.run_month and n.run = c.run and n.ordinal = c.ordinal
       where n.retried_in is not null)
     select count(*) as n from chain c join sluice.run r on r.namespace_id = $1 and r.id = c.run
     join ${record} n on n.run_month = r.run_month and n.run = c.run and n.ordinal = c.ordinal
     where n.retried_in is null and n.state in (${finished}, ${skipped}) and r.state <> 'reverted'`,
    [namespace.id, run.month, run.id],
  )
  return rows[0]!.n
}
