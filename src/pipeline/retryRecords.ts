// `sluice records retry`: chosen records of earlier runs again, as new rows in child runs that read them from their landings.
import { randomUUID } from 'node:crypto'
import { compileMapping } from '../core/compileMapping.ts'
import type { ImportDefinition } from '../core/job.ts'
import type { Mapping } from '../core/mapping.ts'
import { runName } from '../core/names.ts'
import { parseRecordName } from '../core/origin.ts'
import { failure } from '../core/problems.ts'
import { SluiceError } from '../core/problem.ts'
import { retryOf } from '../core/retry.ts'
import { whyNoRetry } from '../core/retryRule.ts'
import { encodeSelected, type Selected } from '../core/selection.ts'
import { findVersion, latestVersion, startRetry, versionOf } from '../db/childRuns.ts'
import type { Namespace } from '../db/imports.ts'
import type { ChosenRow, RecordFilter } from '../db/read/records.ts'
import { leaving, selectedRecords, type Choice, type Leave, type LeftOut } from '../db/selectRecords.ts'
import { findRunIds, readRun, type Run } from '../db/runs.ts'
import { indexKey } from './recordIndex.ts'
import { readSelected } from './selectionSource.ts'
import type { SourceContext } from './landingRecords.ts'

export interface RetryOrder {
  readonly choice: Choice
  /** Instead of the mapping of the job. */
  readonly mapping: Mapping | null
  /** With the job's newest version, or the one the records were read with. */
  readonly version: 'latest' | 'own'
  /** Only count. */
  readonly dryRun: boolean
  /** Who asks for it. */
  readonly by: string
}

export interface RetriedRun {
  /** The child; null when only counted. */
  readonly run: number | null
  readonly parent: number
  readonly records: number
  /** The job's version it uses, and which one the parent used. */
  readonly version: number
  readonly parentVersion: number
  /** The newest version of the job. */
  readonly latest: number
  /** The job processes its records later: they wait as new. */
  readonly staged: boolean
  /** Why a newer version of the job was not used. */
  readonly note: string | null
}

export interface RetryAnswer {
  readonly changed: number
  readonly left: readonly LeftOut[]
  readonly runs: readonly RetriedRun[]
}

/** Starts one child run per run that the records are of. Memory: a page of records. */
export async function retryRecords(
  context: SourceContext,
  namespace: Namespace,
  order: RetryOrder,
): Promise<RetryAnswer> {
  requireChoice(order.choice)
  const { leave, left } = leaving()
  const pages = selectedRecords(context.db.pool, namespace, order.choice, leave)
  const runs: RetriedRun[] = []
  for (let page = await next(pages); page !== null;) {
    const collecting = new Collecting(context, namespace, order, page[0]!.run, leave)
    page = await collecting.collect(page, pages)
    const made = await collecting.start()
    if (made !== null) runs.push(made)
  }
  return {
    changed: runs.reduce((sum, { records }) => sum + records, 0),
    left: left(),
    runs,
  }
}

type Pages = AsyncIterator<ChosenRow[]>

async function next(pages: Pages): Promise<ChosenRow[] | null> {
  const step = await pages.next()
  return step.done === true ? null : step.value
}

/** The chosen records of one run, from the ledger to the blob that lists them. */
class Collecting {
  readonly #context: SourceContext
  readonly #namespace: Namespace
  readonly #order: RetryOrder
  readonly #run: number
  readonly #leave: Leave
  readonly #key: string
  readonly #firstRuns = new Map<number, number>()
  #parent: Run | null = null
  #count = 0

  constructor(context: SourceContext, namespace: Namespace, order: RetryOrder, run: number, leave: Leave) {
    this.#context = context
    this.#namespace = namespace
    this.#order = order
    this.#run = run
    this.#leave = leave
    this.#key = `retries/${namespace.id}/${randomUUID()}`
  }

