// The records of a processing run: selections of the landings of several earlier runs, one after the other.
import type { RawRecord } from '../core/dialect.ts'
import type { ProcessSettings } from '../core/waiting.ts'
import { readRun, type Run } from '../db/runs.ts'
import type { OrdinalRange } from '../db/seen.ts'
import type { Lineage, ReadPlan, RecordSource, SourceContext } from './landingRecords.ts'
import { rangeOf, Selection } from './selectionSource.ts'

type Process = ProcessSettings['process']

/** A part of a processing run, and its first and last ordinal there. */
interface Part {
  readonly source: number
  readonly range: OrdinalRange
}

export class Parts implements RecordSource {
  readonly #context: SourceContext
  readonly #run: Run
  readonly #process: Process
  #selection: Selection | null = null

  constructor(context: SourceContext, run: Run, process: Process) {
    this.#context = context
    this.#run = run
    this.#process = process
  }

  async *records({ place, ...plan }: ReadPlan): AsyncGenerator<readonly RawRecord[]> {
    const [first, last] = rangeOf(place, this.#process.records)
    for (const part of partsOf(this.#process)) {
      const range: OrdinalRange = [Math.max(first, part.range[0]), Math.min(last, part.range[1])]
      if (range[0] > range[1]) continue
      this.#selection = await this.#selectionOf(part)
      // Only in the part it begins in does the index of this run say where a batch stands.
      yield* this.#selection.records({
        ...plan,
        range,
        ...(place === undefined || range[0] !== first ? {} : { place }),
      })
    }
  }

  async #selectionOf({ source }: Part): Promise<Selection> {
    const { manifest, fileName } = await sourceRun(this.#context, this.#run, source)
    const { key, records } = this.#process
    return new Selection(this.#context.store, { ...this.#run, manifest, fileName }, { key, records, source })
  }

  lineageOf(ordinal: number): Lineage | null {
    return this.#selection?.lineageOf(ordinal) ?? null
  }
}

function partsOf({ parts }: Process): Part[] {
  let before = 0
  return parts.map(({ source, records }) => {
    const range: OrdinalRange = [before + 1, before + records]
    before += records
    return { source, range }
  })
}

/** The place of the part that holds a record of a processing run. */
export function partAt(process: Process, ordinal: number): number {
  return partsOf(process).findIndex(({ range }) => ordinal >= range[0] && ordinal <= range[1])
}

/** The run whose landing holds a record of a processing run; any other run is its own. */
export async function landingRunOf(
  context: SourceContext,
  run: Run,
  process: Process | null,
  ordinal: number,
): Promise<Run> {
  const part = process === null ? undefined : partsOf(process)[partAt(process, ordinal)]
  return part === undefined ? run : sourceRun(context, run, part.source)
}

function sourceRun({ db }: SourceContext, { namespaceId }: Run, source: number): Promise<Run> {
  return readRun(db.pool, { namespaceId, runId: source })
}
