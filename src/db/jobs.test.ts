// The states of a job in the database: every move from every state, and what pausing and resuming do to runs (design section 6).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { emptyDefinition } from '../core/job.ts'
import { uploadSetup } from '../core/jobSetup.ts'
import { jobMachine, type JobMove, type JobState } from '../core/jobState.ts'
import { statesOf } from '../core/machine.ts'
import { problem } from '../core/problems.ts'
import type { RunState } from '../core/run.ts'
import { openDatabase, type Database } from './client.ts'
import { findNamespace, type Namespace } from './imports.ts'
import { startJobRun } from './jobRuns.ts'
import {
  giveUpSampling,
  insertJob,
  lockJob,
  pauseJob,
  renameJob,
  restoreJob,
  resumeJob,
  saveVersion,
  type LockedJob,
} from './jobs.ts'
import { moveJob } from './moves.ts'

const database = testDatabase()
let db: Database
let namespace: Namespace
beforeAll(async () => {
  db = openDatabase(database.connection, 'test')
  namespace = await findNamespace(db.pool, 'main')
})
afterAll(() => db.end())

let jobs = 0
let job: number
beforeEach(async () => {
  job = await make(`job ${++jobs}`)
})

function make(name: string): Promise<number> {
  const order = {
    name,
    kind: 'recurring',
    setup: uploadSetup,
    definition: emptyDefinition,
    by: 'ada',
  } as const
  return db.transaction((client) => insertJob(client, namespace, order))
}

/** Puts a job into a state, past the moves but not past the database's check: it comes from a state it may come from. */
async function put(state: JobState): Promise<void> {
  const from = Object.values(jobMachine.moves).find(({ to }) => to === state)?.from[0] ?? null
  await db.pool.query('update sluice.job set state = $2, state_from = $3 where id = $1', [
    job,
    state,
    state === 'draft' ? null : from,
  ])
}

const stateOf = async (): Promise<JobState> =>
  (await db.pool.query<{ state: JobState }>('select state from sluice.job where id = $1', [job])).rows[0]!
    .state

function locked<T>(use: (client: Parameters<typeof lockJob>[0], it: LockedJob) => Promise<T>): Promise<T> {
  return db.transaction(async (client) => use(client, (await lockJob(client, namespace, job))!))
}

describe('BS-08, BC-06, BC-08: every move from every state', () => {
  const moves = Object.keys(jobMachine.moves) as JobMove[]
  test.each(statesOf(jobMachine))('%s', async (state) => {
    for (const move of moves) {
      await put(state)
      const legal = jobMachine.moves[move].from.includes(state)
      expect([move, await moveJob(db.pool, job, move)]).toEqual([move, legal])
      expect([move, await stateOf()]).toEqual([move, legal ? jobMachine.moves[move].to : state])
    }
  })

  test('the database refuses what the machine does not know', async () => {
    const known = new Set(
      Object.values(jobMachine.moves).flatMap(({ from, to }) => from.map((one) => `${one} ${to}`)),
    )
    const found = new Set<string>()
    for (const from of statesOf(jobMachine))
      for (const to of statesOf(jobMachine)) {
        const change = db.pool.query('update sluice.job set state = $2, state_from = $3 where id = $1', [
          job,
          to,
          from,
        ])
        await change.then(
          () => found.add(`${from} ${to}`),
          (error: Error) => expect(error.message).toContain('job_moves'),
        )
      }
    expect([...found].sort()).toEqual([...known].sort())
  })
})

/** A run of the job in a state, as it would be after its moves. */
async function runIn(state: RunState, from: RunState | null, trigger = 'schedule'): Promise<number> {
  const run = await db.transaction((client) =>
    startJobRun(client, { namespaceId: namespace.id, jobId: job, trigger: trigger as 'schedule' }),
  )
  await db.pool.query(
    `update sluice.run set state = $2, state_from = $3, started_at = case when $2 = 'queued' then null else now() end where namespace_id = $1 and id = $4`,
    [namespace.id, state, from, run],
  )
  return run!
}

async function runStates(): Promise<string[]> {
  const { rows } = await db.pool.query<{ state: string; code: string | null }>(
    `select state, problem ->> 'code' as code from sluice.run where job_id = $1 order by number`,
    [job],
  )
  return rows.map(({ state, code }) => (code === null ? state : `${state} ${code}`))
}

