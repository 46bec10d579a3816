// Records that wait for an answer from outside, settled as it says (AL-D01).
import { recordName } from '../core/names.ts'
import type { RecordKey } from '../core/origin.ts'
import type { Place, RecordProblem } from '../core/prepared.ts'
import { problem } from '../core/problems.ts'
import { recordMachine, recordStateName, recordStateNumber } from '../core/record.ts'
import type { Namespace } from '../db/imports.ts'
import { settleWaiting, type OpenRun, type OutsideAnswer } from '../db/recordMoves.ts'
import { ledgerRows, monthsOf } from '../db/retries.ts'
import { readRun } from '../db/runs.ts'
import { leaving, type LeftOut } from '../db/selectRecords.ts'
import type { SourceContext } from './landingRecords.ts'
import { recordsAt } from './recordAt.ts'
import { indexKey, readIndex } from './recordIndex.ts'

export type Answer =
  | { readonly state: 'finished'; readonly outcome: 'delivered' | 'removed' }
  | { readonly state: 'failed'; readonly detail: string }

/** Settles those that wait, and says why the others are left. */
export async function settleRecords(
  context: SourceContext,
  namespace: Namespace,
  keys: readonly RecordKey[],
  answer: Answer,
): Promise<{ readonly changed: number; readonly left: readonly LeftOut[] }> {
  const { db } = context
  const { leave, left } = leaving()
  const found = await ledgerRows(db.pool, namespace.schema, keys)
  const due: RecordKey[] = []
  for (const key of keys) {
    const row = found.get(recordName(key.run, key.ordinal))
    if (row === undefined) leave(key, 'is not there')
    else if (row.state !== recordStateNumber.waiting) leave(key, whyNot(row.state))
    else due.push(key)
  }
  const months = await monthsOf(
    db.pool,
    namespace.schema,
    due.map(({ run }) => run),
  )
  let changed = 0
  for (const [run, mine] of Map.groupBy(due, (key) => key.run)) {
    const open = { namespaceId: namespace.id, runId: run, schema: namespace.schema, month: months.get(run)! }
    const ordinals = mine.map(({ ordinal }) => ordinal)
    const settled = new Set(await settleAll(context, open, ordinals, answer))
    changed += settled.size
    for (const key of mine) if (!settled.has(key.ordinal)) leave(key, 'was settled by somebody else just now')
  }
  return { changed, left: left() }
}

function whyNot(state: number): string {
  const name = recordStateName(state)
  const label = name === undefined ? 'in an unknown state' : recordMachine.states[name].label.toLowerCase()
  return `is ${label}; only records that wait for an answer are settled from outside`
}

async function settleAll(
  context: SourceContext,
  run: OpenRun,
  ordinals: readonly number[],
  answer: Answer,
): Promise<number[]> {
  const settle = (which: readonly number[], said: OutsideAnswer): Promise<number[]> =>
    context.db.transaction((client) => settleWaiting(client, run, which, said))
  if (answer.state === 'finished') return settle(ordinals, answer)
  // The error file and corrections find a record by where it stands: each has a place of its own.
  const places = await placesOf(context, run, ordinals)
  const settled: number[] = []
  for (const ordinal of ordinals)
    settled.push(
      ...(await settle([ordinal], { state: 'failed', problem: refused(answer.detail, places.get(ordinal)) })),
    )
  return settled
}

function refused(detail: string, at: Place = [0, 0, 0]): RecordProblem {
  return { ...problem('record.refused_outside', { detail }), stage: 'deliver', at }
}

async function placesOf(
  { db, store }: SourceContext,
  run: OpenRun,
  ordinals: readonly number[],
): Promise<Map<number, Place>> {
  const key = indexKey(run.namespaceId, run.runId)
  if ((await store.size(key)) === undefined) return new Map()
  const records = await recordsAt(
    { db, store },
    await readRun(db.pool, run),
    await readIndex(store, key),
    ordinals,
  )
  return new Map([...records].map(([ordinal, { line, offset, length }]) => [ordinal, [line, offset, length]]))
}
