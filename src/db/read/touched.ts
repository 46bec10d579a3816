// The profiles a run touched, in the order of its file: each once, where the run touched it first.
import type pg from 'pg'
import { outcomeNumber, type Outcome } from '../../core/record.ts'
import type { Namespace } from '../imports.ts'
import { quoteName } from '../sql.ts'
import type { RunRow } from './runs.ts'

/** Outcomes of records that changed a profile; unchanged ones touched nobody. */
export const touchingOutcomes = [
  'created',
  'updated',
  'merged',
  'deleted',
  'removed',
  'restored',
] as const satisfies readonly Outcome[]
const touching = `(${touchingOutcomes.map((name) => outcomeNumber[name]).join(', ')})`

export interface TouchedRow {
  readonly ordinal: number
  readonly outcome: number
  readonly profile: number
  readonly identifier: string | null
  /** ISO 8601. */
  readonly at: string
  /** Whether the profile is still there. */
  readonly exists: boolean
}

export interface TouchedPage {
  readonly rows: readonly TouchedRow[]
  /** The last record looked at; null: everything was. */
  readonly next: number | null
}

// One query looks at so many records: an index range, a fraction of a second.
const windowRecords = 100_000
const timeBoxMs = 3_000

/**
 * One page. A page may be short or empty and have a next: of a run that changed little much has to be looked at. Found
 * while the run is still going, it is what was done by now.
 */
export async function touchedProfiles(
  client: pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month' | 'total'>,
  after: number,
  limit: number,
): Promise<TouchedPage> {
  const started = performance.now()
  const rows: TouchedRow[] = []
  const total = run.total ?? 0
  for (let from = after; from < total; from += windowRecords) {
    rows.push(
      ...(await touchedWithin(client, namespace, run, {
        from,
        to: from + windowRecords,
        limit: limit - rows.length,
      })),
    )
    if (rows.length >= limit) return { rows, next: rows.at(-1)!.ordinal }
    const to = Math.min(total, from + windowRecords)
    if (to < total && performance.now() - started > timeBoxMs) return { rows, next: to }
  }
  return { rows, next: null }
}

async function touchedWithin(
  client: pg.Pool,
  namespace: Namespace,
  run: Pick<RunRow, 'id' | 'month'>,
  window: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<TouchedRow[]> {
  const s = quoteName(namespace.schema)
  const { rows } = await client.query<TouchedRow>(
    `select r.ordinal, r.outcome, r.profile_id as profile, r.identifier, to_json(r.updated_at) #>> '{}' as at,
       exists (select from ${s}.profile p where p._id = r.profile_id) as exists
     from ${s}.record r
     where r.run_month = $1 and r.run = $2 and r.ordinal > $3 and r.ordinal <= $4
       and r.outcome in ${touching} and r.profile_id is not null
       and not exists (select from ${s}.record e where e.profile_id = r.profile_id and e.run_month = $1 and e.run = $2
         and e.ordinal < r.ordinal and e.outcome in ${touching})
     order by r.ordinal limit $5`,
    [run.month, run.id, window.from, window.to, window.limit],
  )
  return rows
}