describe('E14: pausing', () => {
  beforeEach(async () => {
    await put('active')
    await runIn('importing', 'validating')
    await runIn('queued', null)
    await runIn('retry_wait', 'fetching')
    await runIn('importing', 'validating', 'undo')
  })

  test('what works finishes, what waits does not begin and says why', async () => {
    expect(await locked((client, it) => pauseJob(client, it, 'finish', 'ada'))).toBe(true)
    expect(await stateOf()).toBe('paused')
    expect(await runStates()).toEqual(['importing', 'skipped job.paused', 'stopping', 'importing'])
  })

  test('or all of it is stopped, but for what people undo', async () => {
    expect(await locked((client, it) => pauseJob(client, it, 'stop', 'ada'))).toBe(true)
    expect(await runStates()).toEqual(['stopping', 'skipped job.paused', 'stopping', 'importing'])
  })

  test('BS-05 only a person pauses: it is written who did', async () => {
    await locked((client, it) => pauseJob(client, it, 'finish', 'ada'))
    const { rows } = await db.pool.query(`select by from sluice.log where job_id = $1 and kind = 'paused'`, [
      job,
    ])
    expect(rows).toEqual([{ by: 'ada' }])
  })
})

test('E14: a run that worked before and waits again is stopped, not called skipped', async () => {
  await put('active')
  const run = await runIn('queued', 'stopped')
  await db.pool.query('update sluice.run set started_at = now() where namespace_id = $1 and id = $2', [
    namespace.id,
    run,
  ])
  await locked((client, it) => pauseJob(client, it, 'finish', 'ada'))
  expect(await runStates()).toEqual(['stopping'])
})

describe('BC-28: a halted job is resumed', () => {
  test('its halted run goes on where it stopped, and its problem is over', async () => {
    await put('active')
    const run = await runIn('halted', 'importing')
    await moveJob(db.pool, job, 'halt', { problem: problem('internal', { detail: 'x' }) })
    expect(await locked((client, it) => resumeJob(client, it, 'ada'))).toBe(run)
    expect(await stateOf()).toBe('active')
    expect(await runStates()).toEqual(['queued'])
    const { rows } = await db.pool.query('select problem from sluice.job where id = $1', [job])
    expect(rows).toEqual([{ problem: null }])
  })

  test.each(['failed', 'completed', 'stopped'] as const)('a %s run stays as it is', async (state) => {
    await put('halted')
    await runIn(state, state === 'failed' ? 'validating' : state === 'stopped' ? 'stopping' : 'processing')
    expect(await locked((client, it) => resumeJob(client, it, 'ada'))).toBeNull()
    expect(await runStates()).toEqual([state])
  })

  test('an active job is not resumed', async () => {
    await put('active')
    expect(await locked((client, it) => resumeJob(client, it, 'ada'))).toBeUndefined()
  })
})

test('E9: an edit makes a version, the same once more does not, and a failed sample is over', async () => {
  await put('sampling_failed')
  const setup = { ...uploadSetup, lane: 'slow' }
  const content = { setup, definition: emptyDefinition, by: 'ada' }
  expect(await locked((client, it) => saveVersion(client, it, 'one_time', content))).toBe(2)
  expect(await stateOf()).toBe('draft')
  expect(await locked((client, it) => saveVersion(client, it, 'one_time', content))).toBe(2)
})

test('LY-18: a name is taken once, and jobs that run after it follow', async () => {
  await db.pool.query(
    `update sluice.job_version set setup = setup || '{"after": "the old"}' where job_id = $1`,
    [job],
  )
  const follower = job
  job = await make('the old')
  await locked((client, it) => renameJob(client, it, 'the new', 'ada'))
  const { rows } = await db.pool.query(
    `select setup ->> 'after' as after from sluice.job_version where job_id = $1`,
    [follower],
  )
  expect(rows).toEqual([{ after: 'the new' }])
  await make('taken')
  await expect(locked((client, it) => renameJob(client, it, 'taken', 'ada'))).rejects.toThrow(
    'There is a job taken already',
  )
})

test.each([
  ['draft', 'draft'],
  ['sampling_failed', 'draft'],
  ['paused', 'paused'],
  ['halted', 'paused'],
  ['completed', 'completed'],
] as const)('E18: an archived %s job comes back as %s', async (before, after) => {
  await put(before)
  await moveJob(db.pool, job, 'archive')
  expect(await locked((client, it) => restoreJob(client, it, 'ada'))).toBe(true)
  expect(await stateOf()).toBe(after)
})

test('BC-08: a job whose sample nobody reads any more can be sampled again', async () => {
  await moveJob(db.pool, job, 'sample')
  expect(await giveUpSampling(db.pool, '2026-01-01T00:00:00Z')).toBe(0)
  expect(await giveUpSampling(db.pool, '2999-01-01T00:00:00Z')).toBeGreaterThan(0)
  expect(await stateOf()).toBe('sampling_failed')
})

test('ten at once make one job of a name', async () => {
  const made = await Promise.allSettled(Array.from({ length: 10 }, () => make('one of ten')))
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})
