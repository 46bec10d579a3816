// The life of an undo run: land the list of profiles → cut → [preview, held] → undo → finish.
import { randomUUID } from 'node:crypto'
import { writeLanding } from '../../blobs/landing.ts'
import { wasDropped } from '../../core/dropped.ts'
import { defaultCut, type CutSettings } from '../../core/job.ts'
import { runName } from '../../core/names.ts'
import { problem } from '../../core/problems.ts'
import { skipReasonName, skipReasonNumber } from '../../core/record.ts'
import type { RunMove } from '../../core/run.ts'
import { insertChunks } from '../../db/chunks.ts'
import { insertLanding } from '../../db/imports.ts'
import type { RunClaim } from '../../db/leases.ts'
import { moveRun, type RunChanges } from '../../db/moves.ts'
import { noteProgress, readRun, runState, type Run } from '../../db/runs.ts'
import { countKept, keptExamples } from '../../db/read/undos.ts'
import { countLeftOut, countLost, listProfiles, runsOfInterest, type UndoListing } from '../../db/undoList.ts'
import { revertedRuns, setLanding, settleTarget, targetsOf } from '../../db/undoRuns.ts'
import type { PipelineContext } from '../context.ts'
import { checkLaw } from '../law.ts'
import { cutChunks, indexKey, readIndex, writeIndex, type BatchPlace } from '../recordIndex.ts'
import { RunMoved } from '../runMoved.ts'
import { undoSettings } from './batches.ts'
import { writeLines } from './lines.ts'
import { examplesMax, previewUndo, type KeptCause, type UndoPreview } from './preview.ts'
import { takeStage, type Stages } from '../stages.ts'

/** Records of other runs that may count once the undo is done. */
export interface LostCause {
  readonly run: string
  readonly reason: string
  readonly count: number
}

/** Does the stage a claimed undo run is in, and moves it on. */
export async function workOnUndo(
  context: PipelineContext,
  claim: RunClaim,
  run: Run,
  signal: AbortSignal,
): Promise<void> {
  return takeStage(new UndoStep(context, claim, run, signal), claim.state)
}

class UndoStep implements Stages {
  readonly #context: PipelineContext
  readonly #claim: RunClaim
  readonly #signal: AbortSignal
  #run: Run

  constructor(context: PipelineContext, claim: RunClaim, run: Run, signal: AbortSignal) {
    this.#context = context
    this.#claim = claim
    this.#run = run
    this.#signal = signal
  }

  #move(move: RunMove, changes: RunChanges = {}): Promise<boolean> {
    return moveRun(this.#context.db.pool, this.#claim, move, changes, this.#claim.attempt)
  }

  #cut(): CutSettings {
    return { ...defaultCut, ...this.#run.settings }
  }

