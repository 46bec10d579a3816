// Importing: a worker leases chunk after chunk of a run and keeps several batches in flight.
import type { Shape } from '../core/changeSet.ts'
import { defaultCut } from '../core/job.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { valuesIn, type PreparedRecord } from '../core/prepared.ts'
import { listAttributes } from '../db/attributes.ts'
import { claimChunk, releaseChunk, type ChunkWork } from '../db/leases.ts'
import { ProfileIds } from '../db/profileIds.ts'
import { noteImportProgress, runState, type Run } from '../db/runs.ts'
import { LostChunk } from '../db/settle.ts'
import type { PipelineContext } from './context.ts'
import { Flight } from './inFlight.ts'
import { importBatch, type BatchRun, type BatchWork } from './importBatch.ts'
import { prepareAgainst } from './prepare.ts'
import { sourceOf } from './recordSource.ts'
import { RunMoved } from './runMoved.ts'
import {
  indexKey,
  preparedKey,
  readIndex,
  readPrepared,
  seenIn,
  seenRanges,
  type BatchPlace,
  type RecordIndex,
} from './recordIndex.ts'

/** Works on the chunks of a run until none is free, the run is no longer importing, or the process must leave. */
export async function importChunks(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  signal: AbortSignal,
): Promise<void> {
  const index = await readIndex(context.store, indexKey(run.namespaceId, run.runId))
  const shapeNow = async (): Promise<Shape> =>
    shapeOf(mapper, await listAttributes(context.db.pool, run.namespaceId))
  const batchRun: BatchRun = {
    context,
    namespaceId: run.namespaceId,
    reload: shapeNow,
    delivery: {
      schema: run.namespace.schema,
      run: run.runId,
      asOf: run.asOf,
      runMonth: run.month,
      shape: await shapeNow(),
      policy: run.definition.policy,
      ids: new ProfileIds(run.namespace.schema),
    },
  }
  await new Importer(context, run, mapper, index, batchRun, signal).work()
}

/** The records of a batch from the landing itself: the prepared ones are a cache that may be gone. */
async function prepareAgain(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  place: BatchPlace,
): Promise<PreparedRecord[]> {
  const source = sourceOf(context, run)
  const columns = [...run.definition.columns]
  const records: PreparedRecord[] = []
  const isSeen = seenIn(place)
  for await (const block of source.records({ place, columns, signal: context.signal }))
    for (const raw of block)
      if (!isSeen(raw.ordinal))
        records.push(prepareAgainst(source.lineageOf(raw.ordinal), raw, mapper, run.asOf))
  return records
}

/** The columns and slots of a mapping, and which other attributes exist beside them. */
export function shapeOf(mapper: RecordMapper, catalogue: readonly { key: string }[]): Shape {
  const mapped = new Set(mapper.attributes.map((a) => a.key))
  return {
    attributes: mapper.attributes.map(({ key, write }) => ({ key, write })),
    rest: catalogue.map((a) => a.key).filter((key) => !mapped.has(key)),
    slots: mapper.identifiers.map(({ kind, kindId, rank, single }) => ({ kind, kindId, rank, single })),
  }
}

interface HeldChunk {
  readonly chunk: ChunkWork
  open: number
}

class Importer {
  readonly #context: PipelineContext
  readonly #run: Run
  readonly #index: RecordIndex
  readonly #batchRun: BatchRun
  readonly #connections: number
  readonly #signal: AbortSignal
  readonly #flights: Flight[] = []
  readonly #underWay = new Set<Promise<void>>()
  readonly #mapper: RecordMapper
  #hasPrepared: boolean | undefined
  #failed: unknown = null

  constructor(
    context: PipelineContext,
    run: Run,
    mapper: RecordMapper,
    index: RecordIndex,
    batchRun: BatchRun,
    signal: AbortSignal,
  ) {
    this.#context = context
    this.#run = run
    this.#mapper = mapper
    this.#index = index
    this.#batchRun = batchRun
    this.#connections = Number(run.settings['connections'] ?? defaultCut.connections)
    this.#signal = signal
  }

  async work(): Promise<void> {
    const watch = this.#watch()
    try {
      for await (const { held, work } of this.#works()) {
        while (this.#underWay.size >= this.#connections) await Promise.race(this.#underWay)
        if (this.#over) break
        this.#launch(held, work)
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

  #launch(held: HeldChunk, work: BatchWork): void {
    const flight = new Flight(valuesIn(work.records, this.#batchRun.delivery.shape.slots.length))
    const earlier = this.#flights.filter((other) => !other.isOver)
    this.#flights.push(flight)
    const landed = this.#land(held, work, flight, earlier).finally(() => this.#underWay.delete(landed))
    this.#underWay.add(landed)
  }

  async #land(held: HeldChunk, work: BatchWork, flight: Flight, earlier: readonly Flight[]): Promise<void> {
    let well = true
    try {
      await importBatch(this.#batchRun, work, flight, earlier)
    } catch (error) {
      // Another worker has the chunk now, or had done this batch: nothing was written here.
      if (!(error instanceof LostChunk)) {
        well = false
        this.#failed ??= error
      }
    }
    flight.land(well)
    this.#flights.splice(this.#flights.indexOf(flight), 1)
    if (--held.open === 0) await releaseChunk(this.#context.db.pool, held.chunk).catch(() => {})
  }

  /** The open batches of one chunk after another, decoded ahead. */
  async *#works(): AsyncGenerator<{ held: HeldChunk; work: BatchWork }> {
    while (!this.#over) {
      const chunk = await claimChunk(this.#context.db.pool, this.#context.worker, this.#run)
      if (chunk === null) return
      const bits: number[] = []
      for (let bit = 0; bit < chunk.batches; bit++)
        if ((chunk.done & (1n << BigInt(bit))) === 0n) bits.push(bit)
      const held: HeldChunk = { chunk, open: bits.length }
      for (const bit of bits) {
        if (this.#over) {
          await releaseChunk(this.#context.db.pool, chunk).catch(() => {})
          return
        }
        const place = this.#index.batches[chunk.firstBatch + bit]!
        const records = await this.#records(place)
        yield { held, work: { claim: chunk, bit, records, seen: seenRanges(place) } }
      }
    }
  }

  async #records(place: BatchPlace): Promise<PreparedRecord[]> {
    const key = preparedKey(this.#run.namespaceId, this.#run.runId)
    this.#hasPrepared ??= (await this.#context.store.size(key)) !== undefined
    if (!this.#hasPrepared) return prepareAgain(this.#context, this.#run, this.#mapper, place)
    const slots = this.#batchRun.delivery.shape.slots.length
    return readPrepared(this.#context.store, key, place, slots, this.#signal)
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
