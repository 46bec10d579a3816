// The life of a run, stage by stage: validate → [hold?] → import → finish. Read this file first.
import type { LandingManifest } from '../blobs/landing.ts'
import { wasDropped } from '../core/dropped.ts'
import { defaultCut, type CutSettings } from '../core/job.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { SluiceError } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import { quietProblem } from '../core/schedule/quiet.ts'
import { runName } from '../core/names.ts'
import { ensureAttributes } from '../db/attributes.ts'
import { toCounters } from '../core/law.ts'
import { chunkTotals, insertChunks } from '../db/chunks.ts'
import type { RunClaim } from '../db/leases.ts'
import { moveRun, type RunChanges } from '../db/moves.ts'
import { moveCounted } from '../db/recount.ts'
import { noteArtifact, noteProgress, readRun, runState, type Run } from '../db/runs.ts'
import type { RunMove } from '../core/run.ts'
import type { PipelineContext } from './context.ts'
import { isReleased, judgeAgain, judgeRun, type Watching } from './breaker.ts'
import { dryRun } from './dryRun.ts'
import { mapperOf } from './mapperOf.ts'
import { estimateAbsent, mirrors } from './mirror/absent.ts'
import { endAndMirror } from './mirror/follow.ts'
import { workOnMirror } from './mirror/mirrorRun.ts'
import { sourceOf } from './recordSource.ts'
import { clearFetch, fetchesItself, fetchSource } from './fetch.ts'
import { RunMoved } from './runMoved.ts'
import { writeErrorFile } from './errorFile.ts'
import { checkLaw } from './law.ts'
import { forgetLines, forgetOlderLines, openSeen, skipsSeen } from './seenLines.ts'
import { cutChunks, indexKey, preparedKey, writeIndex } from './recordIndex.ts'
import type { ValidationTally } from './tally.ts'
import { workOnUndo } from './undo/undoRun.ts'
import { validate } from './validate.ts'
import { takeStage, type Stages } from './stages.ts'
import { tellConsent, tellMisfits } from './tell.ts'

/** Does the stage a claimed run is in, and moves it on. Anything thrown is for the engine to judge. */
export async function workOnRun(
  context: PipelineContext,
  claim: RunClaim,
  signal: AbortSignal,
): Promise<void> {
  const run = await readRun(context.db.pool, claim)
  if (run.trigger === 'undo') return workOnUndo(context, claim, run, signal)
  if (run.trigger === 'mirror') return workOnMirror(context, claim, run, signal)
  return takeStage(new Step(context, claim, run, signal), claim.state)
}

function cutOf(run: Run): CutSettings {
  return { ...defaultCut, ...run.settings }
}

class Step implements Stages {
  readonly #context: PipelineContext
  readonly #claim: RunClaim
  #run: Run
  readonly #signal: AbortSignal

  constructor(context: PipelineContext, claim: RunClaim, run: Run, signal: AbortSignal) {
    this.#context = context
    this.#claim = claim
    this.#run = run
    this.#signal = signal
  }

