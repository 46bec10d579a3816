// Leaving out records that are still to be processed, by a person (design section 6: skip, from new and retry).
import type pg from 'pg'
import { recordName } from '../core/names.ts'
import type { RecordKey } from '../core/origin.ts'
import { recordStateName } from '../core/record.ts'
import { whyNoSkip } from '../core/retryRule.ts'
import type { Database } from './client.ts'
import type { Namespace } from './imports.ts'
import { skipOpenRecords } from './moves.ts'
import { chosenRecords, type RecordFilter } from './read/records.ts'
import { ledgerRows, monthsOf } from './retries.ts'

export interface SkipAnswer {
  readonly changed: number
  readonly left: readonly { readonly why: string; readonly count: number; readonly record: string }[]
}

/** Skips what may be skipped, a page at a time, and says what was left and why. `dryRun`: only counts. */
export async function skipRecords(
  db: Database,
  namespace: Namespace,
  choice: { readonly ids: readonly RecordKey[] } | { readonly filter: RecordFilter },
  dryRun: boolean,
): Promise<SkipAnswer> {
  const left = new Map<string, { count: number; record: string }>()
  const leave = (record: string, why: string): void => {
    const seen = left.get(why)
    if (seen === undefined) left.set(why, { count: 1, record })
    else seen.count++
  }
  let changed = 0
  for await (const page of pagesOf(db, namespace, choice, leave)) {
    const due = page.filter((row) => {
      const why = whyNoSkip(row)
      if (why !== null) leave(recordName(row.run, row.ordinal), why)
      return why === null
    })
    if (due.length === 0) continue
    changed += dryRun ? due.length : await db.transaction((client) => skipPage(client, namespace, due))
  }
  return { changed, left: [...left].map(([why, { count, record }]) => ({ why, count, record })) }
}

type Row = RecordKey & { readonly state: number }

async function* pagesOf(
  db: Database,
  namespace: Namespace,
  choice: Parameters<typeof skipRecords>[2],
  leave: (record: string, why: string) => void,
): AsyncGenerator<Row[]> {
  if ('filter' in choice) return yield* chosenRecords(db.pool, namespace, choice.filter)
  const found = await ledgerRows(db.pool, namespace.schema, choice.ids)
  for (const { run, ordinal } of choice.ids)
    if (!found.has(recordName(run, ordinal))) leave(recordName(run, ordinal), 'is not there')
  yield* Map.groupBy([...found.values()], ({ run }) => run).values()
}

/** All of one run. The chunk that counted them as open counts them as skipped: the law holds at every moment. */
async function skipPage(client: pg.ClientBase, namespace: Namespace, rows: readonly Row[]): Promise<number> {
  const { run } = rows[0]!
  const months = await monthsOf(client, namespace.schema, [run])
  const skipped = await skipOpenRecords(
    client,
    namespace.schema,
    run,
    months.get(run)!,
    rows.map(({ ordinal }) => ordinal),
  )
  for (const [was, mine] of Map.groupBy(skipped, (row) => row.was)) {
    const state = recordStateName(was)!
    await client.query(
      `with placed as (
         select number, coalesce(sum(records) over (order by number rows between unbounded preceding and 1 preceding), 0) as before, records
         from sluice.chunk where namespace_id = $1 and run_id = $2),
       counted as (
         select p.number, count(*) as n from placed p join unnest($3::bigint[]) as o(ordinal)
           on o.ordinal > p.before and o.ordinal <= p.before + p.records group by p.number)
       update sluice.chunk c
       set counters = sluice.add_counters(c.counters, jsonb_build_object($4::text, -n, 'skipped.manual', n))
       from counted where c.namespace_id = $1 and c.run_id = $2 and c.number = counted.number`,
      [namespace.id, run, mine.map(({ ordinal }) => ordinal), state],
    )
  }
  return skipped.length
}
