// The keeper: a small process that stops the embedded server some time after the last Sluice process left it.
import { spawn } from 'node:child_process'
import { stat, truncate } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import {
  becomeKeeper,
  claimServer,
  hasKeeper,
  keeperName,
  otherSessions,
  unclaimServer,
} from '../../db/server.ts'
import { withLock } from './lock.ts'
import { connectionOf, type Place } from './place.ts'
import { logBytesMax } from './start.ts'
import { stopServer } from './stop.ts'

/** Starts one where there is none; in an OS session of its own, so that it outlives all of us. */
export async function ensureKeeper(client: Client, place: Place, grace: number): Promise<void> {
  if (await hasKeeper(client)) return
  const program = fileURLToPath(new URL('./keeper.ts', import.meta.url))
  const child = spawn(process.execPath, [program, place.home, String(grace)], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  })
  // Without a keeper the server merely runs on; the next process tries again.
  child.once('error', () => {})
  child.unref()
}

/** Returns when the server was stopped, by us or by others, or when there is a keeper already. `grace` in milliseconds. */
export async function keep(place: Place, grace: number): Promise<void> {
  const lost = new AbortController()
  const client = new Client({ ...(await connectionOf(place)), application_name: keeperName, keepAlive: true })
  client.on('error', () => {})
  client.once('end', () => lost.abort())
  try {
    await client.connect()
    if (await becomeKeeper(client)) await watch(client, place, grace, lost.signal)
  } catch (error) {
    // The server went away under us: nothing is left to keep.
    if (!lost.signal.aborted) throw error
  } finally {
    await client.end().catch(() => {})
  }
}

async function watch(client: Client, place: Place, grace: number, lost: AbortSignal): Promise<void> {
  let aloneSince: number | undefined
  while (!lost.aborted) {
    const alone = (await otherSessions(client)) === 0
    aloneSince = alone ? (aloneSince ?? performance.now()) : undefined
    if (aloneSince !== undefined && performance.now() - aloneSince >= grace) {
      if (await stopIfAlone(client, place)) return
      aloneSince = undefined
    }
    await shortenLog(place.log)
    await sleep(Math.min(5000, Math.max(50, grace / 4)), undefined, { signal: lost }).catch(() => {})
  }
}

/** Whoever joins from here on finds the server claimed, waits for the lock, and starts it again. */
async function stopIfAlone(client: Client, place: Place): Promise<boolean> {
  return withLock(place.lock, async () => {
    if (!(await claimServer(client))) return false
    if ((await otherSessions(client)) === 0) return stopServer(place)
    await unclaimServer(client)
    return false
  })
}

/** The server writes at the end of the file, wherever that is. */
async function shortenLog(log: string): Promise<void> {
  const stats = await stat(log).catch(() => undefined)
  if (stats !== undefined && stats.size > logBytesMax) await truncate(log)
}
