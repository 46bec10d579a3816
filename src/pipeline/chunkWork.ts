// Working through the chunks of a run: a worker leases one after the other and keeps several batches in flight.
import { defaultCut } from '../core/job.ts'
import { failure } from '../core/problems.ts'
import { claimChunk, deathsMax, releaseChunk, type ChunkWork } from '../db/leases.ts'
import { writeLog } from '../db/log.ts'
import { noteImportProgress, runState, type Run } from '../db/runs.ts'
import { LostChunk, type ChunkClaim } from '../db/settle.ts'
import type { PipelineContext } from './context.ts'
import { RunMoved } from './runMoved.ts'

/** A batch that is a worker's to do. */
export interface OpenBatch {
  readonly claim: ChunkClaim
  /** Its place in its chunk. */
  readonly bit: number
  /** Its place in the record index. */
  readonly batch: number
  /** The quota cut it: what was taken ends with this record; 0: nothing was. */
  readonly taken: number
}

export interface BatchKind<W> {
  /** Reads what a batch consists of; called one after the other, ahead of the work. */
  read(open: OpenBatch): Promise<W>
  /** Begins the work, in the order of the batches; resolves when it is committed. Throws `LostChunk` when others did it. */
  begin(work: W): Promise<void>
}

interface HeldChunk {
  readonly chunk: ChunkWork
  open: number
}

/** Works until no chunk is free, the run is no longer importing, or the process must leave. */
export async function workChunks<W>(
  context: PipelineContext,
  run: Run,
  kind: BatchKind<W>,
  signal: AbortSignal,
): Promise<void> {
  await new ChunkLoop(context, run, kind, signal).work()
}

class ChunkLoop<W> {
  readonly #context: PipelineContext
  readonly #run: Run
  readonly #kind: BatchKind<W>
  readonly #connections: number
  readonly #signal: AbortSignal
  readonly #underWay = new Set<Promise<void>>()
  #failed: unknown = null

  constructor(context: PipelineContext, run: Run, kind: BatchKind<W>, signal: AbortSignal) {
    this.#context = context
    this.#run = run
    this.#kind = kind
    this.#connections = Number(run.settings['connections'] ?? defaultCut.connections)
    this.#signal = signal
  }

  async work(): Promise<void> {
    const watch = this.#watch()
    try {
      for await (const { held, work } of this.#works()) {
        while (this.#underWay.size >= this.#connections) await Promise.race(this.#underWay)
        if (this.#over) break
        const done = this.#do(held, work).finally(() => this.#underWay.delete(done))
        this.#underWay.add(done)
      }
    } finally {
      await Promise.all(this.#underWay)
      await watch.stop()
    }
    if (this.#failed !== null) throw this.#failed
  }

  get #over(): boolean {
    return this.#failed !== null || this.#signal.aborted
  }

  async #do(held: HeldChunk, work: W): Promise<void> {
    try {
      await this.#kind.begin(work)
    } catch (error) {
      // Another worker has the chunk now, or had done this batch: nothing was written here.
      if (!(error instanceof LostChunk)) this.#failed ??= error
    }
    if (--held.open === 0) await releaseChunk(this.#context.db.pool, held.chunk).catch(() => {})
  }

  /** The open batches of one chunk after another, read ahead. */
  async *#works(): AsyncGenerator<{ held: HeldChunk; work: W }> {
    while (!this.#over) {
      const chunk = await claimChunk(this.#context.db.pool, this.#context.worker, this.#run)
      if (chunk === null) return
      if (chunk.died) await this.#takeOver(chunk)
      const bits: number[] = []
      for (let bit = 0; bit < chunk.batches; bit++)
        if ((chunk.done & (1n << BigInt(bit))) === 0n) bits.push(bit)
      const held: HeldChunk = { chunk, open: bits.length }
      for (const bit of bits) {
        if (this.#over) {
          await releaseChunk(this.#context.db.pool, chunk).catch(() => {})
          return
        }
        const taken = chunk.cuts[bit] ?? 0
        const open = { claim: chunk, bit, batch: chunk.firstBatch + bit, taken }
        yield { held, work: await this.#kind.read(open) }
      }
    }
  }

  /** A chunk that kills its worker again and again spends an attempt of the run. */
  async #takeOver(chunk: ChunkWork): Promise<void> {
    const { pool } = this.#context.db
    const { namespaceId, runId, firstBatch, batches, number, deaths } = chunk
    const details = { chunk: number, deaths }
    await writeLog(pool, { namespaceId, run: runId, job: this.#run.job.id, kind: 'taken_over', details })
    if (deaths % deathsMax !== 0) return
    await releaseChunk(pool, chunk)
    const place = `chunk ${number} of the run (batches ${firstBatch + 1} to ${firstBatch + batches})`
    throw failure('worker.lost', { place, times: deathsMax })
  }

  /** Shows the progress, and notices within a second when the run is no longer importing. */
  #watch(): { stop(): Promise<void> } {
    const ended = new AbortController()
    const loop = async (): Promise<void> => {
      while (!ended.signal.aborted) {
        await this.#context.clock.pause(500, ended.signal).catch(() => {})
        if (ended.signal.aborted) return
        await noteImportProgress(this.#context.db.pool, this.#run).catch(() => {})
        const state = await runState(this.#context.db.pool, this.#run).catch(() => 'importing')
        if (state !== 'importing') this.#failed ??= new RunMoved()
      }
    }
    const running = loop()
    return {
      stop: async () => {
        ended.abort()
        await running
      },
    }
  }
}
