// Making a processing run: takes waiting records of earlier runs of a job, oldest first, and lists where they stand.
import { parseRecordName } from '../core/origin.ts'
import { retryOf } from '../core/retry.ts'
import { encodeSelected, type Selected } from '../core/selection.ts'
import { processedMax, type ProcessSettings } from '../core/waiting.ts'
import type pg from 'pg'
import { lockStarts, takeRunId } from '../db/imports.ts'
import { takeRecords, type OpenRun, type TakenRow } from '../db/recordMoves.ts'
import { readRun, type Run } from '../db/runs.ts'
import { insertProcess, openProcessing, releaseTaken, runsToTake, type WaitingJob } from '../db/waiting.ts'
import type { SourceContext } from './landingRecords.ts'
import { readSelected } from './selectionSource.ts'
import { runName } from '../core/names.ts'

export interface ProcessOrder {
  /** The instant it is for. */
  readonly now: Date
  /** New records too; else only those that are due to be tried again. */
  readonly fresh: boolean
  /** A person asked for it: those to be tried again are due whatever the time is. */
  readonly by: string | null
  /** At most so many instead of the job's own number. */
  readonly limit?: number | undefined
}

export interface ProcessAnswer {
  readonly run: number
  readonly records: number
}

/** Records taken in one statement. */
const pageRecords = 20_000

/** Taken records turned out to be gone: the run that was to have them is not made. */
class Nothing extends Error {
  readonly key: string

  constructor(key: string) {
    super('no record was left to take')
    this.key = key
  }
}

/** Null: there is nothing to take, or a processing run of the job is under way. */
export async function processWaiting(
  context: SourceContext,
  job: WaitingJob,
  order: ProcessOrder,
): Promise<ProcessAnswer | null> {
  try {
    return await context.db.transaction(async (client) => {
      await lockStarts(client, job.namespace.id)
      if ((await openProcessing(client, job.id)) !== null) return null
      await releaseTaken(client, job.namespace)
      return new Taking(context, client, job, order).take()
    })
  } catch (error) {
    if (!(error instanceof Nothing)) throw error
    await context.store.remove(error.key)
    return null
  }
}

/** One processing run, from the ledger to the blob that lists its records. */
class Taking {
  readonly #context: SourceContext
  readonly #client: pg.ClientBase
  readonly #job: WaitingJob
  readonly #order: ProcessOrder
  readonly #asOf = new Map<number, number>()
  readonly #parts: { source: number; records: number }[] = []
  readonly #parents: string[] = []
  #first: Run | null = null
  #left: number

  constructor(context: SourceContext, client: pg.ClientBase, job: WaitingJob, order: ProcessOrder) {
    this.#context = context
    this.#client = client
    this.#job = job
    this.#order = order
    this.#left = Math.min(order.limit ?? job.setup.staged?.perRun ?? processedMax, processedMax)
  }

  get #how(): { fresh: boolean; dueBy: string } {
    const { now, by, fresh } = this.#order
    const minutes = by === null ? (this.#job.setup.recordRetry?.everyMinutes ?? 0) : 0
    // What a person asks for is due now, on whichever clock it failed.
    const dueBy = by === null ? new Date(now.getTime() - minutes * 60_000).toISOString() : 'infinity'
    return { fresh, dueBy }
  }

  async take(): Promise<ProcessAnswer | null> {
    const wanted = this.#left
    const runs = await runsToTake(this.#client, this.#job, this.#how)
    if (runs.length === 0) return null
    const runId = await takeRunId(this.#client, this.#job.namespace.id)
    // Beside what else only serves the run: it goes with the landing.
    const key = `runs/${this.#job.namespace.id}/${runId}/selection`
    await this.#context.store.write(key, this.#entries(runs, runId))
    const records = wanted - this.#left
    const first = this.#first
    if (first === null || records === 0) throw new Nothing(key)
    const { dialect, columns } = first.definition
    const settings: ProcessSettings = {
      parents: this.#parents,
      reading: { dialect, columns: [...columns] },
      process: { key, records, parts: this.#parts },
    }
    const { now, by } = this.#order
    await insertProcess(this.#client, runId, {
      namespaceId: this.#job.namespace.id,
      job: this.#job.id,
      version: first.job.version,
      landingId: first.landingId,
      settings,
      dueAt: by === null ? now.toISOString() : null,
      by,
    })
    return { run: runId, records }
  }

  async *#entries(runs: readonly OpenRun[], runId: number): AsyncGenerator<Uint8Array> {
    for (const open of runs) {
      const run = await readRun(this.#client, open)
      // Others are read or mapped differently: they are the next processing run's.
      if (this.#first !== null && !alike(this.#first, run)) return
      for (let more = true; more && this.#left > 0;) {
        const limit = Math.min(this.#left, pageRecords)
        const rows = await takeRecords(this.#client, open, { ...this.#how, by: runId, limit })
        more = rows.length === limit
        if (rows.length === 0) break
        this.#first ??= run
        this.#left -= rows.length
        yield encodeSelected(await this.#placesOf(run, rows))
      }
      if (this.#left === 0) return
    }
  }

  async #placesOf(run: Run, rows: readonly TakenRow[]): Promise<Selected[]> {
    const selection = retryOf(run.trigger, run.settings)?.selection
    const source = selection?.source ?? run.runId
    const last = this.#parts.at(-1)
    const name = runName(run.runId)
    if (this.#parents.at(-1) === name && last?.source === source) last.records += rows.length
    else this.#parts.push({ source, records: rows.length })
    if (this.#parents.at(-1) !== name) this.#parents.push(name)
    const placeOf = await this.#placeOf(selection?.key, rows)
    const entries: Selected[] = []
    for (const { ordinal, origin } of rows) {
      const from = { run: run.runId, ordinal }
      const first = parseRecordName(origin ?? '') ?? from
      entries.push({
        source: placeOf(ordinal),
        origin: { ...first, asOf: await this.#asOfRun(first.run), from },
      })
    }
    return entries
  }

  /** Where records stand in the landing: those of a retry stand where the first one stood. */
  async #placeOf(key: string | undefined, rows: readonly TakenRow[]): Promise<(ordinal: number) => number> {
    if (key === undefined) return (ordinal) => ordinal
    const first = rows[0]!.ordinal
    const entries = await readSelected(this.#context.store, key, first, rows.at(-1)!.ordinal - first + 1)
    return (ordinal) => entries[ordinal - first]!.source
  }

  async #asOfRun(runId: number): Promise<number> {
    const known = this.#asOf.get(runId)
    if (known !== undefined) return known
    const { asOf } = await readRun(this.#client, { namespaceId: this.#job.namespace.id, runId })
    this.#asOf.set(runId, asOf)
    return asOf
  }
}

/** Whether records of both can be read and mapped by one run. */
function alike(a: Run, b: Run): boolean {
  const reading = ({ definition: { dialect, columns } }: Run): string => JSON.stringify([dialect, columns])
  if (a.job.version !== b.job.version || reading(a) !== reading(b)) return false
  // An expression may read the name of the file.
  return a.fileName === b.fileName || !/\bfile\b/.test(JSON.stringify(a.definition.mapping))
}