  async begin(): Promise<void> {
    if (this.#run.total !== null && !wasDropped(this.#run)) await this.#move('import')
    else if (await this.#move('fetch')) await this.fetch()
  }

  /** Lands the list, once: what is cut from it must not change. */
  async fetch(): Promise<void> {
    if (this.#run.manifest === null) {
      await this.#land()
      this.#run = await readRun(this.#context.db.pool, this.#run)
    }
    if (await this.#move('validate')) await this.validate()
  }

  async #land(): Promise<void> {
    const { db, store, clock } = this.#context
    const run = this.#run
    const id = randomUUID()
    const blobKey = `landings/${id}`
    const startedAt = new Date(clock.now()).toISOString()
    const batches: BatchPlace[] = []
    const listing = await this.#listing()
    const manifest = await db.transaction((client) =>
      writeLanding(
        store,
        blobKey,
        writeLines(listProfiles(client, listing), this.#cut().batchRecords, batches),
      ),
    )
    const total = batches.reduce((sum, { records }) => sum + records, 0)
    await writeIndex(store, indexKey(run.namespaceId, run.runId), { total, batches })
    const fileName = `profiles of ${undoSettings(run).reverts}.jsonl`
    await db.transaction(async (client) => {
      await insertLanding(client, run.namespaceId, { id, fileName, blobKey, manifest, startedAt })
      await setLanding(client, run, id)
    })
  }

  async #listing(): Promise<UndoListing> {
    const { pool } = this.#context.db
    const { namespaceId, namespace } = this.#run
    const target = await targetsOf(pool, namespaceId, undoSettings(this.#run).reverts)
    const { keeping } = await runsOfInterest(pool, namespaceId, target.run)
    const { month } = await readRun(pool, { namespaceId, runId: target.run })
    const reverted = target.origin === null ? await revertedRuns(pool, namespaceId) : []
    return {
      schema: namespace.schema,
      target: target.run,
      month,
      reverted,
      keeping: target.origin === null ? keeping : [],
    }
  }

  async validate(): Promise<void> {
    const { db, store } = this.#context
    const run = this.#run
    const index = await readIndex(store, indexKey(run.namespaceId, run.runId))
    await this.#context.at?.('validated')
    const { dryRun = false, preview = false } = undoSettings(run)
    const found = {
      total: index.total,
      validation: { undo: await this.#preview(dryRun || preview), lost: await this.#lost() },
    }
    if (dryRun) return void (await this.#move('skip', found))
    await insertChunks(db.pool, run, cutChunks(index, this.#cut().chunkBatches))
    await this.#context.at?.('cut')
    await this.#move(preview ? 'hold' : 'import', found)
  }

  async #preview(wanted: boolean): Promise<UndoPreview | null> {
    if (!wanted) return null
    const { db, clock, store } = this.#context
    const run = this.#run
    const index = await readIndex(store, indexKey(run.namespaceId, run.runId))
    const moved = new AbortController()
    let shown = 0
    return previewUndo(this.#context, run, index, AbortSignal.any([this.#signal, moved.signal]), (done) => {
      if (clock.now() - shown < 400) return
      shown = clock.now()
      void runState(db.pool, run).then(
        (state) => state !== 'validating' && moved.abort(new RunMoved()),
        () => {},
      )
      void noteProgress(db.pool, run, { stage: 'validating', done, total: index.total }).catch(() => {})
    })
  }

  /** Counted before anything is written: afterwards nobody could tell who had lost to whom. */
  async #lost(): Promise<LostCause[]> {
    const { db } = this.#context
    const listing = await this.#listing()
    const { losers } = await runsOfInterest(db.pool, this.#run.namespaceId, listing.target)
    const reasons = [skipReasonNumber.superseded, skipReasonNumber.exists]
    const lost = await db.withClient((client) => countLost(client, listing, reasons, losers))
    const leftOut = await countLeftOut(db.pool, this.#run.namespaceId, listing.target)
    return [...lost, ...leftOut].map(({ run, reason, count }) => ({
      run: runName(run),
      reason: skipReasonName(reason) ?? '',
      count,
    }))
  }

  /** The law, and in one transaction the end and what it means for the run that was undone. */
  async finish(): Promise<void> {
    const { db } = this.#context
    const run = this.#run
    const law = await checkLaw(db, run, run.total ?? 0, true)
    await this.#context.at?.('counted')
    const undo = await this.#report(law.totals)
    await this.#context.at?.('reported')
    if (law.faults.length > 0) {
      const detail = law.faults.join('; ')
      const broken = problem('law.broken', { detail, run: runName(run.runId) })
      return void (await this.#move('halt', { totals: law.totals, problem: broken }))
    }
    const end: RunChanges = { totals: law.totals, validation: { ...(run.validation as object), undo } }
    await db.transaction(async (client) => {
      if (await moveRun(client, this.#claim, 'complete', end, this.#claim.attempt))
        await settleTarget(client, run.namespaceId, undoSettings(run).reverts)
    })
    await this.#context.at?.('ended')
  }

  /** What was kept, as the preview says it. */
  async #report(totals: Readonly<Record<string, number>>): Promise<UndoPreview> {
    const { pool } = this.#context.db
    const { namespace, runId: id, month } = this.#run
    const kept: Record<string, KeptCause> = {}
    for (const [key, count] of Object.entries(totals)) {
      const code = key.startsWith('warned.') ? key.slice('warned.'.length) : null
      if (code !== null)
        kept[code] = {
          count,
          examples: await keptExamples(pool, namespace.schema, { id, month }, code, examplesMax),
        }
    }
    const any = Object.keys(kept).length > 0
    const profilesKept = any ? await countKept(pool, namespace.schema, { id, month }) : 0
    return { counters: totals, kept, profilesKept }
  }

  async endStopped(): Promise<void> {
    const law = await checkLaw(this.#context.db, this.#run, this.#run.total ?? 0, false)
    await this.#move('end_stopped', { totals: law.totals })
  }
}
