// Who goes first where processors are scarce: whoever looks at a page does not wait for an import.
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
