// Starts the server on its cluster and waits until it answers. Called under the lock.
import { chown, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { failure } from '../../core/problems.ts'
import { isConnectionLoss, sqlState } from '../../db/client.ts'
import { ensureDatabase } from '../../db/server.ts'
import type { Binaries } from './binaries.ts'
import { checkDataVersion, runnable, settingsFile } from './create.ts'
import {
  connectionOf,
  databaseName,
  isForeign,
  makeSocketFolder,
  passwordOf,
  socketFolderOf,
  type Owner,
  type Place,
} from './place.ts'
import { recordedPid, serves } from './process.ts'
import { exitOf, launch } from './run.ts'
import { serverSettingsFor, settingsText, usableMemory, type Settings } from './settings.ts'
import { startFailure, tailOf } from './tail.ts'

// Replaying the log after a crash takes as long as it takes; this is for a server that hangs.
const readyWithin = 10 * 60_000
// After kill -9 of the server its sessions live until they notice, and hold the shared memory.
const orphansGoneWithin = 30_000
export const logBytesMax = 10_000_000

/** Brings the server up, whatever state a crash left it in; throws `postgres.not_started` with the log's last lines. */
export async function startServer(place: Place, embedded: Binaries, overrides: Settings): Promise<void> {
  await checkDataVersion(place, embedded)
  const { owner, binaries } = await runnable(place, embedded)
  const until = performance.now() + orphansGoneWithin
  while (!(await startOnce(place, binaries, owner, overrides))) {
    if (performance.now() > until) throw await startFailure(place.home, place.log, 'postgres')
    await sleep(200)
  }
  await rm(place.downMark, { force: true })
}

/** False: to be tried again, because sessions of a dead server are still in the way, or the one that ran died meanwhile. */
async function startOnce(
  place: Place,
  binaries: Binaries,
  owner: Owner,
  overrides: Settings,
): Promise<boolean> {
  const pid = await recordedPid(place.data)
  if (pid !== undefined && (await serves(pid, place.data))) return joinsReady(place, pid)
  await rm(join(place.data, 'postmaster.pid'), { force: true })
  await writeSettings(place, owner, { ...serverSettingsFor(memory(), binaries.major), ...overrides })
  await rotateLog(place.log)
  const socket = socketFolderOf(place, (await passwordOf(place)) ?? '', owner)
  // A dead server's lock file beside its socket may name a process number that lives again.
  await rm(socket, { recursive: true, force: true })
  await makeSocketFolder(socket, owner)
  const output = await open(place.log, 'a', 0o600)
  try {
    const args = ([data]: readonly string[]) => [`-D${data}`, ...socketOnly(socket)]
    const child = await launch({ binaries, owner, program: 'postgres', paths: [place.data], args, output })
    child.unref()
    return await becomesReady(place, exitOf(child))
  } finally {
    await output.close()
  }
}

/** No TCP at all; on the command line, so that no configuration file can open it. */
function socketOnly(folder: string): string[] {
  const settings = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: folder,
    unix_socket_permissions: '0700',
  }
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
}

function memory(): number {
  return usableMemory(totalmem(), process.constrainedMemory())
}

async function writeSettings(place: Place, owner: Owner, settings: Settings): Promise<void> {
  const file = join(place.data, settingsFile)
  await writeFile(file, settingsText(settings), { mode: 0o600 })
  if (isForeign(owner)) await chown(file, owner.uid, owner.gid)
}

async function rotateLog(log: string): Promise<void> {
  const stats = await stat(log).catch(() => undefined)
  if (stats !== undefined && stats.size > logBytesMax) await rename(log, `${log}.1`)
}

/** A server somebody else started: it may still be recovering from a crash, and may die of it (a full disk). */
async function joinsReady(place: Place, pid: number): Promise<boolean> {
  const until = performance.now() + readyWithin
  while (performance.now() < until) {
    if (await answers(place)) return true
    if (!(await serves(pid, place.data))) return false
    await sleep(20)
  }
  throw await startFailure(place.home, place.log, 'postgres')
}

/** True once it answers; false when it gave up for the sake of an older server's sessions. */
async function becomesReady(place: Place, exit: Promise<number>): Promise<boolean> {
  let ended = false
  void exit.then(() => (ended = true)).catch(() => (ended = true))
  const until = performance.now() + readyWithin
  while (performance.now() < until) {
    if (ended && (await heldByOrphans(place.log))) return false
    if (ended) break
    if (await answers(place)) return true
    await sleep(20)
  }
  throw await startFailure(place.home, place.log, 'postgres')
}

async function heldByOrphans(log: string): Promise<boolean> {
  return (await tailOf(log)).includes('pre-existing shared memory block')
}

async function answers(place: Place): Promise<boolean> {
  const client = new Client({ ...(await connectionOf(place)), database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    await ensureDatabase(client, databaseName)
    return true
  } catch (error) {
    // 57P03: it is starting up. Anything else it answers will not pass by waiting.
    if (isConnectionLoss(error) || sqlState(error) === '57P03') return false
    throw failure('postgres.not_started', { detail: (error as Error).message }, { cause: error })
  } finally {
    await client.end().catch(() => {})
  }
}
