// What a job or a whole namespace did over time: the counters of its runs, by the hour, day, week or month in which they ended.
import type pg from 'pg'
import { isSettled, runMachine } from '../../core/run.ts'
import { statesOf } from '../../core/machine.ts'

export const activityUnits = ['hour', 'day', 'week', 'month'] as const
export type ActivityUnit = (typeof activityUnits)[number]

export interface ActivitySpan {
  /** ISO 8601. */
  readonly from: string
  readonly to: string
  readonly by: ActivityUnit
  /** IANA time zone in which days begin. */
  readonly zone: string
}

export interface ActivityRow {
  /** The local time at which the span begins, `YYYY-MM-DDTHH:MM:SS`. */
  readonly at: string
  readonly runs: number
  /** Flat keys, as of a run. */
  readonly counters: Readonly<Record<string, number>>
}

// What was undone is as if it had not been; an undo itself, a dry run or a skipped run did nothing to count.
const countedStates = statesOf(runMachine).filter(
  (state) => isSettled(state) && state !== 'skipped' && state !== 'reverted',
)

/** Whose runs are counted; one of the two. */
export type ActivityOf = { readonly job: number } | { readonly namespace: number }

/** One row a span, also where nothing ran. */
export async function readActivity(
  client: pg.ClientBase | pg.Pool,
  of: ActivityOf,
  { from, to, by, zone }: ActivitySpan,
): Promise<ActivityRow[]> {
  const [whose, id] = 'job' in of ? ['job_id', of.job] : ['namespace_id', of.namespace]
  const { rows } = await client.query<ActivityRow>(
    `with span as (
       select generate_series(date_trunc($4, $2::timestamptz at time zone $5), ($3::timestamptz at time zone $5), ('1 ' || $4)::interval) as at),
     ended as (
       select date_trunc($4, ended_at at time zone $5) as at, totals from sluice.run
       where ${whose} = $1 and ended_at >= $2 and ended_at < $3 and trigger <> 'undo' and state = any($6)
         and settings ->> 'dryRun' is distinct from 'true'),
     counted as (
       select at, jsonb_object_agg(key, n) as counters from (
         select at, key, sum(value::bigint) as n from ended, jsonb_each_text(coalesce(totals, '{}'))
         where key not like 'warned.%' and key not like 'noted.%' group by at, key) x group by at),
     ran as (select at, count(*) as runs from ended group by at)
     select to_json(span.at) #>> '{}' as at, coalesce(ran.runs, 0) as runs, coalesce(counted.counters, '{}') as counters
     from span left join ran using (at) left join counted using (at) order by span.at`,
    [id, from, to, by, zone, countedStates],
  )
  return rows
}