  /** Takes the pages of this run; answers the first page of the next one. */
  async collect(first: ChosenRow[], pages: Pages): Promise<ChosenRow[] | null> {
    this.#parent = await this.#findParent()
    let page: ChosenRow[] | null = first
    const entries = async function* (this: Collecting): AsyncGenerator<Uint8Array> {
      for (; page !== null && page[0]!.run === this.#run; page = await next(pages)) {
        const chosen = await this.#entriesOf(page)
        this.#count += chosen.length
        if (chosen.length > 0) yield encodeSelected(chosen)
      }
    }.bind(this)
    if (this.#order.dryRun) for await (const _ of entries());
    else await this.#context.store.write(this.#key, entries())
    return page
  }

  /** The run, if its records can be read again. */
  async #findParent(): Promise<Run | null> {
    const { db, store } = this.#context
    const there = await findRunIds(db.pool, this.#namespace.id, [this.#run])
    if (there.length === 0) return null
    const run = await readRun(db.pool, { namespaceId: this.#namespace.id, runId: this.#run })
    if (run.trigger === 'undo' || run.trigger === 'mirror') return null
    const source = retryOf(run.trigger, run.settings)?.selection?.source ?? run.runId
    return (await store.size(indexKey(this.#namespace.id, source))) === undefined ? null : run
  }

  /** Why none of the run's records can be retried. */
  get #whyNone(): string | null {
    if (this.#parent === null) return 'is of a run whose content cannot be read again'
    const { state, trigger } = this.#parent
    // A retry that was undone can be done once more; a file that was undone is imported again.
    if (state === 'reverted' && trigger === 'manual')
      return 'is of an import that was undone; import the file again instead'
    return null
  }

  async #entriesOf(page: readonly ChosenRow[]): Promise<Selected[]> {
    const rows = page.filter((row) => {
      const why = this.#whyNone ?? whyNoRetry(row)
      if (why !== null) this.#leave(row, why)
      return why === null
    })
    if (rows.length === 0) return []
    const firsts = rows.map((row) => parseRecordName(row.origin ?? '') ?? row)
    await this.#learn(firsts.map(({ run }) => run))
    const placeOf = await this.#places(rows)
    return rows.map((row, i) => {
      const { run, ordinal } = firsts[i]!
      const from = { run: row.run, ordinal: row.ordinal }
      return { source: placeOf(row.ordinal), origin: { run, ordinal, asOf: this.#firstRuns.get(run)!, from } }
    })
  }

  async #learn(runs: readonly number[]): Promise<void> {
    for (const runId of new Set(runs))
      if (!this.#firstRuns.has(runId)) {
        const { asOf } = await readRun(this.#context.db.pool, { namespaceId: this.#namespace.id, runId })
        this.#firstRuns.set(runId, asOf)
      }
  }

  /** Where records stand in the landing: those of a retry stand where the first one stood. */
  async #places(rows: readonly ChosenRow[]): Promise<(ordinal: number) => number> {
    const selection = retryOf(this.#parent!.trigger, this.#parent!.settings)?.selection
    if (selection === undefined) return (ordinal) => ordinal
    const first = rows[0]!.ordinal
    const count = rows.at(-1)!.ordinal - first + 1
    const entries = await readSelected(this.#context.store, selection.key, first, count)
    return (ordinal) => entries[ordinal - first]!.source
  }

  /** Null: none of the records may be retried. */
  async start(): Promise<RetriedRun | null> {
    const { db, store } = this.#context
    const { dryRun, by } = this.#order
    const parent = this.#parent
    if (parent === null || this.#count === 0) {
      await store.remove(this.#key)
      return null
    }
    const chosen = await chooseVersion(this.#context, parent, this.#order)
    const counted = {
      parent: parent.runId,
      records: this.#count,
      parentVersion: parent.job.version,
      latest: chosen.latest,
      staged: parent.setup.staged !== null,
      note: chosen.note,
    }
    if (dryRun) return { run: null, version: chosen.version, ...counted }
    const name = runName(parent.runId)
    const source = retryOf(parent.trigger, parent.settings)?.selection?.source ?? parent.runId
    const { dialect, columns } = parent.definition
    const retry = {
      parent: name,
      parents: [name],
      reading: { dialect, columns },
      selection: { key: this.#key, records: this.#count, source },
    }
    return db.transaction(async (client) => {
      const { landingId, job } = parent
      const version =
        chosen.fresh === null ? chosen.version : await versionOf(client, job.id, chosen.fresh, by)
      const child = { parent, version, landingId, retry, settings: {}, by }
      return { run: await startRetry(client, this.#namespace, child), version, ...counted }
    })
  }
}

interface Version {
  readonly version: number
  readonly latest: number
  /** A definition that may need a version of its own. */
  readonly fresh: ImportDefinition | null
  readonly note: string | null
}

/** With which version of the job: the parent's own, unless a mapping is given or the newest one is asked for and fits. */
async function chooseVersion(
  { db }: SourceContext,
  parent: Run,
  { mapping, version }: RetryOrder,
): Promise<Version> {
  const latest = await latestVersion(db.pool, parent.job.id)
  const own = { version: parent.job.version, latest: latest.version, fresh: null, note: null }
  const { columns } = parent.definition
  if (mapping !== null) {
    compileMapping(mapping, columns)
    const { dialect } = parent.definition
    const fresh = { ...latest.definition, dialect, columns, mapping }
    const known = await findVersion(db.pool, parent.job.id, fresh)
    return { ...own, version: known ?? latest.version + 1, fresh }
  }
  if (version === 'own' || latest.version === own.version) return own
  try {
    compileMapping(latest.definition.mapping, columns)
    return { ...own, version: latest.version }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return { ...own, note: `version ${latest.version} does not fit this file: ${error.problem.message}` }
  }
}

/** Throws `retry.nothing` for a choice that means the whole ledger. */
function requireChoice(choice: Choice): void {
  if ('ids' in choice ? choice.ids.length > 0 : isNarrow(choice.filter)) return
  throw failure('retry.nothing')
}

function isNarrow(filter: RecordFilter): boolean {
  return Object.entries(filter).some(
    ([name, value]) => name !== 'newest' && name !== 'asOf' && value !== undefined,
  )
}
