// Importing: the batches of a run, read from what validation prepared, and which of them must wait for which.
import type { Shape } from '../core/changeSet.ts'
import type { RecordMapper } from '../core/mapped.ts'
import type { WritePolicy } from '../core/mapping.ts'
import { leavesNew, retryRuleOf } from '../core/waiting.ts'
import { valuesIn, type PreparedRecord } from '../core/prepared.ts'
import { listAttributes } from '../db/attributes.ts'
import { ProfileIds } from '../db/profileIds.ts'
import type { Run } from '../db/runs.ts'
import { LostChunk } from '../db/settle.ts'
import { workChunks, type BatchKind, type OpenBatch } from './chunkWork.ts'
import type { PipelineContext } from './context.ts'
import { Flight } from './inFlight.ts'
import type { BatchRun, BatchWork } from './batchWork.ts'
import { importBatch } from './importBatch.ts'
import { leaveBatch } from './leaveBatch.ts'
import { prepareAgainst } from './prepare.ts'
import { sourceOf } from './recordSource.ts'
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
    shapeOf(mapper, await listAttributes(context.db.pool, run.namespaceId), run.definition.policy.mode)
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
      retry: retryRuleOf(run),
      settles: run.trigger === 'process',
      ids: new ProfileIds(run.namespace.schema),
    },
  }
  await workChunks(context, run, new Importer(context, run, mapper, index, batchRun, signal), signal)
}

/** The records of a batch from the landing itself: the prepared ones are a cache that may be gone. */
export async function prepareAgain(
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
export function shapeOf(
  mapper: RecordMapper,
  catalogue: readonly { key: string }[],
  mode: WritePolicy['mode'],
): Shape {
  const slots = mapper.identifiers.map(({ kind, kindId, rank, single }) => ({ kind, kindId, rank, single }))
  // Who deletes looks at no value.
  if (mode === 'delete') return { attributes: [], rest: [], slots }
  const mapped = new Set(mapper.attributes.map((a) => a.key))
  return {
    attributes: mapper.attributes.map(({ key, write }) => ({ key, write })),
    rest: catalogue.map((a) => a.key).filter((key) => !mapped.has(key)),
    slots,
  }
}

/** The batches of an import: of two that share people, the later one waits. */
class Importer implements BatchKind<BatchWork> {
  readonly #context: PipelineContext
  readonly #run: Run
  readonly #index: RecordIndex
  readonly #batchRun: BatchRun
  readonly #signal: AbortSignal
  readonly #flights: Flight[] = []
  readonly #mapper: RecordMapper
  #hasPrepared: boolean | undefined

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
    this.#signal = signal
  }

  async read({ claim, bit, batch, taken }: OpenBatch): Promise<BatchWork> {
    const place = this.#index.batches[batch]!
    const records = await this.#records(place)
    if (taken === 0) return { claim, bit, taken, records, seen: seenRanges(place) }
    const rest = records.filter(({ ordinal }) => ordinal > taken)
    return { claim, bit, taken, records: rest, seen: [] }
  }

  begin(work: BatchWork): Promise<void> {
    if (leavesNew(this.#run)) return leaveBatch(this.#batchRun, work)
    const flight = new Flight(valuesIn(work.records, this.#batchRun.delivery.shape.slots.length))
    const earlier = this.#flights.filter((other) => !other.isOver)
    this.#flights.push(flight)
    return this.#land(work, flight, earlier)
  }

  async #land(work: BatchWork, flight: Flight, earlier: readonly Flight[]): Promise<void> {
    let well = false
    try {
      await importBatch(this.#batchRun, work, flight, earlier)
      well = true
    } catch (error) {
      well = error instanceof LostChunk
      throw error
    } finally {
      flight.land(well)
      this.#flights.splice(this.#flights.indexOf(flight), 1)
    }
  }

  async #records(place: BatchPlace): Promise<PreparedRecord[]> {
    const key = preparedKey(this.#run.namespaceId, this.#run.runId)
    this.#hasPrepared ??= (await this.#context.store.size(key)) !== undefined
    if (!this.#hasPrepared) return prepareAgain(this.#context, this.#run, this.#mapper, place)
    const slots = this.#batchRun.delivery.shape.slots.length
    return readPrepared(this.#context.store, key, place, slots, this.#signal)
  }
}
