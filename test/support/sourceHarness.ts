// Jobs that read a source by themselves, without the server: a folder below a root of their own, and runs of them.
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ClientConfig } from 'pg'
import type { ImportDefinition } from '../../src/core/job.ts'
import { jobSetupSchema, type JobSetup } from '../../src/core/jobSetup.ts'
import type { RunState } from '../../src/core/run.ts'
import type { FetchNote } from '../../src/db/fetches.ts'
import { definitionHash } from '../../src/db/imports.ts'
import { startJobRun, type NewJobRun } from '../../src/db/jobRuns.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { readRun } from '../../src/db/runs.ts'
import type { WorkerContext } from '../../src/pipeline/context.ts'
import { ImportHarness } from './importHarness.ts'

export interface Outcome {
  readonly run: number
  readonly state: RunState
  readonly problem: string | null
  readonly skippedFor: number | null
  readonly file: string | null
  readonly trigger: string
}

export class SourceHarness {
  readonly imports: ImportHarness
  readonly root: string
  #jobs = 0

  private constructor(imports: ImportHarness, root: string) {
    this.imports = imports
    this.root = root
  }

  static async open(connection: ClientConfig): Promise<SourceHarness> {
    const root = await mkdtemp('/tmp/sluice-root-')
    return new SourceHarness(await ImportHarness.open(connection), root)
  }

  async close(): Promise<void> {
    await this.imports.close()
    await rm(this.root, { recursive: true, force: true })
  }

  /** Puts a file below the root; `minute` is when it was changed, counted from a fixed time. */
  async put(path: string, content: string | Buffer, minute?: number): Promise<void> {
    const at = join(this.root, path)
    await mkdir(dirname(at), { recursive: true })
    await writeFile(at, content)
    if (minute === undefined) return
    const time = Date.UTC(2026, 2, 1, 0, minute) / 1000
    await utimes(at, time, time)
  }

  /** An active job with a folder of its own, unless its source says otherwise. */
  async job(definition: ImportDefinition, setup: Record<string, unknown>): Promise<number> {
    const name = `job ${++this.#jobs}`
    const parsed: JobSetup = jobSetupSchema.parse(setup)
    const { pool } = this.imports.db
    const { rows } = await pool.query<{ id: number }>(
      `insert into sluice.job (namespace_id, name, kind, state_from, state, activated_at, last_version)
       values ($1, $2, 'recurring', 'draft', 'active', now(), 1) returning id`,
      [this.imports.namespace.id, name],
    )
    const { id } = rows[0]!
    await this.version(id, 1, definition, parsed)
    return id
  }

  async version(job: number, version: number, definition: ImportDefinition, setup: JobSetup): Promise<void> {
    const { pool } = this.imports.db
    await pool.query(
      'insert into sluice.job_version (job_id, version, definition, definition_hash, setup) values ($1, $2, $3, $4, $5)',
      [job, version, JSON.stringify(definition), definitionHash(definition), JSON.stringify(setup)],
    )
    await pool.query('update sluice.job set last_version = $2 where id = $1', [job, version])
  }

  async start(jobId: number, more: Partial<NewJobRun> = {}): Promise<RunKey> {
    const namespaceId = this.imports.namespace.id
    const runId = await this.imports.db.transaction((client) =>
      startJobRun(client, { namespaceId, jobId, trigger: 'schedule', ...more }),
    )
    return { namespaceId, runId: runId! }
  }

  context(parts: Partial<WorkerContext> = {}): Partial<WorkerContext> {
    return { root: this.root, ...parts }
  }

  /** Starts a run and works until every run of the job is settled; answers all of them, oldest first. */
  async run(jobId: number, more: Partial<NewJobRun> = {}): Promise<Outcome[]> {
    await this.start(jobId, more)
    return this.settle(jobId)
  }

  /** Works until every run of the job is settled, or waits for its next attempt. */
  async settle(jobId: number, parts: Partial<WorkerContext> = {}): Promise<Outcome[]> {
    const worker = this.imports.worker(this.context(parts))
    while (await worker.runOnce());
    return this.runs(jobId)
  }

  async runs(jobId: number): Promise<Outcome[]> {
    const { rows } = await this.imports.db.pool.query<Outcome>(
      `select id as run, state, problem ->> 'code' as problem, skipped_for as "skippedFor", fetched ->> 'file' as file, trigger
       from sluice.run where job_id = $1 order by id`,
      [jobId],
    )
    return rows
  }

  async fetched(runId: number): Promise<FetchNote> {
    const { fetched } = await readRun(this.imports.db.pool, { namespaceId: this.imports.namespace.id, runId })
    return fetched!
  }

  /** Keys of every blob of a landing. */
  async landings(): Promise<string[]> {
    const keys: string[] = []
    for await (const key of this.imports.store.list('landings')) keys.push(key)
    return keys
  }
}
