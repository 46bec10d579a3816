// The error file of a run: every failed record with its original columns, where it stands, and why.
import type { BlobStore } from '../blobs/store.ts'
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import { failedRecords, type FailedRecord } from '../db/ledger.ts'
import type { Database } from '../db/client.ts'
import type { Run } from '../db/runs.ts'
import { errorHeader, errorRow } from '../formats/errorRow.ts'
import { cellsAround, readAll } from '../formats/reader.ts'
import { cellsTogether } from '../formats/rowsTogether.ts'
import { ownColumns } from '../core/errorColumns.ts'
import { parseRecordName } from '../core/origin.ts'
import { retryOf } from '../core/retry.ts'
import { processOf, type ProcessSettings } from '../core/waiting.ts'
import type { SourceContext } from './landingRecords.ts'
import { landingRunOf, partAt } from './partsSource.ts'

export interface Artifact {
  readonly key: string
  readonly bytes: number
  readonly records: number
}

/** Reads slices of a landing in ascending order, keeping only what is at hand. */
export class Slices {
  readonly #content: AsyncIterator<Uint8Array>
  #block: Uint8Array = new Uint8Array()
  #blockAt = 0

  constructor(store: BlobStore, manifest: LandingManifest, from: number) {
    this.#blockAt = from
    this.#content = readLanding(store, manifest, from)[Symbol.asyncIterator]()
  }

  async take(offset: number, length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let at = offset
    while (at < offset + length) {
      if (at >= this.#blockAt + this.#block.length) {
        const { value, done } = await this.#content.next()
        if (done === true) break
        this.#blockAt += this.#block.length
        this.#block = value
        continue
      }
      const part = this.#block.subarray(at - this.#blockAt, offset + length - this.#blockAt)
      parts.push(part)
      at += part.length
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  async close(): Promise<void> {
    await this.#content.return?.()
  }
}

/** The landings that the failed records of a run stand in: its own, or of a processing run those of other runs. */
class Landings {
  readonly #context: SourceContext
  readonly #run: Run
  readonly #process: ProcessSettings['process'] | null
  #slices: Slices | null = null
  #of: number | null = null

  constructor(context: SourceContext, run: Run) {
    this.#context = context
    this.#run = run
    this.#process = processOf(run.trigger, run.settings)?.process ?? null
  }

  /** Slices from this record on; records come in the order of the run. */
  async at({ ordinal, problem }: FailedRecord): Promise<Slices> {
    const part = this.#process === null ? 0 : partAt(this.#process, ordinal)
    if (this.#slices !== null && this.#of === part) return this.#slices
    await this.close()
    const { manifest } = await landingRunOf(this.#context, this.#run, this.#process, ordinal)
    this.#of = part
    return (this.#slices = new Slices(this.#context.store, manifest as LandingManifest, problem.at[1]))
  }

  async close(): Promise<void> {
    await this.#slices?.close()
    this.#slices = null
  }
}

/** Writes the error file, or nothing where no record failed. */
export async function writeErrorFile(db: Database, store: BlobStore, run: Run): Promise<Artifact | null> {
  const key = `runs/${run.namespaceId}/${run.runId}/errors.csv`
  let records = 0
  async function* lines(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(errorHeader(customerColumns(run), true))
    const landings = new Landings({ db, store }, run)
    for await (const page of failedRecords(db.pool, run.namespace.schema, run.runId, run.month)) {
      const raws: Uint8Array[] = []
      for (const failed of page) raws.push(await bytesOf(await landings.at(failed), failed))
      const cells = cellsOfPage(run, page, raws)
      records += page.length
      yield Buffer.from(page.map((failed, i) => errorLine(run, failed, raws[i]!, cells[i]!)).join(''))
    }
    await landings.close()
  }
  const bytes = await store.write(key, lines())
  if (records > 0) return { key, bytes, records }
  await store.remove(key)
  return null
}

/** The customer's columns of a run: of a corrected error file without those that we added. */
export function customerColumns(run: Run): readonly string[] {
  const { columns } = run.definition
  return retryOf(run.trigger, run.settings) === null ? columns : ownColumns(columns)
}

type Cells = readonly (string | null)[] | null

function bytesOf(slices: Slices, { problem }: FailedRecord): Promise<Uint8Array> {
  const [, offset, length] = problem.at
  return slices.take(offset, length)
}

/** The cells of a failed record in the order of the customer's columns, as its error file has them. */
export async function failedCells(run: Run, slices: Slices, failed: FailedRecord): Promise<Cells> {
  return inOwnOrder(run, cellsAlone(run, failed, await bytesOf(slices, failed)))
}

/** The same for many: those that could be read are read by one reader, which costs a tenth of one for each. */
function cellsOfPage(run: Run, page: readonly FailedRecord[], raws: readonly Uint8Array[]): Cells[] {
  const { dialect, columns } = run.definition
  const readable = page.flatMap(({ problem }, i) => (problem.stage === 'read' ? [] : [i]))
  const together = cellsTogether(
    readable.map((i) => raws[i]!),
    dialect,
    columns,
  )
  const place = new Map(readable.map((i, at) => [i, at]))
  return page.map((failed, i) => {
    const at = place.get(i)
    const known = at === undefined ? undefined : together?.[at]
    return inOwnOrder(run, known ?? cellsAlone(run, failed, raws[i]!))
  })
}

function cellsAlone(run: Run, { ordinal, problem }: FailedRecord, raw: Uint8Array): Cells {
  const { dialect, columns } = run.definition
  // A record that could not be read has no cells as a rule; what is wrong with it may depend on the bytes around it.
  if (problem.stage === 'read') return cellsAround(problem, raw, dialect, columns)
  const [line, offset] = problem.at
  const start = { offset, ordinal, line }
  return readAll(raw, dialect, { columns: [...columns], start, limit: 1 })[0]?.cells ?? null
}

function inOwnOrder(run: Run, cells: Cells): Cells {
  const { columns } = run.definition
  const own = customerColumns(run)
  if (cells === null || own.length === columns.length) return cells
  return own.map((column) => cells[columns.indexOf(column)] ?? null)
}

function errorLine(run: Run, failed: FailedRecord, raw: Uint8Array, cells: Cells): string {
  const [line, offset] = failed.problem.at
  // A row of a processing run is the account of another one; that is the one to correct.
  const named = run.trigger === 'process' ? parseRecordName(failed.origin ?? '') : undefined
  const { dialect } = run.definition
  return errorRow({
    run: named?.run ?? run.runId,
    columns: customerColumns(run),
    cells,
    line,
    offset,
    ordinal: named?.ordinal ?? failed.ordinal,
    problem: failed.problem,
    raw,
    dialect,
  })
}
