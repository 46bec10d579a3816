// The worker: takes what is to be done, one thing at a time, renews its leases, and survives a database that goes away.
import { chunkTotals } from '../db/chunks.ts'
import {
  claimRun,
  findImporting,
  releaseLeases,
  renewLeases,
  renewSeconds,
  type RunClaim,
} from '../db/leases.ts'
import { moveRun, type RunKey } from '../db/moves.ts'
import { noteSleep, readRun, runState } from '../db/runs.ts'
import { WorkBell } from '../db/wake.ts'
import { decide, matchedProfiles, resolve } from '../profiles/deliver.ts'
import { decideUndo } from '../profiles/undo/decide.ts'
import type { PipelineContext, WorkerContext } from '../pipeline/context.ts'
import { importChunks } from '../pipeline/importChunks.ts'
import { checkLaw } from '../pipeline/law.ts'
import { mapperOf, workOnRun } from '../pipeline/pipeline.ts'
import { undoChunks } from '../pipeline/undo/batches.ts'
import { judge, type Judgement } from './judge.ts'

/** How long an idle worker waits for the bell before it looks by itself. */
const idleMs = 2_000

export class Worker {
  readonly #context: PipelineContext
  /** Whether the database may know of a lease of ours; true also when the answer to a claim was lost. */
  #mayHold = false

  constructor(context: WorkerContext) {
    this.#context = {
      ...context,
      profiles: { resolve, matchedProfiles, decide },
      undo: { decide: decideUndo },
    }
  }

  /** Works until the context's signal is aborted; what is in hand is finished or handed back. */
  async run(): Promise<void> {
    const { signal, clock, db } = this.#context
    let wake = (): void => {}
    const bell = new WorkBell(db, () => wake())
    const renewing = this.#renewLoop()
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => (wake = resolve))
      await bell.ensure().catch(() => {})
      const busy = await this.runOnce().catch((error: unknown) => this.#lost(error))
      if (!busy && !signal.aborted) await Promise.race([rung, clock.pause(idleMs, signal).catch(() => {})])
    }
    bell.close()
    await this.#letGo().catch(() => {})
    await renewing
  }

  /** Does one stage or imports what one run has to give. Answers whether there was anything to do. */
  async runOnce(): Promise<boolean> {
    await this.#letGo()
    this.#mayHold = true
    const claim = await claimRun(this.#context.db.pool, this.#context.worker)
    const importing = claim === null ? await findImporting(this.#context.db.pool) : null
    if (claim !== null)
      await this.#guard(claim, claim, () => workOnRun(this.#context, claim, this.#context.signal))
    else if (importing !== null) await this.#guard(importing, null, () => this.#import(importing))
    else this.#mayHold = false
    await this.#letGo().catch(() => {})
    return claim !== null || importing !== null
  }

  /**
   * With nothing in hand nothing may stay leased: the leases are renewed as long as we live, so a chunk that could not
   * be given back while the database was away would wait for us for ever.
   */
  async #letGo(): Promise<void> {
    if (!this.#mayHold) return
    await releaseLeases(this.#context.db.pool, this.#context.worker)
    this.#mayHold = false
  }

  async #import(key: RunKey): Promise<void> {
    const { db } = this.#context
    const run = await readRun(db.pool, key)
    if (run.trigger === 'undo') await undoChunks(this.#context, run, this.#context.signal)
    else await importChunks(this.#context, run, mapperOf(run), this.#context.signal)
    if (!(await hasOpenChunk(this.#context, key))) await moveRun(db.pool, key, 'process')
  }

  async #guard(key: RunKey, claim: RunClaim | null, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const judgement = judge(error, this.#context.signal.aborted)
      this.#context.log.warn(
        { run: key.runId, verdict: judgement.verdict, error: String(error) },
        'a stage ended early',
      )
      await this.#carryOut(key, claim, judgement)
    }
  }

  async #carryOut(key: RunKey, claim: RunClaim | null, judgement: Judgement): Promise<void> {
    const { db, clock, signal } = this.#context
    if (judgement.verdict === 'leave') return
    if (judgement.verdict === 'sleep') {
      const { problem, ms } = judgement
      // A database that is away cannot be told; a full disk may refuse even this line.
      await noteSleep(db.pool, key, { reason: problem.code, problem, until: null }).catch(() => {})
      await clock.pause(ms, signal).catch(() => {})
      await this.#context.revive().catch(() => {})
      return
    }
    const state = await runState(db.pool, key)
    const attempt = claim?.attempt ?? null
    const written = state === 'importing' || state === 'processing'
    const law = written ? await this.#totals(key) : {}
    const move = judgement.verdict === 'halt' ? 'halt' : written ? 'end_partial' : 'fail'
    await moveRun(db.pool, key, move, { problem: judgement.problem, ...law }, attempt)
  }

  async #totals(key: RunKey): Promise<{ totals?: unknown }> {
    const run = await readRun(this.#context.db.pool, key)
    return { totals: (await checkLaw(this.#context.db, run, run.total ?? 0, false)).totals }
  }

  /** The database is away: wait a moment and look again. Anything else is a bug, logged and survived. */
  async #lost(error: unknown): Promise<boolean> {
    const judgement = judge(error, this.#context.signal.aborted)
    if (judgement.verdict !== 'leave')
      this.#context.log.warn({ error: String(error) }, 'the worker cannot look for work')
    const ms = judgement.verdict === 'sleep' ? judgement.ms : 1_000
    await this.#context.clock.pause(ms, this.#context.signal).catch(() => {})
    if (judgement.verdict === 'sleep') await this.#context.revive().catch(() => {})
    return true
  }

  async #renewLoop(): Promise<void> {
    const { signal, clock, db, worker } = this.#context
    while (!signal.aborted) {
      await clock.pause(renewSeconds * 1000, signal).catch(() => {})
      if (!signal.aborted) await renewLeases(db.pool, worker).catch(() => {})
    }
  }
}

async function hasOpenChunk(context: PipelineContext, key: RunKey): Promise<boolean> {
  const { chunks, complete } = await chunkTotals(context.db.pool, key)
  return complete < chunks
}
