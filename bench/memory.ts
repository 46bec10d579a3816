// How much memory a process took at most, as Linux counts it (proc(5): VmHWM in /proc/PID/status).
import { readFile, writeFile } from 'node:fs/promises'

/** Forgets the peak so far, where the system lets us (proc(5): 5 into clear_refs). */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {})
}

/** Largest resident size since the start or the last `forgetPeak`, in bytes; null where it cannot be known. */
export async function peakOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * 1024
}

/** The worker among the children of a server process; null where they cannot be listed. */
export async function workerOf(server: number): Promise<number | null> {
  const children = await readFile(`/proc/${server}/task/${server}/children`, 'utf8').catch(() => '')
  for (const pid of children.split(' ').filter((word) => word !== '')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (command.split('\0').includes('worker')) return Number(pid)
  }
  return null
}
