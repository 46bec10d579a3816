// The records a person chose to retry, skip or settle: by name, or all that fit a filter at one instant; by pages of one run.
import type pg from 'pg'
import { recordName } from '../core/names.ts'
import { parseRecordName, type RecordKey } from '../core/origin.ts'
import type { Namespace } from './imports.ts'
import { chosenRecords, type ChosenRow, type RecordFilter } from './read/records.ts'
import { ledgerRows } from './retries.ts'

/** Records by name, or by what became of them. */
export type Choice = { readonly ids: readonly RecordKey[] } | { readonly filter: RecordFilter }

/** Says why a record is left as it is, in words that are the same for all of that kind. */
export type Leave = (row: RecordKey, why: string) => void

export interface LeftOut {
  readonly why: string
  readonly count: number
  /** The first of them. */
  readonly record: string
}

/** Counts what is left, by reason. */
export function leaving(): { readonly leave: Leave; readonly left: () => LeftOut[] } {
  const reasons = new Map<string, { count: number; record: string }>()
  return {
    leave: ({ run, ordinal }, why) => {
      const seen = reasons.get(why)
      if (seen === undefined) reasons.set(why, { count: 1, record: recordName(run, ordinal) })
      else seen.count++
    },
    left: () => [...reasons].map(([why, { count, record }]) => ({ why, count, record })),
  }
}

/** Now, on the clock by which rows are dated: what a filter selects is what fits at this instant. */
export async function selectionTime(client: pg.Pool): Promise<string> {
  const { rows } = await client.query<{ now: string }>(`select to_json(clock_timestamp()) #>> '{}' as now`)
  return rows[0]!.now
}

/** Rows of processing runs stand for the rows they settled. What is not there, or came later, is left. */
export async function* selectedRecords(
  client: pg.Pool,
  namespace: Namespace,
  choice: Choice,
  leave: Leave,
): AsyncGenerator<ChosenRow[]> {
  if ('filter' in choice) {
    for await (const page of chosenRecords(client, namespace, choice.filter)) {
      const late = page.filter((row) => row.late)
      for (const row of late) leave(row, 'came or changed after the selection was made')
      yield* settledRows(
        client,
        namespace,
        page.filter((row) => !row.late),
      )
    }
    return
  }
  const found = await ledgerRows(client, namespace.schema, choice.ids)
  for (const id of choice.ids) if (!found.has(recordName(id.run, id.ordinal))) leave(id, 'is not there')
  for (const rows of Map.groupBy([...found.values()], ({ run }) => run).values())
    yield* settledRows(
      client,
      namespace,
      rows.sort((a, b) => a.ordinal - b.ordinal),
    )
}

/** The rows themselves, or of a processing run those that it settled. All are of one run. */
async function* settledRows(
  client: pg.Pool,
  namespace: Namespace,
  rows: ChosenRow[],
): AsyncGenerator<ChosenRow[]> {
  const [first] = rows
  if (first === undefined) return
  if (first.origin === null || !(await isProcess(client, namespace, first.run))) return yield rows
  const keys = rows.flatMap(({ origin }) => parseRecordName(origin ?? '') ?? [])
  const found = await ledgerRows(client, namespace.schema, keys)
  for (const page of Map.groupBy([...found.values()], ({ run }) => run).values())
    yield page.sort((a, b) => a.ordinal - b.ordinal)
}

async function isProcess(client: pg.Pool, { id }: Namespace, run: number): Promise<boolean> {
  const { rows } = await client.query<{ process: boolean }>(
    `select trigger = 'process' as process from sluice.run where namespace_id = $1 and id = $2`,
    [id, run],
  )
  return rows[0]?.process === true
}
