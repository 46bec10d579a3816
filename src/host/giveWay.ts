// Who goes first where processors are scarce: whoever looks at a page does not wait for an import.
import { readdirSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import type { Database } from '../db/client.ts'

/** Lets other processes of this machine go first; `undefined` for one that did not start. */
export function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It is over already; or whoever runs us may not do this, and it works all the same.
  }
}

/** Lets the sessions of a pool give way as well. Only for a server of this machine: elsewhere the number is somebody else's. */
export function letSessionsGiveWay({ pool }: Database): void {
  pool.on('connect', (client) =>
    giveWay((client as unknown as { processID: number | null }).processID ?? undefined),
  )
}

/**
 * Lets the threads of this process that pack what is uploaded, read files and hash passwords go after the one that
 * answers: it alone keeps people waiting. Linux only, where each thread has a priority of its own; elsewhere nothing
 * happens. Call it when the pool has begun to work.
 */
export function letThreadsGiveWay(): void {
  const threads = '/proc/self/task'
  try {
    for (const id of readdirSync(threads))
      if (readFileSync(`${threads}/${id}/comm`, 'utf8').startsWith('libuv-worker')) giveWay(Number(id))
  } catch {
    // There is no such folder here.
  }
}
