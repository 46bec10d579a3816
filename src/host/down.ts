// `sluice down`: stops the server and the embedded PostgreSQL, but never under a run that is active.
import { setTimeout as sleep } from 'node:timers/promises'
import { failure } from '../core/problems.ts'
import { openDatabase, type Database } from '../db/client.ts'
import { findNamespace } from '../db/imports.ts'
import { moveRun } from '../db/moves.ts'
import { activeRuns, hasTables, type ActiveRun } from '../db/read/runs.ts'
import { jobsByThemselves } from '../db/read/schedules.ts'
import type { Config } from './config.ts'
import { ensurePostgres } from './postgres/ensure.ts'
import { placeIn, passwordOf } from './postgres/place.ts'
import { stopPostgres } from './postgres/stop.ts'
import { gone } from './postgres/process.ts'
import { findServer } from './serverProcess.ts'
import { tellToStop } from './probe.ts'

export interface DownReport {
  /** Process id of the server that was stopped; null: there was none. */
  readonly server: number | null
  /** True: the embedded PostgreSQL was running and is stopped. */
  readonly postgres: boolean
  /** Active jobs that run by themselves, which they cannot without a server. */
  readonly waitingJobs: number
}

// Stopping a run takes 2 s at most, and its error file a while longer.
const runsStoppedWithin = 60_000
const serverGoneWithin = 30_000

/** Throws `run.active` while work is going on, unless told to stop the runs first. */
export async function down(config: Config, stopRuns: boolean): Promise<DownReport> {
  const running = await findServer(config)
  let waitingJobs = 0
  if (running !== undefined) {
    await withDatabase(config, async (database) => {
      await (stopRuns ? stopAll(database) : refuseWhileActive(database))
      waitingJobs = (await hasTables(database.pool)) ? await jobsByThemselves(database.pool) : 0
    })
    await tellToStop(running.place.socket)
    await gone(running.info.pid, serverGoneWithin)
  }
  const server = running?.info.pid ?? null
  const postgres = config.databaseUrl === undefined && (await stopPostgres(config.home))
  return { server, postgres, waitingJobs }
}

async function withDatabase<T>(
  config: Config,
  use: (database: Database) => Promise<T>,
): Promise<T | undefined> {
  if (config.databaseUrl === undefined && (await passwordOf(placeIn(config.home))) === undefined)
    return undefined
  const postgres = await ensurePostgres({ home: config.home, databaseUrl: config.databaseUrl, role: 'down' })
  const database = openDatabase(postgres.connection, 'down', 1)
  try {
    return await use(database)
  } finally {
    await database.end()
    await postgres.release()
  }
}

async function active(database: Database): Promise<ActiveRun[]> {
  return (await hasTables(database.pool)) ? activeRuns(database.pool) : []
}

async function refuseWhileActive(database: Database): Promise<void> {
  const runs = await active(database)
  if (runs.length === 0) return
  throw failure('run.active', { runs: runs.map(({ id, state }) => `r${id} (${state})`).join(', ') })
}

async function stopAll(database: Database): Promise<void> {
  const until = performance.now() + runsStoppedWithin
  for (const { namespace, id } of await active(database)) {
    const { id: namespaceId } = await findNamespace(database.pool, namespace)
    await moveRun(database.pool, { namespaceId, runId: id }, 'stop')
  }
  while (performance.now() < until) {
    if ((await active(database)).length === 0) return
    await sleep(200)
  }
  await refuseWhileActive(database)
}
