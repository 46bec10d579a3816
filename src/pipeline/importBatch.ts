// One batch from prepared records to a commit, and what a refusal by PostgreSQL means on the way.
import type pg from 'pg'
import { failure, problem } from '../core/problems.ts'
import { changed, isPlanned, valuesIn, type PreparedRecord } from '../core/prepared.ts'
import { applyChangeSet } from '../db/apply.ts'
import { lockAlone, lockShared } from '../db/batchLock.ts'
import { inTransaction } from '../db/client.ts'
import type { Decision, Hits } from '../db/delivery.ts'
import { meaningOf } from '../db/refusals.ts'
import { noteWaiting } from '../db/waiting.ts'
import { insertSeen } from '../db/seen.ts'
import { checkBatchIsOurs, countBatch, settleBatch, settleCut } from '../db/settle.ts'
import type { BatchRun, BatchWork } from './batchWork.ts'
import { triedAgain } from './leaveBatch.ts'
import { lookInOrder, waitForValues, type Flight } from './inFlight.ts'
import { QuotaFull, takeFromQuota, type Cut } from './quota.ts'

/** Plans tried beside other writers before the batch asks to be alone, and then before it gives up. */
const triesBeside = 3
const triesMax = 8

/** Brings one batch to its commit. Throws what only waiting, or a person, can mend. */
export async function importBatch(
  run: BatchRun,
  work: BatchWork,
  flight: Flight,
  earlier: readonly Flight[],
): Promise<void> {
  await waitForValues(flight, earlier)
  await run.context.db.withClient(async (client) => {
    let now = run
    let { records } = work
    let cut = null as Cut | null
    let hits = await lookInOrder(flight, earlier, () => look(client, now, flight.values))
    for (let tries = 1; ; tries++) {
      try {
        if (tries > triesBeside) await commitAlone(client, now, work, records, cut)
        else await commit(client, now, work, await decideOn(client, now, records, hits), cut)
        if (cut === null) return
        throw cut.reached
      } catch (error) {
        if (error instanceof QuotaFull) {
          cut = error.cut
          records = cut.of(records)
          hits = (await look(client, now, flight.values)).found
          continue
        }
        const meaning = meaningOf(error)
        if (meaning === 'replan') await checkBatchIsOurs(client, work.claim, work.bit)
        if (tries >= triesMax && meaning === 'replan')
          throw failure('write.conflict', { count: tries }, { cause: error })
        if (meaning === 'reload' && tries < triesMax)
          now = { ...now, delivery: { ...now.delivery, shape: await run.reload() } }
        else if (meaning === 'bisect' && tries < triesMax)
          records = await setAsideRefused(client, now, records)
        else if (meaning !== 'replan') throw error
        hits = (await look(client, now, flight.values)).found
      }
    }
  })
}

function decideOn(
  client: pg.ClientBase,
  { context, delivery }: BatchRun,
  records: readonly PreparedRecord[],
  hits: Hits,
): Promise<Decision> {
  return context.profiles.decide(client, delivery, records, hits)
}

async function look(
  client: pg.ClientBase,
  { context, delivery }: BatchRun,
  values: readonly ReadonlySet<string>[],
) {
  const found = await context.profiles.resolve(client, delivery, values)
  return { found, profiles: context.profiles.matchedProfiles(found) }
}

async function commit(
  client: pg.ClientBase,
  run: BatchRun,
  work: BatchWork,
  decision: Decision,
  cut: Cut | null,
): Promise<void> {
  await inTransaction(client, async () => {
    await lockShared(client, run.namespaceId)
    await write(client, run, work, decision, cut)
  })
  await run.context.at?.('committed')
}

/** Under a lock that no other batch of the namespace shares, nobody can be first. */
async function commitAlone(
  client: pg.ClientBase,
  run: BatchRun,
  work: BatchWork,
  records: readonly PreparedRecord[],
  cut: Cut | null,
): Promise<void> {
  await inTransaction(client, async () => {
    await lockAlone(client, run.namespaceId)
    const { found } = await look(client, run, valuesIn(records, run.delivery.shape.slots.length))
    await write(client, run, work, await decideOn(client, run, records, found), cut)
  })
  await run.context.at?.('committed')
}

async function write(
  client: pg.ClientBase,
  run: BatchRun,
  work: BatchWork,
  { changeSet, shape }: Decision,
  cut: Cut | null,
): Promise<void> {
  const { schema, run: runId, runMonth, retry = null, settles = false } = run.delivery
  // A processing run says what became of its records; whether they are tried again is told by the rows they are of.
  const rows = settles ? changeSet.settlements : triedAgain(changeSet.settlements, retry)
  await run.context.at?.('planned')
  const ledger = { rows, settles: settles ? { retry } : null }
  await applyChangeSet(client, { schema, run: runId, runMonth, shape }, changeSet, ledger)
  if (rows !== changeSet.settlements) await noteWaiting(client, work.claim)
  await insertSeen(client, schema, run.delivery, work.seen)
  await run.context.at?.('applied')
  await takeFromQuota(client, run, changeSet.settlements)
  const counters = countBatch(rows, work.seen)
  if (cut === null) await settleBatch(client, work.claim, work.bit, counters)
  else await settleCut(client, work.claim, work.bit, counters, { from: work.taken, to: cut.to })
  await run.context.at?.('settled')
}

/**
 * Finds the records the database refuses, by halves, and fails them: our check should have said so first. There may be
 * none any more: a later value of somebody else won meanwhile, and the refused one is not written at all.
 */
async function setAsideRefused(
  client: pg.ClientBase,
  run: BatchRun,
  records: readonly PreparedRecord[],
): Promise<PreparedRecord[]> {
  const refused = new Map<number, string>()
  await bisect(client, run, records.filter(isPlanned), refused)
  return records.map((record) => {
    const detail = refused.get(record.ordinal)
    if (detail === undefined) return record
    return changed(record, { failed: { ...problem('check.gap', { detail }), stage: 'write', at: record.at } })
  })
}

async function bisect(
  client: pg.ClientBase,
  run: BatchRun,
  records: readonly PreparedRecord[],
  refused: Map<number, string>,
): Promise<void> {
  const message = await refusalOf(client, run, records)
  if (message === null) return
  if (records.length === 1) {
    refused.set(records[0]!.ordinal, message)
    return
  }
  const middle = records.length >> 1
  await bisect(client, run, records.slice(0, middle), refused)
  await bisect(client, run, records.slice(middle), refused)
}

class RolledBack extends Error {}

/**
 * Tries to write these records and takes it back. Answers why the database refused them, or null. Alone: a rival's
 * unique violation would be taken for a refusal of ours.
 */
async function refusalOf(
  client: pg.ClientBase,
  batch: BatchRun,
  records: readonly PreparedRecord[],
): Promise<string | null> {
  if (records.length === 0) return null
  try {
    await inTransaction(client, async () => {
      await lockAlone(client, batch.namespaceId)
      const { delivery, context } = batch
      const { found } = await look(client, batch, valuesIn(records, delivery.shape.slots.length))
      const { changeSet, shape } = await context.profiles.decide(client, delivery, records, found)
      const { schema, run, runMonth } = delivery
      await applyChangeSet(client, { schema, run, runMonth, shape }, changeSet)
      throw new RolledBack()
    })
  } catch (error) {
    if (error instanceof RolledBack) return null
    if (meaningOf(error) === 'bisect') return (error as Error).message
    throw error
  }
  return null
}
