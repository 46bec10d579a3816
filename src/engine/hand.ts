// A hand of a worker: does one stage of one run, or imports what one run has to give, and says what an early end means.
import { decide } from '../core/failurePolicy.ts'
import type { Problem } from '../core/problem.ts'
import { definitionOf, failure, problem } from '../core/problems.ts'
import { isSettled, runMachine } from '../core/run.ts'
import { endAttempt, noteLinger, readAttempt, type AttemptRow } from '../db/attempts.ts'
import { chunkTotals } from '../db/chunks.ts'
import {
  claimRun,
  deathsMax,
  fenceChunks,
  holdChunks,
  findImporting,
  releaseLeases,
  type ClaimScope,
  type RunClaim,
} from '../db/leases.ts'
import { writeLog } from '../db/log.ts'
import { moveRun, type RunKey } from '../db/moves.ts'
import { readRun, runHolder } from '../db/runs.ts'
import type { PipelineContext } from '../pipeline/context.ts'
import { importChunks } from '../pipeline/importChunks.ts'
import { checkLaw } from '../pipeline/law.ts'
import { mapperOf } from '../pipeline/mapperOf.ts'
import { mirrorChunks } from '../pipeline/mirror/batches.ts'
import { workOnRun } from '../pipeline/pipeline.ts'
import { RunMoved } from '../pipeline/runMoved.ts'
import { undoChunks } from '../pipeline/undo/batches.ts'
import { judge, lingerPause } from './judge.ts'

/** How often a hand looks whether its run was stopped or taken over. */
const watchMs = 500

/** How long a stage may take to end once it was told to. */
const abandonMs = 10_000

interface Watch {
  readonly signal: AbortSignal
  /** Resolves when a stage that was told to end has not. */
  readonly abandoned: Promise<null>
  end(): Promise<void>
}

/** What a hand has found to do. */
export type Found = { readonly claim: RunClaim } | { readonly importing: RunKey }

export class Hand {
  readonly #context: PipelineContext
  /** The run it is at; null: it is free. */
  run: RunKey | null = null
  /** Whether the database may know of a lease of ours; true also when the answer to a claim was lost. */
  #mayHold = false

  /** The context's `worker` names this hand in leases. */
  constructor(context: PipelineContext) {
    this.#context = context
  }

  get name(): string {
    return this.#context.worker
  }

  /** Takes the next thing to do; `inHand`: runs that other hands of this process import already. */
  async find(scope: ClaimScope, inHand: readonly RunKey[]): Promise<Found | null> {
    const { pool } = this.#context.db
    await this.letGo()
    this.#mayHold = true
    const claim = await claimRun(pool, this.name, scope)
    if (claim !== null) return { claim }
    this.#mayHold = false
    const importing = await findImporting(pool, inHand, scope)
    return importing === null ? null : { importing }
  }

  /** Does what was found. Never throws: what goes wrong is the run's affair. */
  async work(found: Found): Promise<void> {
    const key = 'claim' in found ? found.claim : found.importing
    const claim = 'claim' in found ? found.claim : null
    this.run = key
    this.#mayHold = true
    try {
      await this.#guard(key, claim)
    } finally {
      await this.letGo().catch(() => {})
      this.run = null
    }
  }

