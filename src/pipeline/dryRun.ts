// The dry run: the same resolve and plan as the import, and nothing written. A change set a person can read.
import type pg from 'pg'
import type { ChangeSet, Shape } from '../core/changeSet.ts'
import { fromCopy } from '../core/copyText.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { changed, isPlanned, valuesIn, type PreparedRecord } from '../core/prepared.ts'
import { listAttributes } from '../db/attributes.ts'
import { ProfileIds } from '../db/profileIds.ts'
import type { Run } from '../db/runs.ts'
import type { OrdinalRange } from '../db/seen.ts'
import { countBatch } from '../db/settle.ts'
import type { Delivery, Hits } from '../db/delivery.ts'
import type { PipelineContext, ProfileEndpoint } from './context.ts'
import { prepareAgain, shapeOf } from './importChunks.ts'
import {
  indexKey,
  preparedKey,
  readIndex,
  readPrepared,
  seenRanges,
  type BatchPlace,
  type RecordIndex,
} from './recordIndex.ts'

const differencesMax = 20

export interface Difference {
  readonly ordinal: number
  readonly identifier: string | null
  readonly profileId: number
  readonly attribute: string
  readonly before: string | null
  readonly after: string | null
}

export interface DryRunReport {
  /** Flat counters, as a run keeps them. */
  readonly counters: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
  /** Records of people whom an earlier record of the same file would create: counted as updated. */
  readonly repeats: number
  /** The first people whom a record would delete, by identifier. */
  readonly deleted: readonly string[]
  readonly newAttributes: readonly string[]
}

/** Plans the whole file against the profiles as they are now. Memory: one hash per new identifier value, one per person deleted. */
export async function dryRun(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (done: number) => void },
): Promise<DryRunReport> {
  const { mode } = run.definition.policy
  const catalogue = await listAttributes(context.db.pool, run.namespaceId)
  const known = new Set(catalogue.map((a) => a.key))
  const missing = mode === 'delete' ? [] : mapper.attributes.filter(({ key }) => !known.has(key))
  const planner = new DryPlanner(
    context.profiles,
    run,
    narrow(shapeOf(mapper, catalogue, mode), known),
    mapper,
  )
  const index = await readIndex(context.store, indexKey(run.namespaceId, run.runId))
  let done = 0
  for await (const { records, place } of preparedBatches(context, run, mapper, index, signal)) {
    await context.db.withClient((client) => planner.take(client, records, seenRanges(place)))
    done += place.records
    onProgress?.(done)
  }
  return { ...planner.report(), newAttributes: missing.map(({ key }) => key) }
}

/** The records of a validated run, batch by batch; from the landing where what was prepared is gone. */
export async function* preparedBatches(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  index: RecordIndex,
  signal: AbortSignal,
): AsyncGenerator<{ records: readonly PreparedRecord[]; place: BatchPlace }> {
  const key = preparedKey(run.namespaceId, run.runId)
  const isThere = (await context.store.size(key)) !== undefined
  for (const place of index.batches) {
    signal.throwIfAborted()
    const records = isThere
      ? await readPrepared(context.store, key, place, mapper.identifiers.length, signal)
      : await prepareAgain(context, run, mapper, place)
    yield { records, place }
  }
}

/** Attributes that do not exist yet cannot be loaded; every value of theirs is new. */
function narrow(shape: Shape, known: ReadonlySet<string>): Shape & { readonly kept: readonly number[] } {
  const kept = shape.attributes.flatMap((a, i) => (known.has(a.key) ? [i] : []))
  return { ...shape, attributes: kept.map((i) => shape.attributes[i]!), kept }
}

class DryPlanner {
  readonly #profiles: ProfileEndpoint
  readonly #delivery: Delivery
  readonly #kept: readonly number[]
  readonly #all: number
  readonly #coming = new Set<string>()
  readonly #counters: Record<string, number> = {}
  readonly #differences: Difference[] = []
  readonly #deleted: string[] = []
  /** Profiles that an earlier batch would delete. */
  readonly #gone = new Set<number>()
  #repeats = 0

