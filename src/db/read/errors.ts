// The failed records of a run, by cause, with the first few of each.
import type pg from 'pg'
import type { RecordProblem } from '../../core/prepared.ts'
import { recordStateNumber } from '../../core/record.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import type { RunRow } from './runs.ts'

export interface FailedRecord {
  readonly ordinal: number
  readonly identifier: string | null
  readonly problem: RecordProblem
}

/** The first records of a run that failed with this code, in the order of the file. */
export async function firstFailures(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month'>,
  code: string,
  limit: number,
): Promise<FailedRecord[]> {
  const { rows } = await client.query<FailedRecord>(
    `select ordinal, identifier, problem from ${quoteName(namespace.schema)}.record
     where run_month = $1 and run = $2 and state = ${recordStateNumber.failed} and problem ->> 'code' = $3
     order by ordinal limit $4`,
    [run.month, run.id, code, limit],
  )
  return rows
}
