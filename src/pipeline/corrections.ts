// A corrected error file: which record each row corrects, whether it was changed at all, and why a row cannot be used.
import type { RawRecord } from '../core/dialect.ts'
import { digestColumn, recordColumn, runColumn } from '../core/errorColumns.ts'
import { recordName, runName, runNumber } from '../core/names.ts'
import { parseRecordName, type RecordKey } from '../core/origin.ts'
import { problem } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import { recordMachine, recordStateName, recordStateNumber } from '../core/record.ts'
import { ledgerRows, newestRows, type LedgerRow } from '../db/retries.ts'
import { findRunIds, readRun, type Run } from '../db/runs.ts'
import { rowDigest } from '../formats/rowDigest.ts'
import { failedOriginals } from './originalCells.ts'
import { customerColumns } from './errorFile.ts'
import {
  landingRecords,
  type Lineage,
  type ReadPlan,
  type RecordSource,
  type SourceContext,
} from './landingRecords.ts'

/** What a row of the file says about itself. */
interface Row {
  readonly raw: RawRecord
  readonly cells: readonly (string | null)[]
  readonly names: RecordKey
}

const failedState = recordStateNumber.failed

export class Corrections implements RecordSource {
  readonly #context: SourceContext
  readonly #run: Run
  readonly #at: { readonly run: number; readonly record: number; readonly digest: number }
  /** Runs that rows name, by id; undefined: there is no such run. */
  readonly #runs = new Map<number, Run | undefined>()
  readonly #seen = new Map<number, Bits>()
  #lineage = new Map<number, Lineage>()

