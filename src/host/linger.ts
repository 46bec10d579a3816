// Ends a server that was started on demand when nobody needs it any more.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Database } from '../db/client.ts'
import { activeRuns } from '../db/read/runs.ts'
import { jobsByThemselves } from '../db/read/schedules.ts'

/**
 * Calls `end` after so many seconds without a connection, an active run, and a job that will run by itself; answers how to
 * stop watching.
 */
export function lingering(
  server: Server,
  database: Database,
  seconds: number,
  end: () => void,
): () => Promise<void> {
  const open = new Set<Socket>()
  let quietSince = performance.now()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      quietSince = performance.now()
    })
  })
  const look = async (): Promise<void> => {
    // A database that does not answer is no reason to leave: the run that needs us may be waiting for it.
    const busy = open.size > 0 || (await isNeeded(database).catch(() => true))
    if (busy) quietSince = performance.now()
    else if (performance.now() - quietSince >= seconds * 1000) end()
  }
  const timer = setInterval(() => void look(), Math.min(5_000, Math.max(200, seconds * 200)))
  return async () => clearInterval(timer)
}

async function isNeeded({ pool }: Database): Promise<boolean> {
  return (await activeRuns(pool)).length > 0 || (await jobsByThemselves(pool)) > 0
}
