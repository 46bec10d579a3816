// The worker process: imports run here, never in the API's process.
import { hostname } from 'node:os'
import pino from 'pino'
import { folderStore } from '../blobs/folder.ts'
import { systemClock } from '../core/clock.ts'
import { openDatabase, type Database } from '../db/client.ts'
import { expireLeases, leaseHolders, sessionRole } from '../db/leases.ts'
import { Worker } from '../engine/worker.ts'
import { readConfig, type Config } from './config.ts'
import { letSessionsGiveWay } from './giveWay.ts'
import { isAlive } from './postgres/process.ts'
import { ensurePostgres } from './postgres/ensure.ts'

/** Connections of a worker: three batches for each of three runs, the bell, progress, leases, and room to look around. */
const connectionsMax = 16

/** Runs a worker until SIGTERM or SIGINT; what is in hand is finished or handed back first. */
export async function runWorkerProcess(config: Config = readConfig()): Promise<void> {
  const leave = new AbortController()
  const stop = (): void => leave.abort()
  process.once('SIGTERM', stop)
  // A Ctrl-C at the terminal reaches the whole group; the server decides when its worker leaves.
  process.on('SIGINT', () => {})
  // The parent is gone: nobody would ever stop this one.
  process.once('disconnect', stop)
  const log = pino({ level: config.logLevel, base: { role: 'worker', pid: process.pid } }, process.stderr)
  const postgres = await ensurePostgres({
    home: config.home,
    databaseUrl: config.databaseUrl,
    role: 'worker',
  })
  const name = workerName()
  const db = openDatabase(postgres.connection, sessionRole(name), connectionsMax)
  if (postgres.embedded) letSessionsGiveWay(db)
  await freeDeadLeases(db)
  const worker = new Worker({
    db,
    log,
    clock: systemClock,
    store: folderStore(config.blobFolder),
    worker: name,
    signal: leave.signal,
    root: config.root,
    revive: postgres.embedded ? () => revive(config) : async () => {},
  })
  await worker.run()
  await db.end()
  await postgres.release()
  // A channel that is listened to keeps the process alive.
  process.off('disconnect', stop)
  if (process.connected) process.disconnect()
}

function workerName(): string {
  return `${hostname()}/${process.pid}/${systemClock.now()}`
}

/** The embedded server may have died with us looking on; whoever notices first starts it again. */
async function revive(config: Config): Promise<void> {
  const postgres = await ensurePostgres({
    home: config.home,
    databaseUrl: config.databaseUrl,
    role: 'worker',
  })
  await postgres.release()
}

/** Leases of this machine's dead workers end at once; those of other machines run out by themselves. */
async function freeDeadLeases(db: Database): Promise<void> {
  for (const holder of await leaseHolders(db.pool)) {
    const [host, pid] = holder.split('/')
    if (host === hostname() && !(await isAlive(Number(pid)))) await expireLeases(db.pool, holder)
  }
}