  /** `run`: the child run, its definition with the columns of this file. */
  constructor(context: SourceContext, run: Run) {
    this.#context = context
    this.#run = run
    const { columns } = run.definition
    this.#at = {
      run: columns.indexOf(runColumn),
      record: columns.indexOf(recordColumn),
      digest: columns.indexOf(digestColumn),
    }
  }

  /**
   * Also a batch in the middle is reached from the beginning: whether a record was corrected by an earlier row is known
   * only then. It happens only when the prepared records of a run are gone.
   */
  async *records({ place, columns, signal }: ReadPlan): AsyncGenerator<readonly RawRecord[]> {
    this.#seen.clear()
    const [first, last] =
      place === undefined ? [1, Infinity] : [place.firstOrdinal, place.firstOrdinal + place.records - 1]
    for await (const block of landingRecords(this.#context.store, this.#run, { columns, signal })) {
      this.#lineage = await this.#decide(block)
      const wanted = block.filter(({ ordinal }) => ordinal >= first && ordinal <= last)
      if (wanted.length > 0) yield wanted
      if (block.at(-1)!.ordinal >= last) return
    }
  }

  lineageOf(ordinal: number): Lineage | null {
    return this.#lineage.get(ordinal) ?? null
  }

  async #decide(block: readonly RawRecord[]): Promise<Map<number, Lineage>> {
    const lineage = new Map<number, Lineage>()
    const rows: Row[] = []
    for (const raw of block) {
      if (raw.cells === null) continue
      const names = this.#nameIn(raw.cells)
      if ('failed' in names) lineage.set(raw.ordinal, { ...nothing, failed: names.failed })
      else rows.push({ raw, cells: raw.cells, names })
    }
    await this.#learn(rows.map(({ names }) => names.run))
    const known = rows.filter(({ names }) => this.#runs.get(names.run) !== undefined)
    const { schema } = this.#run.namespace
    const found = await ledgerRows(
      this.#context.db.pool,
      schema,
      known.map(({ names }) => names),
    )
    const newest = await newestRows(this.#context.db.pool, schema, found, this.#run.runId)
    await this.#learn([...found.values()].map((row) => firstOf(row).run))
    const unchanged = await this.#unchanged(known, found)
    for (const row of rows) {
      const name = recordName(row.names.run, row.names.ordinal)
      lineage.set(
        row.raw.ordinal,
        this.#judge(row.names, found.get(name), newest.get(name), unchanged.has(row.raw.ordinal)),
      )
    }
    return lineage
  }

  #nameIn(cells: readonly (string | null)[]): RecordKey | { failed: Problem } {
    const run = (cells[this.#at.run] ?? '').trim()
    const record = (cells[this.#at.record] ?? '').trim()
    if (run === '' && record === '') return { failed: problem('correction.unnamed') }
    const id = runNumber(run.toLowerCase())
    // Spreadsheets show 17 as 17.0 or 1,234 at times.
    const ordinal = /^\d[\d,]{0,18}(\.0+)?$/.test(record) ? Number(record.replaceAll(',', '')) : undefined
    if (id !== undefined && ordinal !== undefined) return { run: id, ordinal }
    return { failed: unknownRecord(record === '' ? 'without a number' : record, run === '' ? '(none)' : run) }
  }

  async #learn(ids: readonly number[]): Promise<void> {
    const { db } = this.#context
    const open = [...new Set(ids)].filter((id) => !this.#runs.has(id))
    if (open.length === 0) return
    const { namespaceId } = this.#run
    const there = new Set(await findRunIds(db.pool, namespaceId, open))
    for (const runId of open)
      this.#runs.set(runId, there.has(runId) ? await readRun(db.pool, { namespaceId, runId }) : undefined)
  }

  /** The rows whose cells are as the error file had them. Without its digest, the record itself is read again. */
  async #unchanged(
    rows: readonly Row[],
    found: ReadonlyMap<string, LedgerRow>,
  ): Promise<ReadonlySet<number>> {
    const unchanged = new Set<number>()
    const unsure: Row[] = []
    for (const row of rows) {
      const digest = (this.#at.digest === -1 ? '' : (row.cells[this.#at.digest] ?? '')).trim()
      if (digest === '') unsure.push(row)
      else if (digest === this.#digestOf(row, row.cells)) unchanged.add(row.raw.ordinal)
    }
    const failed = unsure.filter(
      ({ names }) => found.get(recordName(names.run, names.ordinal))?.state === failedState,
    )
    for (const [run, mine] of Map.groupBy(failed, ({ names }) => names.run)) {
      const first = this.#runs.get(run)!
      const ordinals = mine.map(({ names }) => names.ordinal)
      const originals = await failedOriginals(this.#context, first, ordinals)
      for (const row of mine) {
        const cells = originals.get(row.names.ordinal)?.cells
        if (
          cells !== undefined &&
          rowDigest(run, row.names.ordinal, cells) === this.#digestOf(row, row.cells)
        )
          unchanged.add(row.raw.ordinal)
      }
    }
    return unchanged
  }

  #digestOf({ names }: Row, cells: readonly (string | null)[]): string {
    const { columns } = this.#run.definition
    const own = customerColumns(this.#runs.get(names.run)!).map((column) => cells[columns.indexOf(column)])
    return rowDigest(names.run, names.ordinal, own)
  }

  #judge(
    names: RecordKey,
    row: LedgerRow | undefined,
    newest: LedgerRow | undefined,
    unchanged: boolean,
  ): Lineage {
    const record = recordName(names.run, names.ordinal)
    const named = this.#runs.get(names.run)
    if (named === undefined || row === undefined || newest === undefined)
      return { ...nothing, failed: unknownRecord(names.ordinal, runName(names.run)) }
    if (named.job.id !== this.#run.job.id) {
      const details = { record, job: named.job.name, other: this.#run.job.name }
      return { ...nothing, failed: problem('correction.other_job', details) }
    }
    if (row.state !== failedState) {
      const state = stateWord(row)
      return { ...nothing, failed: problem('correction.not_failed', { record, state }) }
    }
    const first = firstOf(row)
    const { asOf } = this.#runs.get(first.run) ?? named
    const from = { run: newest.run, ordinal: newest.ordinal }
    const origin = { ...first, asOf, from }
    if (unchanged) return { ...nothing, origin, skipped: { reason: 'unchanged_correction', note: null } }
    if (!this.#isFirstHere(first)) return { ...nothing, failed: problem('correction.twice', { record }) }
    if (newest.state === failedState) return { ...nothing, origin }
    const again = { record, newest: recordName(newest.run, newest.ordinal) }
    return { ...nothing, origin, warning: problem('correction.again', again) }
  }

  #isFirstHere({ run, ordinal }: RecordKey): boolean {
    const bits = this.#seen.get(run) ?? new Bits()
    this.#seen.set(run, bits)
    return bits.add(ordinal)
  }
}

const nothing: Lineage = { origin: null, failed: null, skipped: null, warning: null }

function unknownRecord(record: number | string, run: string): Problem {
  return problem('correction.unknown', { record, run_named: run })
}

function stateWord({ state }: LedgerRow): string {
  const name = recordStateName(state)
  return name === undefined ? 'unknown' : recordMachine.states[name].label.toLowerCase()
}

/** The record's first appearance. */
function firstOf({ run, ordinal, origin }: LedgerRow): RecordKey {
  return (origin === null ? undefined : parseRecordName(origin)) ?? { run, ordinal }
}

/** A set of ordinals, one bit each: a file may correct millions of records. */
class Bits {
  #bytes = new Uint8Array(1 << 10)

  /** False: it was there before. */
  add(ordinal: number): boolean {
    const at = Math.floor(ordinal / 8)
    if (at >= this.#bytes.length) {
      const wider = new Uint8Array(Math.max(at + 1, this.#bytes.length * 2))
      wider.set(this.#bytes)
      this.#bytes = wider
    }
    const bit = 1 << (ordinal % 8)
    if ((this.#bytes[at]! & bit) !== 0) return false
    this.#bytes[at]! |= bit
    return true
  }
}
