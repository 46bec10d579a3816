// A lock between processes that the kernel releases when its holder dies, however it dies.
import { open } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `use` while no other process holds the same lock file. Node has no flock; SQLite's exclusive transaction is
 * the same kernel lock (fcntl) in Node's own library, and needs no clean-up after kill -9.
 */
export async function withLock<T>(file: string, use: () => Promise<T>): Promise<T> {
  await makeClosed(file)
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    while (!tryLock(lock)) await sleep(20)
    return await use()
  } finally {
    lock.close()
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === 5
}

/**
 * Closed to others: whoever can open it could hold it. Never opened when it is there, because closing any descriptor
 * of a file gives up this process's fcntl locks on it (fcntl(2), "Advisory record locking").
 */
async function makeClosed(file: string): Promise<void> {
  try {
    await (await open(file, 'wx', 0o600)).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
