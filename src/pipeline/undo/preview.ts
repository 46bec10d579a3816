// The preview of an undo: the same plan over all batches, and nothing written. Memory: counts and three examples a cause.
import type { LandingManifest } from '../../blobs/landing.ts'
import type { Settlement } from '../../core/changeSet.ts'
import type { KeptExample } from '../../db/read/undos.ts'
import type { Run } from '../../db/runs.ts'
import { countBatch } from '../../db/settle.ts'
import type { PipelineContext } from '../context.ts'
import type { RecordIndex } from '../recordIndex.ts'
import { deliveryOf } from './batches.ts'
import { readLines } from './lines.ts'

/** Of each cause. */
export const examplesMax = 3

export interface KeptCause {
  readonly count: number
  readonly examples: readonly KeptExample[]
}

/** Kept in the run's validation under `undo`. */
export interface UndoPreview {
  /** Flat counters, as a run keeps them. */
  readonly counters: Readonly<Record<string, number>>
  /** By problem code. */
  readonly kept: Readonly<Record<string, KeptCause>>
  /** Profiles of which something is kept. */
  readonly profilesKept: number
}

/** Plans the whole undo against the profiles as they are now. */
export async function previewUndo(
  context: PipelineContext,
  run: Run,
  index: RecordIndex,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<UndoPreview> {
  const delivery = await deliveryOf(context, run, true)
  const counters: Record<string, number> = {}
  const kept: Record<string, { count: number; examples: KeptCause['examples'][number][] }> = {}
  let [done, profilesKept] = [0, 0]
  for (const [batch, place] of index.batches.entries()) {
    const lines = await readLines(context.store, run.manifest as LandingManifest, index, batch, signal)
    const { changeSet } = await context.db.withClient((client) =>
      context.undo.decide(client, delivery, lines),
    )
    for (const [key, count] of Object.entries(countBatch(changeSet.settlements, [])))
      counters[key] = (counters[key] ?? 0) + count
    for (const settled of changeSet.settlements) if (noteKept(settled, kept)) profilesKept++
    done += place.records
    onProgress(done)
    signal.throwIfAborted()
  }
  return { counters, kept, profilesKept }
}

function noteKept(
  settled: Settlement,
  kept: Record<string, { count: number; examples: KeptCause['examples'][number][] }>,
): boolean {
  if (settled.state === 'failed' || settled.warnings === null) return false
  for (const { code, message } of settled.warnings) {
    const cause = (kept[code] ??= { count: 0, examples: [] })
    cause.count++
    if (cause.examples.length < examplesMax)
      cause.examples.push({ profile: settled.profileId ?? 0, identifier: settled.identifier, message })
  }
  return true
}
