// The batches of a mirror: whoever is still there, and was not delivered by anybody since, is deleted.
import type { LandingManifest } from '../../blobs/landing.ts'
import { failure } from '../../core/problems.ts'
import type { UndoLine } from '../../core/undo.ts'
import { applyChangeSet } from '../../db/apply.ts'
import { lockAlone, lockShared } from '../../db/batchLock.ts'
import { inTransaction } from '../../db/client.ts'
import { meaningOf } from '../../db/refusals.ts'
import type { Run } from '../../db/runs.ts'
import { checkBatchIsOurs, countBatch, settleBatch } from '../../db/settle.ts'
import { workChunks, type OpenBatch } from '../chunkWork.ts'
import type { PipelineContext } from '../context.ts'
import { indexKey, readIndex } from '../recordIndex.ts'
import { readLines } from '../undo/lines.ts'

/** Plans tried beside other writers before the batch asks to be alone, and then before it gives up. */
const triesBeside = 3
const triesMax = 8

interface MirrorWork extends OpenBatch {
  readonly lines: readonly UndoLine[]
}

/** Works on the chunks of a mirror run until none is free, it is over, or the process must leave. */
export async function mirrorChunks(context: PipelineContext, run: Run, signal: AbortSignal): Promise<void> {
  const index = await readIndex(context.store, indexKey(run.namespaceId, run.runId))
  const manifest = run.manifest as LandingManifest
  await workChunks<MirrorWork>(
    context,
    run,
    {
      read: async (open) => ({
        ...open,
        lines: await readLines(context.store, manifest, index, open.batch, signal),
      }),
      begin: (work) => mirrorBatch(context, run, work),
    },
    signal,
  )
}

async function mirrorBatch(context: PipelineContext, run: Run, work: MirrorWork): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await commit(context, run, work, tries > triesBeside)
    } catch (error) {
      if (meaningOf(error) !== 'replan') throw error
      await context.db.withClient((client) => checkBatchIsOurs(client, work.claim, work.bit))
      if (tries >= triesMax) throw failure('write.conflict', { count: tries }, { cause: error })
    }
  }
}

async function commit(
  context: PipelineContext,
  { namespaceId, namespace, runId, month, asOf }: Run,
  { claim, bit, lines }: MirrorWork,
  alone: boolean,
): Promise<void> {
  const target = { schema: namespace.schema, run: runId, runMonth: month }
  await context.db.withClient((client) =>
    inTransaction(client, async () => {
      if (alone) await lockAlone(client, namespaceId)
      else await lockShared(client, namespaceId)
      const { changeSet, shape } = await context.profiles.remove(client, { ...target, asOf }, lines)
      await context.at?.('planned')
      await applyChangeSet(client, { ...target, shape }, changeSet)
      await context.at?.('applied')
      await settleBatch(client, claim, bit, countBatch(changeSet.settlements, []))
      await context.at?.('settled')
    }),
  )
  await context.at?.('committed')
}
