// Imports without a server: a database, a folder for blobs, workers in this process, and what an import left behind.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { folderStore } from '../../src/blobs/folder.ts'
import { writeLanding } from '../../src/blobs/landing.ts'
import type { BlobStore } from '../../src/blobs/store.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ImportDefinition } from '../../src/core/job.ts'
import { toCounters, type Counters } from '../../src/core/law.ts'
import { isSettled, type RunState } from '../../src/core/run.ts'
import { openDatabase, type Database } from '../../src/db/client.ts'
import { findNamespace, insertLanding, startImport, type Namespace } from '../../src/db/imports.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { runState } from '../../src/db/runs.ts'
import { Worker } from '../../src/engine/worker.ts'
import type { Log, WorkerContext } from '../../src/pipeline/context.ts'
import { verifyRun, type VerifyReport } from '../../src/pipeline/verify.ts'
import { until } from '../until.ts'

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Small batches and chunks, so that small files meet everything large ones do. */
export const smallCut = { batchRecords: 50, chunkBatches: 4, connections: 3 }

export interface Order {
  readonly definition: ImportDefinition
  readonly settings?: Readonly<Record<string, unknown>>
  readonly jobName?: string
  readonly again?: boolean
  /** Runs of one lane go one after another. */
  readonly lane?: string
}

export class ImportHarness {
  readonly db: Database
  readonly store: BlobStore
  readonly namespace: Namespace
  /** Where the blobs are. */
  readonly folder: string
  #workers = 0

  constructor(db: Database, folder: string, namespace: Namespace) {
    this.db = db
    this.folder = folder
    this.store = folderStore(folder)
    this.namespace = namespace
  }

  /** On a migrated database. `folder`: blobs that are there already. */
  static async open(connection: ClientConfig, folder?: string): Promise<ImportHarness> {
    const db = openDatabase(connection, 'test', 24)
    return new ImportHarness(db, folder ?? (await newFolder()), await findNamespace(db.pool, 'main'))
  }

  async close(keepBlobs = false): Promise<void> {
    await this.db.end()
    if (!keepBlobs) await rm(this.folder, { recursive: true, force: true })
  }

  async land(content: string | Buffer): Promise<string> {
    const id = randomUUID()
    const blobKey = `landings/${id}`
    const manifest = await writeLanding(this.store, blobKey, once(Buffer.from(content)))
    const startedAt = '2026-03-01T00:00:00Z'
    await insertLanding(this.db.pool, this.namespace.id, {
      id,
      fileName: 'people.csv',
      blobKey,
      manifest,
      startedAt,
    })
    return id
  }

  /** Lands the content and starts its import; the same content again is a run of its own unless told otherwise. */
  async start(content: string, order: Order): Promise<RunKey> {
    const landingId = await this.land(content)
    const { jobName = 'people.csv', definition, settings = smallCut, again = true, lane = null } = order
    const { runId } = await this.db.transaction(async (client) => {
      const started = await startImport(client, this.namespace, {
        jobName,
        landingId,
        definition,
        again,
        settings,
      })
      await client.query('update sluice.run set lane = coalesce($2, lane) where id = $1', [
        started.runId,
        lane,
      ])
      return started
    })
    return { namespaceId: this.namespace.id, runId }
  }

  context(parts: Partial<WorkerContext> = {}): WorkerContext {
    return {
      db: this.db,
      store: this.store,
      clock: systemClock,
      log: silentLog,
      worker: `test-${++this.#workers}`,
      signal: new AbortController().signal,
      revive: async () => {},
      ...parts,
    }
  }

  /** A worker to be driven stage by stage with `runOnce`. */
  worker(parts: Partial<WorkerContext> = {}): Worker {
    return new Worker(this.context(parts))
  }

  /** Runs workers until the run is settled; answers its state. */
  async runToEnd(key: RunKey, parts: Partial<WorkerContext> = {}, workers = 1): Promise<RunState> {
    return this.whileWorking(() => this.settled(key), parts, workers)
  }

