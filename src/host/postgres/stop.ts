// Stops the embedded server: told to, or because nobody is left.
import { rm, writeFile } from 'node:fs/promises'
import { failure } from '../../core/problems.ts'
import { withLock } from './lock.ts'
import { connectionOf, passwordOf, placeIn, type Place } from './place.ts'
import { gone, recordedPid, serves } from './process.ts'

// A fast shutdown writes one checkpoint, which takes a while after a big import.
const stoppedWithin = 120_000

/**
 * Stops the server for everyone and keeps running processes from starting it again. `mayStop` is asked first, with the
 * server up, and throws to refuse. True: it was running.
 */
export async function stopPostgres(
  home: string,
  mayStop: () => Promise<void> = async () => {},
): Promise<boolean> {
  const place = placeIn(home)
  if ((await passwordOf(place)) === undefined) return false
  await mayStop()
  return withLock(place.lock, async () => {
    await writeFile(place.downMark, '', { mode: 0o600 })
    return stopServer(place)
  })
}

/** Under the lock. Fast: sessions are cut off, committed work is safe. True: it was running. */
export async function stopServer(place: Place): Promise<boolean> {
  const pid = await recordedPid(place.data)
  if (pid === undefined || !(await serves(pid, place.data))) return false
  process.kill(pid, 'SIGINT')
  if (!(await gone(pid, stoppedWithin))) throw failure('postgres.not_stopped', { pid })
  await removeSocketFolder(place)
  return true
}

/** Outside the home nobody else would tidy it up. */
async function removeSocketFolder(place: Place): Promise<void> {
  const { host } = (await connectionOf(place)) ?? {}
  if (host !== undefined) await rm(host, { recursive: true, force: true })
}
