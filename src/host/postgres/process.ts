// Looks at operating system processes: is this number alive, and is it a PostgreSQL server?
import { readFile, readlink, realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'

/** The process id in postmaster.pid, or undefined without such a file. */
export async function recordedPid(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
}

/** False for numbers nobody has and for dead processes nobody has buried. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))
}

/**
 * Whether the process is the PostgreSQL server of this data folder, which is its working folder. After a crash or a
 * reboot the recorded number may be anybody's. Where that cannot be told (no /proc), a living process counts.
 */
export async function serves(pid: number, data: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  if (process.platform !== 'linux') return true
  const folder = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) => error.code)
  // A container's root may not look into other users' processes; any PostgreSQL counts then.
  if (folder === 'EACCES' || folder === 'EPERM') return (await nameOf(pid)) === 'postgres'
  return folder === (await realpath(data))
}

async function nameOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
}

/** True when the process is gone within so many milliseconds. */
export async function gone(pid: number, milliseconds: number): Promise<boolean> {
  const until = performance.now() + milliseconds
  while (await isAlive(pid)) {
    if (performance.now() > until) return false
    await sleep(20)
  }
  return true
}
