// Jobs and runs for the engine's tests: any lane, any policy, a clock that stands still, and stages that fail on command.
import { systemClock, type Clock } from '../../src/core/clock.ts'
import { jobSetupSchema, type JobSetup } from '../../src/core/jobSetup.ts'
import type { Problem } from '../../src/core/problem.ts'
import type { RunState } from '../../src/core/run.ts'
import type { Trigger } from '../../src/core/triggers.ts'
import { definitionHash } from '../../src/db/imports.ts'
import { startJobRun } from '../../src/db/jobRuns.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { smallCut, type ImportHarness } from './importHarness.ts'
import { definition, mixedFile } from './people.ts'

/** Time that only passes when told; pauses are real ones. */
export class SetClock implements Clock {
  #now: number

  constructor(from = '2026-03-01T06:00:00Z') {
    this.#now = Date.parse(from)
  }

  now(): number {
    return this.#now
  }

  pass(minutes: number): void {
    this.#now += minutes * 60_000
  }

  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.pause(ms, signal)
  }
}

export interface JobOrder {
  readonly kind?: 'one_time' | 'recurring'
  readonly setup?: Partial<Record<keyof JobSetup, unknown>>
}

/** What a person would see of a run and its job. */
export interface Seen {
  readonly state: RunState
  readonly job: string
  readonly problem: string | null
  readonly failed: number
  readonly wakeAt: string | null
}

export class EngineHarness {
  readonly h: ImportHarness
  #jobs = 0

  constructor(h: ImportHarness) {
    this.h = h
  }

  /** A job that is switched on; answers its id. */
  async job({ kind = 'recurring', setup = {} }: JobOrder = {}): Promise<number> {
    const { pool } = this.h.db
    const { rows } = await pool.query<{ id: number }>(
      `insert into sluice.job (namespace_id, name, kind, state_from, state, last_version) values ($1, $2, $3, 'draft', 'active', 1) returning id`,
      [this.h.namespace.id, `job${++this.#jobs}`, kind],
    )
    const id = rows[0]!.id
    await pool.query(
      `insert into sluice.job_version (job_id, version, definition, definition_hash, setup) values ($1, 1, $2, $3, $4)`,
      [
        id,
        JSON.stringify(definition),
        definitionHash(definition),
        JSON.stringify(jobSetupSchema.parse(setup)),
      ],
    )
    return id
  }

  /** A run of it with a landing, as if it had been fetched. */
  async run(job: number, rows = 100, trigger: Trigger = 'schedule'): Promise<RunKey> {
    const landing = await this.h.land(mixedFile(7, rows))
    const namespaceId = this.h.namespace.id
    const runId = await this.h.db.transaction(async (client) => {
      const id = await startJobRun(client, { namespaceId, jobId: job, trigger, settings: smallCut })
      await client.query('update sluice.run set landing_id = $3 where namespace_id = $1 and id = $2', [
        namespaceId,
        id,
        landing,
      ])
      return id
    })
    return { namespaceId, runId: runId! }
  }

  async seen(key: RunKey): Promise<Seen> {
    const { rows } = await this.h.db.pool.query<{ row: Seen & { problem: Problem | null } }>(
      `select to_json(x) as row from (
         select r.state, j.state as job, r.problem ->> 'code' as problem, r.failed_attempts as failed, r.wake_at as "wakeAt"
         from sluice.run r join sluice.job j on j.id = r.job_id where r.namespace_id = $1 and r.id = $2) x`,
      [key.namespaceId, key.runId],
    )
    return rows[0]!.row
  }

  async state(key: RunKey): Promise<RunState> {
    return (await this.seen(key)).state
  }

  /** The kinds of the run's log lines, in order. */
  async log(key: RunKey): Promise<string[]> {
    const { rows } = await this.h.db.pool.query<{ kind: string }>(
      'select kind from sluice.log where namespace_id = $1 and run_id = $2 order by id',
      [key.namespaceId, key.runId],
    )
    return rows.map(({ kind }) => kind)
  }
}