  constructor(
    profiles: ProfileEndpoint,
    run: Run,
    shape: Shape & { readonly kept: readonly number[] },
    mapper: RecordMapper,
  ) {
    this.#profiles = profiles
    this.#kept = shape.kept
    this.#all = mapper.attributes.length
    this.#delivery = {
      schema: run.namespace.schema,
      run: run.runId,
      asOf: run.asOf,
      runMonth: run.month,
      shape,
      policy: run.definition.policy,
      ids: new ProfileIds(run.namespace.schema),
    }
  }

  async take(
    client: pg.ClientBase,
    batch: readonly PreparedRecord[],
    seen: readonly OrdinalRange[],
  ): Promise<void> {
    const fresh = batch
      .filter((record) => !isPlanned(record) || !this.#isRepeat(record))
      .map((r) => this.#narrow(r))
    const values = valuesIn(fresh, this.#delivery.shape.slots.length)
    const hits = this.#present(await this.#profiles.resolve(client, this.#delivery, values))
    const { changeSet } = await this.#profiles.decide(client, this.#delivery, fresh, hits)
    for (const [key, count] of Object.entries(countBatch(changeSet.settlements, seen)))
      this.#counters[key] = (this.#counters[key] ?? 0) + count
    for (const { kindId, value } of changeSet.added) this.#coming.add(`${kindId}:${value}`)
    this.#noteDifferences(changeSet, fresh)
    this.#noteDeleted(changeSet)
  }

  /** Whoever an earlier batch would delete is not there any more. */
  #present(hits: Hits): Hits {
    if (this.#gone.size === 0) return hits
    return hits.map((slot) => new Map([...slot].filter(([, id]) => !this.#gone.has(id))))
  }

  #noteDeleted({ deleted, settlements }: ChangeSet): void {
    if (deleted.length === 0) return
    for (const { id } of deleted) this.#gone.add(id)
    for (const settled of settlements) {
      if (this.#deleted.length >= differencesMax) return
      if (settled.state === 'finished' && settled.outcome === 'deleted' && settled.identifier !== null)
        this.#deleted.push(settled.identifier)
    }
  }

  #isRepeat(record: PreparedRecord): boolean {
    const { slots } = this.#delivery.shape
    const repeated = record.identifiers.some(
      (value, i) => value !== null && this.#coming.has(`${slots[i]!.kindId}:${value}`),
    )
    if (!repeated) return false
    this.#repeats++
    this.#counters['finished.updated'] = (this.#counters['finished.updated'] ?? 0) + 1
    return true
  }

  #narrow(record: PreparedRecord): PreparedRecord {
    if (this.#kept.length === this.#all || !isPlanned(record)) return record
    const cells = record.row.split('\t')
    return changed(record, { cleared: null, row: this.#kept.map((i) => cells[i]).join('\t') })
  }

  #noteDifferences(changeSet: ChangeSet, records: readonly PreparedRecord[]): void {
    const byOrdinal = new Map(records.map((record) => [record.ordinal, record]))
    for (const { ordinal, profileId, before } of changeSet.changes) {
      const record = byOrdinal.get(ordinal)
      if (record === undefined) continue
      const cells = record.row.split('\t')
      for (const [attribute, old] of Object.entries(before.a ?? {})) {
        if (this.#differences.length >= differencesMax) return
        const at = this.#delivery.shape.attributes.findIndex((a) => a.key === attribute)
        const after = at === -1 ? null : fromCopy(cells[at]!)
        const identifier = record.identifiers.find((value) => value !== null) ?? null
        this.#differences.push({ ordinal, identifier, profileId, attribute, before: old, after })
      }
    }
  }

  report(): Omit<DryRunReport, 'newAttributes'> {
    return {
      counters: this.#counters,
      differences: this.#differences,
      repeats: this.#repeats,
      deleted: this.#deleted,
    }
  }
}
