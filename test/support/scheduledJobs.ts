// Jobs with schedules in a test database, and what the scheduler made of them.
import { emptyDefinition, type ImportDefinition } from '../../src/core/job.ts'
import { jobSetupSchema, kindOf, type JobSetup } from '../../src/core/jobSetup.ts'
import type { RunMove, RunState } from '../../src/core/run.ts'
import type { Database } from '../../src/db/client.ts'
import type { Namespace } from '../../src/db/imports.ts'
import { insertJob } from '../../src/db/jobs.ts'
import { moveJob, moveRun } from '../../src/db/moves.ts'

export function setupOf(setup: object): JobSetup {
  return jobSetupSchema.parse({ source: { kind: 'folder', path: 'in', pattern: '*' }, ...setup })
}

/** A job that is active since an instant; no run of it has begun. */
export async function activeJob(
  db: Database,
  namespace: Namespace,
  name: string,
  setup: object,
  since: string,
  definition: ImportDefinition = emptyDefinition,
): Promise<number> {
  const parsed = setupOf(setup)
  return db.transaction(async (client) => {
    const content = { name, kind: kindOf(parsed), setup: parsed, definition, by: 'test' }
    const id = await insertJob(client, namespace, content)
    await moveJob(client, id, 'activate')
    await client.query('update sluice.job set activated_at = $2 where id = $1', [id, since])
    return id
  })
}

export interface MadeRun {
  readonly id: number
  readonly state: RunState
  readonly trigger: string
  /** ISO 8601 without seconds. */
  readonly due: string | null
  /** Occurrences it stands for. */
  readonly count: number
  readonly problem: string | null
}

/** All runs of a job, oldest first. */
export async function runsOf(db: Database, job: number): Promise<MadeRun[]> {
  const { rows } = await db.pool.query<MadeRun>(
    `select id, state, trigger, to_char(due_at, 'YYYY-MM-DD"T"HH24:MI') as due,
       coalesce((settings ->> 'occurrences')::int, 1) as count, problem ->> 'code' as problem
     from sluice.run where job_id = $1 order by number`,
    [job],
  )
  return rows
}

/** The same as lines: `2026-11-21T10:00 queued`. */
export async function told(db: Database, job: number): Promise<string[]> {
  return (await runsOf(db, job)).map(({ state, trigger, due, count, problem }) =>
    [
      due ?? trigger,
      state,
      ...(count === 1 ? [] : [`×${count}`]),
      ...(problem === null ? [] : [problem]),
    ].join(' '),
  )
}

const moves = {
  importing: ['import'],
  held: ['validate', 'hold'],
  completed: ['import', 'process', 'complete'],
  completed_with_errors: ['import', 'process', 'complete_with_errors'],
  partial: ['import', 'end_partial'],
  failed: ['fail'],
} as const satisfies Partial<Record<RunState, readonly RunMove[]>>

/** Takes a queued run where a worker would; on from there it is in nobody's hands. */
export async function bring(
  db: Database,
  namespace: Namespace,
  id: number,
  state: keyof typeof moves,
): Promise<void> {
  for (const move of moves[state])
    if (!(await moveRun(db.pool, { namespaceId: namespace.id, runId: id }, move)))
      throw new Error(`r${id} cannot ${move}`)
}