  #move(move: RunMove, changes: RunChanges = {}): Promise<boolean> {
    const { db } = this.#context
    return changes.totals === undefined
      ? moveRun(db.pool, this.#claim, move, changes, this.#claim.attempt)
      : db.transaction((client) => moveCounted(client, this.#claim, move, changes, this.#claim.attempt))
  }

  /** A run that was validated before goes on where it stopped; its chunks know what is done. */
  async begin(): Promise<void> {
    this.#checkQuiet()
    const validated = this.#run.validation !== null && this.#run.total !== null && !wasDropped(this.#run)
    if (validated && !isReleased(this.#run)) await this.#move('import')
    else if (!fetchesItself(this.#run)) {
      if (await this.#move('validate')) await this.validate()
    } else if (await this.#move('fetch')) await this.fetch()
  }

  /** What slept has waited for their end already, or a person told it not to; what was released is wanted now. */
  #checkQuiet(): void {
    const { trigger, setup, zone, slept } = this.#run
    if (slept || isReleased(this.#run)) return
    const found = quietProblem({ trigger, quiet: setup.quiet, zone }, this.#context.clock.now())
    if (found !== null) throw new SluiceError(found)
  }

  /** Nothing was written yet, so the source is asked (again). */
  async fetch(): Promise<void> {
    if (!(await fetchSource(this.#context, this.#claim, this.#run, this.#signal))) return
    this.#run = await readRun(this.#context.db.pool, this.#run)
    await this.validate()
  }

  async validate(): Promise<void> {
    const { store, db, clock } = this.#context
    const run = this.#run
    if (isReleased(run)) return this.#validateAgain()
    const cut = cutOf(run)
    const mapper = mapperOf(run)
    const live = [...run.definition.columns]
    const source = sourceOf(this.#context, run)
    const moved = new AbortController()
    const signal = AbortSignal.any([this.#signal, moved.signal])
    const onProgress = this.#progress(moved)
    // Files read only for their hashes are no progress, but a stop is noticed meanwhile.
    const reading = { signal, onBlock: () => onProgress(0, 0) }
    const seen = skipsSeen(run) ? await openSeen(this.#context, run, cut, reading) : null
    const { index, tally } = await validate({
      records: source.records({ columns: live, filter: seen?.filter ?? null, signal }),
      seen,
      source,
      columns: { live, known: run.definition.columns.length },
      mapper,
      asOf: run.asOf,
      cut,
      store,
      preparedKey: preparedKey(run.namespaceId, run.runId),
      onProgress,
    })
    await writeIndex(store, indexKey(run.namespaceId, run.runId), index)
    await this.#context.at?.('validated')
    if (run.settings['dryRun'] === true)
      return this.#endDryRun(mapper, index.total, tally, { signal, onProgress })
    const { mode } = run.definition.policy
    const attributes = mode === 'delete' ? [] : mapper.attributes
    await db.withClient((client) =>
      ensureAttributes(client, run.namespace, attributes, run.runId, (ms) => clock.pause(ms, this.#signal)),
    )
    await insertChunks(db.pool, run, cutChunks(index, cut.chunkBatches))
    await this.#context.at?.('cut')
    await tellMisfits(db, run, tally)
    const { held, mirror } = await judgeRun(this.#context, run, mapper, tally, { signal, onProgress })
    const found = { total: index.total, validation: { ...tally, ...(mirror === null ? {} : { mirror }) } }
    if (held === null) return void (await this.#move('import', found))
    const validation = { ...found.validation, held }
    await this.#move('hold', { ...found, validation, problem: held.trips[0]! })
  }

  /** A person has released it: it is planned anew, and goes on where it would do what that person saw. */
  async #validateAgain(): Promise<void> {
    const run = this.#run
    const moved = new AbortController()
    const signal = AbortSignal.any([this.#signal, moved.signal])
    const held = await judgeAgain(this.#context, run, mapperOf(run), {
      signal,
      onProgress: this.#progress(moved),
    })
    const mirror = held.absent === null ? {} : { mirror: held.absent }
    const validation = { ...(run.validation as object), ...mirror, held }
    if (held.approved === true) await this.#move('import', { validation, problem: null })
    else await this.#move('hold', { validation, problem: held.trips[0]! })
  }

  /** Shows now and then how far the reading is, and aborts it when a person stopped the run: not after it. */
  #progress(moved: AbortController): (done: number, bytes?: number) => void {
    const { db, clock } = this.#context
    const run = this.#run
    const { contentBytes: bytesTotal } = run.manifest as LandingManifest
    let shown = 0
    return (done, bytes = bytesTotal) => {
      if (clock.now() - shown < 400) return
      shown = clock.now()
      void runState(db.pool, run).then(
        (state) => state !== 'validating' && moved.abort(new RunMoved()),
        () => {},
      )
      const progress = { stage: 'validating', done, total: null, bytes, bytesTotal } as const
      void noteProgress(db.pool, run, progress).catch(() => {})
    }
  }

  async #endDryRun(
    mapper: RecordMapper,
    total: number,
    tally: ValidationTally,
    watching: Watching,
  ): Promise<void> {
    const run = this.#run
    const report = await dryRun(this.#context, run, mapper, watching)
    const mirror = mirrors(run)
      ? { mirror: await estimateAbsent(this.#context, run, mapper, watching.signal) }
      : {}
    await this.#context.store.remove(preparedKey(run.namespaceId, run.runId))
    await forgetLines(this.#context.store, run)
    await this.#move('skip', { total, validation: { ...tally, dryRun: report, ...mirror } })
  }

  /** Error file, the law, the end. */
  async finish(): Promise<void> {
    const { db, store } = this.#context
    const total = this.#run.total ?? 0
    const law = await checkLaw(db, this.#run, total, true)
    await this.#context.at?.('counted')
    const errors = await writeErrorFile(db, store, this.#run)
    await this.#context.at?.('reported')
    const end: RunChanges = { totals: law.totals, ...(errors === null ? {} : { artifacts: { errors } }) }
    if (law.faults.length > 0)
      return void (await this.#move('halt', {
        ...end,
        problem: problem('law.broken', { detail: law.faults.join('; '), run: runName(this.#run.runId) }),
      }))
    const { failed, retry } = law.counters
    // What is to be tried again has failed once: nobody should take the run for whole.
    const move = failed.total + retry > 0 ? 'complete_with_errors' : 'complete'
    const ended = await endAndMirror(db, this.#run, this.#claim, move, end)
    await this.#context.at?.('ended')
    // Who came too late leaves the run to whoever has it now.
    if (ended === 'lost') return
    await tellConsent(db, this.#run, law.counters.skipped)
    // Who is missing is told by the same records.
    if (ended === 'alone') await store.remove(preparedKey(this.#run.namespaceId, this.#run.runId))
    await forgetOlderLines(this.#context, this.#run)
  }

  /** Stopped by a person: what was written stays and is counted. Who stops does not wait for a long error file. */
  async endStopped(): Promise<void> {
    const { db, store } = this.#context
    const { counters: totals } = await chunkTotals(db.pool, this.#run)
    const long = toCounters(totals, 0).failed.total > soonWritten
    const errors = long ? null : await writeErrorFile(db, store, this.#run)
    if (this.#run.total === null) await clearFetch(this.#context, this.#claim, this.#run)
    const ended = await this.#move('end_stopped', {
      totals,
      ...(errors === null ? {} : { artifacts: { errors } }),
    })
    if (ended && long)
      await noteArtifact(db.pool, this.#run, 'errors', await writeErrorFile(db, store, this.#run))
  }
}

/** Failed records that are written into an error file in no time. */
const soonWritten = 20_000