  /** Runs workers while `use` runs; they leave as they would at a SIGTERM. */
  async whileWorking<T>(use: () => Promise<T>, parts: Partial<WorkerContext> = {}, workers = 1): Promise<T> {
    const leave = new AbortController()
    const running = Array.from({ length: workers }, () =>
      this.worker({ ...parts, signal: leave.signal }).run(),
    )
    try {
      return await use()
    } finally {
      leave.abort()
      await Promise.all(running)
    }
  }

  /** Resolves with the run's state once it is settled. A database that is away is asked again. */
  settled(key: RunKey): Promise<RunState> {
    return until(async () => {
      const state = await runState(this.db.pool, key).catch(() => undefined)
      return state !== undefined && isSettled(state) && state
    })
  }

  /** Every profile as one line, attributes and identifiers, no ids and no times. Sorted. */
  async dumpProfiles(): Promise<string[]> {
    const s = this.namespace.schema
    const { rows } = await this.db.pool.query<{ cells: Record<string, unknown>; ids: string[] }>(
      `select to_jsonb(p) as cells, coalesce((select array_agg(i.kind || ':' || i.value order by i.kind, i.value)
         from ${s}.identifier i where i.profile_id = p._id), '{}') as ids from ${s}.profile p`,
    )
    return rows.map(({ cells, ids }) => `${ids.join(' ')} ${JSON.stringify(ownCells(cells))}`).sort()
  }

  /** What became of every record: no profile ids, no times. In order. */
  async dumpLedger(key: RunKey): Promise<string[]> {
    const { rows } = await this.db.pool.query<{ row: string }>(
      `select concat_ws(' ', ordinal, state, outcome, reason, identifier, problem ->> 'code', warnings) as row
       from ${this.namespace.schema}.record where run = $1 order by ordinal`,
      [key.runId],
    )
    return rows.map(({ row }) => row)
  }

  /** The totals the run was settled with. */
  async counters(key: RunKey): Promise<Counters> {
    const row = await this.row(key)
    return toCounters(row.totals ?? {}, row.total ?? 0)
  }

  /** The error file as text; empty where there is none. */
  async errorFile(key: RunKey): Promise<string> {
    const { errors } = (await this.row(key)).artifacts
    return errors === undefined
      ? ''
      : Buffer.from(await this.store.read(errors.key, 0, errors.bytes)).toString()
  }

  /** The error file without what names its run: two runs of the same file leave the same text. */
  async errorRows(key: RunKey): Promise<string> {
    return (await this.errorFile(key)).replaceAll(/^r\d+,|,x\w+(?=\r?$)/gm, '')
  }

  verify(key: RunKey): Promise<VerifyReport> {
    return verifyRun(this.db, key)
  }

  async row(key: RunKey): Promise<RunRow> {
    const { rows } = await this.db.pool.query<RunRow>(
      'select state, total, totals, problem, sleeping, artifacts from sluice.run where namespace_id = $1 and id = $2',
      [key.namespaceId, key.runId],
    )
    return rows[0]!
  }

  /** Removes every run and every profile; attributes stay. */
  async empty(): Promise<void> {
    const s = this.namespace.schema
    await this.db.pool.query(
      `truncate ${s}.profile, ${s}.profile_gone, ${s}.stamp, ${s}.identifier, ${s}.record, ${s}.change,
         sluice.chunk, sluice.run, sluice.job_version, sluice.job, sluice.landing cascade`,
    )
  }
}

export interface RunRow {
  readonly state: RunState
  readonly total: number | null
  readonly totals: Record<string, number> | null
  readonly problem: { code: string; message: string } | null
  readonly sleeping: { reason: string; problem: { message: string } } | null
  readonly artifacts: { errors?: { key: string; bytes: number; records: number } }
}

function ownCells(cells: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(cells).filter(([key]) => !key.startsWith('_')))
}

export function newFolder(): Promise<string> {
  return mkdtemp(join('/tmp', 'sluice-blobs-'))
}

// oxlint-disable-next-line require-await -- a landing takes a stream
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
