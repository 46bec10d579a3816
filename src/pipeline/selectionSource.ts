// Chosen records of an earlier run, read from its landing again (sluice records retry).
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { RawRecord, ReadStart } from '../core/dialect.ts'
import type { RetrySettings } from '../core/retry.ts'
import { decodeSelected, selectedBytes, type Selected } from '../core/selection.ts'
import type { Run } from '../db/runs.ts'
import type { OrdinalRange } from '../db/seen.ts'
import { readRecords } from '../formats/reader.ts'
import { indexKey, readIndex, type BatchPlace } from './recordIndex.ts'
import type { Lineage, ReadPlan, RecordSource } from './landingRecords.ts'

/** Entries looked at together: a fraction of a megabyte. */
const pageEntries = 5_000

type Choice = NonNullable<RetrySettings['selection']>

export class Selection implements RecordSource {
  readonly #store: BlobStore
  readonly #run: Run
  readonly #choice: Choice
  #first = 1
  #page: readonly Selected[] = []

  constructor(store: BlobStore, run: Run, choice: Choice) {
    this.#store = store
    this.#run = run
    this.#choice = choice
  }

  /** Each batch of the earlier run that holds a chosen record is read once, and only as far as needed. */
  async *records({
    place,
    columns,
    signal,
    range,
  }: ReadPlan & { readonly range?: OrdinalRange }): AsyncGenerator<readonly RawRecord[]> {
    const { batches } = await readIndex(this.#store, indexKey(this.#run.namespaceId, this.#choice.source))
    let start: ReadStart | undefined
    const [first, end] = range ?? rangeOf(place, this.#choice.records)
    for (let ordinal = first; ordinal <= end; ordinal += this.#page.length) {
      await this.#turnTo(ordinal, Math.min(pageEntries, end - ordinal + 1))
      // The first record of a batch stands where the index says, without reading up to it.
      if (place !== undefined && start === undefined)
        start = { offset: place.offset, line: place.line, ordinal: this.#page[0]!.source }
      for (let at = 0; at < this.#page.length;) {
        const batch = batchOf(batches, this.#page[at]!.source)
        const last = batch.firstOrdinal + batch.records - 1
        let after = at
        while (after < this.#page.length && this.#page[after]!.source <= last) after++
        const from = start ?? { offset: batch.offset, line: batch.line, ordinal: batch.firstOrdinal }
        start = undefined
        yield* this.#pick(from, at, after, columns, signal)
        at = after
      }
    }
  }

  async #turnTo(ordinal: number, count: number): Promise<void> {
    this.#first = ordinal
    this.#page = await readSelected(this.#store, this.#choice.key, ordinal, count)
    if (this.#page.length === 0) throw new Error(`the selection ends before record ${ordinal}`)
  }

  /** The records of the entries from `at` to before `after`, which one batch holds. */
  async *#pick(
    start: ReadStart,
    at: number,
    after: number,
    columns: string[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly RawRecord[]> {
    const content = readLanding(this.#store, this.#run.manifest as LandingManifest, start.offset, signal)
    const limit = this.#page[after - 1]!.source - start.ordinal + 1
    let next = at
    for await (const block of readRecords(content, this.#run.definition.dialect, { columns, start, limit })) {
      signal?.throwIfAborted()
      const found: RawRecord[] = []
      for (const record of block)
        if (next < after && record.ordinal === this.#page[next]!.source)
          found.push({ ...record, ordinal: this.#first + next++ })
      if (found.length > 0) yield found
    }
    if (next < after) throw new Error(`record ${this.#page[next]!.source} is not in the landing`)
  }

  lineageOf(ordinal: number): Lineage | null {
    const entry = this.#page[ordinal - this.#first]
    return entry === undefined ? null : { origin: entry.origin, failed: null, skipped: null, warning: null }
  }
}

/** The ordinals that are meant: those of a batch, or all. */
export function rangeOf(place: BatchPlace | undefined, records: number): OrdinalRange {
  return place === undefined ? [1, records] : [place.firstOrdinal, place.firstOrdinal + place.records - 1]
}

function batchOf(batches: readonly BatchPlace[], ordinal: number): BatchPlace {
  let low = 0
  let high = batches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (batches[middle]!.firstOrdinal <= ordinal) low = middle + 1
    else high = middle
  }
  const batch = batches[low - 1]
  if (batch === undefined) throw new Error(`no batch holds record ${ordinal}`)
  return batch
}

/** Entries of a selection, the first at this ordinal of the run that retries them. */
export async function readSelected(
  store: BlobStore,
  key: string,
  ordinal: number,
  count: number,
): Promise<Selected[]> {
  const bytes = await store.read(key, (ordinal - 1) * selectedBytes, count * selectedBytes)
  return decodeSelected(bytes)
}
