// Leaving out records that are still to be processed, by a person (design section 6: skip, from new and retry).
import type pg from 'pg'
import { recordName } from '../core/names.ts'
import type { RecordKey } from '../core/origin.ts'
import { whyNoSkip } from '../core/retryRule.ts'
import type { Database } from './client.ts'
import type { Namespace } from './imports.ts'
import { skipOpen } from './recordMoves.ts'
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

/** All of one run. */
async function skipPage(client: pg.ClientBase, namespace: Namespace, rows: readonly Row[]): Promise<number> {
  const { run } = rows[0]!
  const months = await monthsOf(client, namespace.schema, [run])
  const open = { namespaceId: namespace.id, runId: run, schema: namespace.schema, month: months.get(run)! }
  const skipped = await skipOpen(
    client,
    open,
    rows.map(({ ordinal }) => ordinal),
  )
  return skipped.length
}
