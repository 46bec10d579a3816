// The records of a landing, and what every source of records gives.
import { readLanding, readLandingNear, type LandingManifest } from '../blobs/landing.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { RawRecord, ReadStart } from '../core/dialect.ts'
import type { Origin } from '../core/origin.ts'
import type { Problem } from '../core/problem.ts'
import type { Skipped } from '../core/record.ts'
import type { Database } from '../db/client.ts'
import type { Run } from '../db/runs.ts'
import type { LineFilter } from '../formats/lineFilter.ts'
import { readRecords } from '../formats/reader.ts'
import type { BatchPlace } from './recordIndex.ts'

/** What a record goes back to, and what was decided about it before it was mapped. */
export interface Lineage {
  readonly origin: Origin | null
  readonly failed: Problem | null
  readonly skipped: Skipped | null
  readonly warning: Problem | null
}

export interface ReadPlan {
  /** Begin with this batch; without it, with the first record. Then `limit` records are read. */
  readonly place?: BatchPlace
  /** Live: grows by columns that appear while reading. */
  readonly columns: string[]
  /** A few of the batch are wanted, not all of it. */
  readonly few?: boolean
  /** Lets records pass unread. */
  readonly filter?: LineFilter | null
  readonly signal?: AbortSignal | undefined
}

export interface RecordSource {
  /** In blocks, with ordinals of this run. */
  records(plan: ReadPlan): AsyncIterable<readonly RawRecord[]>
  /** About a record of the block read last; null: it is nobody's retry. */
  lineageOf(ordinal: number): Lineage | null
}

/** What reading needs. */
export interface SourceContext {
  readonly db: Database
  readonly store: BlobStore
}

/** Every record of the run's own landing. */
export class WholeLanding implements RecordSource {
  readonly #store: BlobStore
  readonly #run: Run

  constructor(store: BlobStore, run: Run) {
    this.#store = store
    this.#run = run
  }

  records(plan: ReadPlan): AsyncIterable<readonly RawRecord[]> {
    return landingRecords(this.#store, this.#run, plan)
  }

  lineageOf(): null {
    return null
  }
}

/** The records of a run's landing from a batch on, or all of them. */
export function landingRecords(
  store: BlobStore,
  run: Run,
  { place, columns, few = false, filter = null, signal }: ReadPlan,
): AsyncIterable<readonly RawRecord[]> {
  const manifest = run.manifest as LandingManifest
  const offset = place?.offset ?? 0
  const content = few
    ? readLandingNear(store, manifest, offset)
    : readLanding(store, manifest, offset, signal)
  const from = place === undefined ? {} : { start: startOf(place), limit: place.records }
  return readRecords(content, run.definition.dialect, {
    columns,
    filter,
    ...(signal === undefined ? {} : { signal }),
    ...from,
  })
}

function startOf({ offset, firstOrdinal, line }: BatchPlace): ReadStart {
  return { offset, ordinal: firstOrdinal, line }
}
