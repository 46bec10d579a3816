// The life of a run, stage by stage: validate → [hold?] → import → finish. Read this file first.
import type { LandingManifest } from '../blobs/landing.ts'
import { compileMapping } from '../core/compileMapping.ts'
import { defaultCut, type CutSettings } from '../core/job.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { problem } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import { runName } from '../core/names.ts'
import { ensureAttributes } from '../db/attributes.ts'
import { insertChunks } from '../db/chunks.ts'
import type { RunClaim } from '../db/leases.ts'
import { moveRun, type RunChanges } from '../db/moves.ts'
import { noteProgress, readRun, runState, type Run } from '../db/runs.ts'
import type { RunMove } from '../core/run.ts'
import type { PipelineContext } from './context.ts'
import { dryRun } from './dryRun.ts'
import { sourceOf } from './recordSource.ts'
import { RunMoved } from './runMoved.ts'
import { writeErrorFile } from './errorFile.ts'
import { checkLaw } from './law.ts'
import { forgetLines, forgetOlderLines, openSeen, skipsSeen } from './seenLines.ts'
import { cutChunks, indexKey, preparedKey, writeIndex } from './recordIndex.ts'
import type { ValidationTally } from './tally.ts'
import { workOnUndo } from './undo/undoRun.ts'
import { validate } from './validate.ts'
import { takeStage, type Stages } from './stages.ts'

/** Does the stage a claimed run is in, and moves it on. Anything thrown is for the engine to judge. */
export async function workOnRun(
  context: PipelineContext,
  claim: RunClaim,
  signal: AbortSignal,
): Promise<void> {
  const run = await readRun(context.db.pool, claim)
  if (run.trigger === 'undo') return workOnUndo(context, claim, run, signal)
  return takeStage(new Step(context, claim, run, signal), claim.state)
}

/** The mapping of a run, compiled. */
export function mapperOf(run: Run): RecordMapper {
  return compileMapping(run.definition.mapping, run.definition.columns, {
    file: run.fileName,
    now: () => performance.now(),
  })
}

function cutOf(run: Run): CutSettings {
  return { ...defaultCut, ...run.settings }
}

class Step implements Stages {
  readonly #context: PipelineContext
  readonly #claim: RunClaim
  readonly #run: Run
  readonly #signal: AbortSignal

  constructor(context: PipelineContext, claim: RunClaim, run: Run, signal: AbortSignal) {
    this.#context = context
    this.#claim = claim
    this.#run = run
    this.#signal = signal
  }

  #move(move: RunMove, changes: RunChanges = {}): Promise<boolean> {
    return moveRun(this.#context.db.pool, this.#claim, move, changes, this.#claim.attempt)
  }

  /** A run that was validated before goes on where it stopped; its chunks know what is done. */
  async begin(): Promise<void> {
    if (this.#run.validation !== null && this.#run.total !== null) await this.#move('import')
    else if (await this.#move('validate')) await this.validate()
  }

  async validate(): Promise<void> {
    const { store, db, clock } = this.#context
    const run = this.#run
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
    if (run.settings['dryRun'] === true) return this.#endDryRun(mapper, index.total, tally)
    await db.withClient((client) =>
      ensureAttributes(client, run.namespace, mapper.attributes, run.runId, (ms) =>
        clock.pause(ms, this.#signal),
      ),
    )
    await insertChunks(db.pool, run, cutChunks(index, cut.chunkBatches))
    await this.#context.at?.('cut')
    const found = { total: index.total, validation: tally }
    const held = breakerTrips(run, tally)
    if (held !== null) await this.#move('hold', { ...found, problem: held })
    else await this.#move('import', found)
  }

  /** Shows now and then how far the reading is, and aborts it when a person stopped the run: not after it. */
  #progress(moved: AbortController): (done: number, bytes: number) => void {
    const { db, clock } = this.#context
    const run = this.#run
    const { contentBytes: bytesTotal } = run.manifest as LandingManifest
    let shown = 0
    return (done, bytes) => {
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

  async #endDryRun(mapper: RecordMapper, total: number, tally: ValidationTally): Promise<void> {
    const report = await dryRun(this.#context, this.#run, mapper)
    await forgetLines(this.#context.store, this.#run)
    await this.#move('skip', { total, validation: { ...tally, dryRun: report } })
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
    const ended = await this.#move(law.counters.failed.total > 0 ? 'complete_with_errors' : 'complete', end)
    await this.#context.at?.('ended')
    // Who came too late leaves the run to whoever has it now.
    if (!ended) return
    await store.remove(preparedKey(this.#run.namespaceId, this.#run.runId))
    await forgetOlderLines(this.#context, this.#run)
  }

  /** Stopped by a person: what was written stays and is counted. */
  async endStopped(): Promise<void> {
    const { db, store } = this.#context
    const law = await checkLaw(db, this.#run, this.#run.total ?? 0, false)
    const errors = await writeErrorFile(db, store, this.#run)
    await this.#move('end_stopped', {
      totals: law.totals,
      ...(errors === null ? {} : { artifacts: { errors } }),
    })
  }
}

/** A proposal made from the beginning of a file stands while at most so many percent of a column's values do not fit. */
const misfitPercentMax = 5

/** The column of which the whole file says otherwise than its beginning did, when the mapping was proposed from that. */
function misled(run: Run, tally: ValidationTally): Problem | null {
  if (run.settings['sampled'] !== true) return null
  const [column, count] = Object.entries(tally.columns).sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  const percent = Math.round((count / tally.total) * 1000) / 10
  if (percent <= misfitPercentMax) return null
  return problem('mapping.misled', { column, count, percent, run: runName(run.runId) }, column)
}

/** Why the circuit breaker holds the run before anything is written, or null (design section 7). */
export function breakerTrips(run: Run, tally: ValidationTally): Problem | null {
  const limits = run.definition.breaker
  if (limits === null) return null
  const name = runName(run.runId)
  if (tally.total === 0) return problem('breaker.empty', { run: name })
  const wrongType = misled(run, tally)
  if (wrongType !== null) return wrongType
  const percent = (tally.rejected / tally.total) * 100
  if (tally.rejected <= limits.rejectsMin || percent <= limits.rejectsPercent) return null
  return problem('breaker.rejects', {
    rejected: tally.rejected,
    total: tally.total,
    percent: Math.round(percent * 10) / 10,
    limit: limits.rejectsPercent,
    run: name,
  })
}
