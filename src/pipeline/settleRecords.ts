// Records that wait for an answer from outside, settled as it says (AL-D01).
import type { Place, RecordProblem } from '../core/prepared.ts'
import { problem } from '../core/problems.ts'
import { recordMachine, recordStateName, recordStateNumber } from '../core/record.ts'
import type { Namespace } from '../db/imports.ts'
import { settleWaiting, type OpenRun, type OutsideAnswer } from '../db/recordMoves.ts'
import { readRun } from '../db/runs.ts'
import { leaving, selectedRecords, type Choice, type LeftOut } from '../db/selectRecords.ts'
import { openRun } from '../db/skipRecords.ts'
import type { SourceContext } from './landingRecords.ts'
import { recordsAt } from './recordAt.ts'
import { indexKey, readIndex } from './recordIndex.ts'

export type Answer =
  | { readonly state: 'finished'; readonly outcome: 'delivered' | 'removed' }
  | { readonly state: 'failed'; readonly detail: string }

/** Settles those that wait, a page at a time, and says why the others are left. `dryRun`: only counts. */
export async function settleRecords(
  context: SourceContext,
  namespace: Namespace,
  choice: Choice,
  answer: Answer,
  dryRun = false,
): Promise<{ readonly changed: number; readonly left: readonly LeftOut[] }> {
  const { db } = context
  const { leave, left } = leaving()
  let changed = 0
  for await (const page of selectedRecords(db.pool, namespace, choice, leave)) {
    const due = page.filter((row) => {
      const waits = row.state === recordStateNumber.waiting
      if (!waits) leave(row, whyNot(row.state))
      return waits
    })
    if (due.length === 0) continue
    if (dryRun) {
      changed += due.length
      continue
    }
    const run = await openRun(db, namespace, due[0]!.run)
    const ordinals = due.map(({ ordinal }) => ordinal)
    const settled = new Set(await settleAll(context, run, ordinals, answer))
    changed += settled.size
    for (const row of due) if (!settled.has(row.ordinal)) leave(row, 'was settled by somebody else just now')
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