  /**
   * With nothing in hand nothing may stay leased: the leases are renewed as long as we live, so a chunk that could not
   * be given back while the database was away would wait for us for ever.
   */
  async letGo(): Promise<void> {
    if (!this.#mayHold) return
    await releaseLeases(this.#context.db.pool, this.name)
    this.#mayHold = false
  }

  async #guard(key: RunKey, claim: RunClaim | null): Promise<void> {
    const watch = this.#watch(key, claim)
    const signal = AbortSignal.any([this.#context.signal, watch.signal])
    const stage = this.#stage(key, claim, signal).then(
      () => null,
      (error: unknown) => {
        const judged = judge(error, signal)
        const details = { run: key.runId, problem: judged?.code, error: String(error) }
        if (judged !== null) this.#context.log.warn(details, 'ended early')
        return judged
      },
    )
    const found = await Promise.race([stage, watch.abandoned])
    await watch.end()
    if (found !== null) await this.#carryOut(key, claim, found).catch((error: unknown) => this.#lost(error))
  }

  async #stage(key: RunKey, claim: RunClaim | null, signal: AbortSignal): Promise<void> {
    if (claim?.died === true) await this.#takeOver(claim)
    // A run that was at it before its lane was known: its chunks are the leases.
    if (claim === null || claim.state === 'importing') return this.#import(key, signal)
    if (claim.state === 'stopping') await fenceChunks(this.#context.db.pool, key)
    await workOnRun(this.#context, claim, signal)
  }

  /** A stage that kills its worker again and again spends an attempt of the run. */
  async #takeOver(claim: RunClaim): Promise<void> {
    const stage = runMachine.states[claim.state].label.toLowerCase()
    await writeLog(this.#context.db.pool, {
      namespaceId: claim.namespaceId,
      run: claim.runId,
      kind: 'taken_over',
      details: { stage },
    })
    if (claim.deaths % deathsMax === 0 && claim.state !== 'stopping')
      throw failure('worker.lost', { place: `the stage "${stage}"`, times: deathsMax })
  }

  async #import(key: RunKey, signal: AbortSignal): Promise<void> {
    const { db } = this.#context
    const run = await readRun(db.pool, key)
    if (run.trigger === 'undo') await undoChunks(this.#context, run, signal)
    else if (run.trigger === 'mirror') await mirrorChunks(this.#context, run, signal)
    else await importChunks(this.#context, run, mapperOf(run), signal)
    const { chunks, complete } = await chunkTotals(db.pool, key)
    if (complete === chunks) await moveRun(db.pool, key, 'process')
  }

  /**
   * Ends the stage when a person has stopped the run, or somebody else has it by now. One that does not end then is
   * abandoned: whatever it still does is fenced.
   */
  #watch(key: RunKey, claim: RunClaim | null): Watch {
    const moved = new AbortController()
    const ended = new AbortController()
    const abandoned = Promise.withResolvers<null>()
    const { db, clock } = this.#context
    const pause = (ms: number): Promise<void> => clock.pause(ms, ended.signal).catch(() => {})
    const loop = async (): Promise<void> => {
      let attempt = claim?.attempt
      while (!moved.signal.aborted) {
        await pause(watchMs)
        if (ended.signal.aborted) return
        const now = await runHolder(db.pool, key).catch(() => undefined)
        attempt ??= now?.attempt
        if (now === undefined) continue
        const stopped = now.state === 'stopping' && claim?.state !== 'stopping'
        if (stopped || now.attempt !== attempt) moved.abort(new RunMoved())
      }
      await pause(abandonMs)
      if (!ended.signal.aborted) abandoned.resolve(null)
    }
    const running = loop()
    return {
      signal: moved.signal,
      abandoned: abandoned.promise,
      end: async () => {
        ended.abort()
        await running
      },
    }
  }

  async #carryOut(key: RunKey, claim: RunClaim | null, found: Problem): Promise<void> {
    const { db, clock } = this.#context
    const facts = await this.#facts(key, found)
    if (facts === null) return this.#linger(key, found)
    if (isSettled(facts.state) || facts.state === 'stopping') return
    const now = clock.now()
    const decision = decide({ ...facts, now, problem: found })
    if (decision.do === 'linger') return this.#linger(key, found)
    const attempt = claim?.attempt ?? null
    await db.transaction(async (client) => {
      const ends = decision.do === 'end' && facts.written
      // Other hands may be about to commit: what is counted now must be what stays.
      if (ends) await holdChunks(client, key)
      const totals = ends ? await this.#totals(key) : undefined
      await endAttempt(client, key, { now, problem: found, facts, decision, attempt, totals })
    })
  }

  /** Null: the database that would tell is what is missing. */
  async #facts(key: RunKey, found: Problem): Promise<AttemptRow | null> {
    const asked = readAttempt(this.#context.db.pool, key)
    return definitionOf(found.code).waits === true ? asked.catch(() => null) : asked
  }

  /** Waits where it is. A database that is away cannot be told; a full disk may refuse even this line. */
  async #linger(key: RunKey, found: Problem): Promise<void> {
    const { db, clock, signal } = this.#context
    await noteLinger(db.pool, key, found, clock.now()).catch(() => {})
    await clock.pause(lingerPause(found), signal).catch(() => {})
    await this.#context.revive().catch(() => {})
  }

  /** Not even the end could be written down: the run is as it was, and is taken again. */
  async #lost(error: unknown): Promise<void> {
    const { clock, signal, log } = this.#context
    log.warn({ error: String(error) }, 'the end of an attempt could not be noted')
    await clock.pause(lingerPause(problem('database_unreachable')), signal).catch(() => {})
    await this.#context.revive().catch(() => {})
  }

  async #totals(key: RunKey): Promise<unknown> {
    const run = await readRun(this.#context.db.pool, key)
    return (await checkLaw(this.#context.db, run, run.total ?? 0, false)).totals
  }
}
