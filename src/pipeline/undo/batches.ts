// The batches of an undo: decided and written like those of an import, each in the transaction of its checkpoint.
import type pg from 'pg'
import type { LandingManifest } from '../../blobs/landing.ts'
import { runNumber } from '../../core/names.ts'
import { failure } from '../../core/problems.ts'
import type { UndoLine, UndoSettings } from '../../core/undo.ts'
import { listAttributes } from '../../db/attributes.ts'
import { lockAlone, lockShared } from '../../db/batchLock.ts'
import { inTransaction } from '../../db/client.ts'
import type { UndoDelivery } from '../../db/delivery.ts'
import { meaningOf } from '../../db/refusals.ts'
import type { Run } from '../../db/runs.ts'
import { checkBatchIsOurs, countBatch, settleBatch } from '../../db/settle.ts'
import { applyUndo } from '../../db/undoApply.ts'
import { revertedRuns, targetsOf } from '../../db/undoRuns.ts'
import type { PipelineContext } from '../context.ts'
import { workChunks, type OpenBatch } from '../chunkWork.ts'
import { indexKey, readIndex } from '../recordIndex.ts'
import { readLines } from './lines.ts'

/** Plans tried beside other writers before the batch asks to be alone, and then before it gives up. */
const triesBeside = 3
const triesMax = 8

/** What an undo run keeps in its settings. */
export function undoSettings(run: Run): UndoSettings {
  return run.settings as unknown as UndoSettings
}

/** What all batches of an undo share. `preview`: the runs it assumes to be undone count as such. */
export async function deliveryOf(
  context: PipelineContext,
  run: Run,
  preview: boolean,
): Promise<UndoDelivery> {
  const { pool } = context.db
  const { reverts, assume = [] } = undoSettings(run)
  const target = await targetsOf(pool, run.namespaceId, reverts)
  const assumed = new Set(preview ? assume.map((name) => runNumber(name)!) : [])
  const voids = new Set([...(await revertedRuns(pool, run.namespaceId)), ...assumed, target.run])
  // Undoing an undo gives this one its effect back.
  if (target.origin !== null) voids.delete(target.origin)
  const catalogue = await listAttributes(pool, run.namespaceId)
  return {
    schema: run.namespace.schema,
    namespaceId: run.namespaceId,
    run: run.runId,
    runMonth: run.month,
    target: { run: target.run, opposite: target.origin !== null },
    voids,
    assumed,
    attributes: catalogue.map(({ key }) => key),
    others: new Map(),
  }
}

interface UndoWork extends OpenBatch {
  readonly lines: readonly UndoLine[]
}

/** Works on the chunks of an undo run until none is free, it is over, or the process must leave. */
export async function undoChunks(context: PipelineContext, run: Run, signal: AbortSignal): Promise<void> {
  const index = await readIndex(context.store, indexKey(run.namespaceId, run.runId))
  const delivery = await deliveryOf(context, run, false)
  const manifest = run.manifest as LandingManifest
  await workChunks<UndoWork>(
    context,
    run,
    {
      read: async (open) => ({
        ...open,
        lines: await readLines(context.store, manifest, index, open.batch, signal),
      }),
      begin: (work) => undoBatch(context, delivery, work),
    },
    signal,
  )
}

async function undoBatch(context: PipelineContext, delivery: UndoDelivery, work: UndoWork): Promise<void> {
  await context.db.withClient(async (client) => {
    for (let tries = 1; ; tries++) {
      try {
        return await commit(client, context, delivery, work, tries > triesBeside)
      } catch (error) {
        if (meaningOf(error) !== 'replan') throw error
        await checkBatchIsOurs(client, work.claim, work.bit)
        if (tries >= triesMax) throw failure('write.conflict', { count: tries }, { cause: error })
      }
    }
  })
}

/** Planned beside others; under a lock that nobody shares, nobody can be first. */
async function commit(
  client: pg.ClientBase,
  context: PipelineContext,
  delivery: UndoDelivery,
  { claim, bit, lines }: UndoWork,
  alone: boolean,
): Promise<void> {
  const { schema, run, runMonth, namespaceId } = delivery
  const before = alone ? null : await context.undo.decide(client, delivery, lines)
  await inTransaction(client, async () => {
    if (alone) await lockAlone(client, namespaceId)
    else await lockShared(client, namespaceId)
    const { changeSet, shape } = before ?? (await context.undo.decide(client, delivery, lines))
    await context.at?.('planned')
    await applyUndo(client, { schema, run, runMonth, shape }, changeSet)
    await context.at?.('applied')
    await settleBatch(client, claim, bit, countBatch(changeSet.settlements, []))
    await context.at?.('settled')
  })
  await context.at?.('committed')
}
