// A worker in a process of its own that kills itself: node crashWorker.ts '{"connection": …, "folder": …, "death": …}'
import type { ClientConfig } from 'pg'
import { folderStore } from '../../src/blobs/folder.ts'
import { systemClock } from '../../src/core/clock.ts'
import { openDatabase } from '../../src/db/client.ts'
import { sessionRole } from '../../src/db/leases.ts'
import { Worker } from '../../src/engine/worker.ts'
import type { NamedPoint } from '../../src/pipeline/context.ts'
import { silentLog } from './importHarness.ts'

/** When to die: once so many batches are committed, at the next time a point is reached, so many milliseconds later. */
export interface Death {
  readonly committed: number
  /** `now`: at once, whatever is under way. */
  readonly point: NamedPoint | 'now'
  readonly milliseconds: number
  /** Batches of the run: the last commit is death in any case. */
  readonly batches: number
}

export interface CrashOrder {
  readonly connection: ClientConfig
  readonly folder: string
  readonly worker: string
  /** Below which jobs read folders. */
  readonly root?: string
  readonly death: Death
}

// kill -9 of oneself: nothing is flushed, finished or given back.
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

/** Told at every named point. */
function reaper({ committed, point, milliseconds, batches }: Death): (reached: NamedPoint) => void {
  let commits = 0
  let armed = committed === 0 && point !== 'now'
  return (reached) => {
    if (armed && reached === point) die()
    if (reached !== 'committed') return
    commits++
    if (commits === batches) die()
    if (commits < committed || armed) return
    armed = true
    if (point !== 'now') return
    if (milliseconds === 0) die()
    setTimeout(die, milliseconds)
  }
}

async function main(order: CrashOrder): Promise<void> {
  const { connection, folder, worker, root = null, death } = order
  const at = reaper(death)
  const db = openDatabase(connection, sessionRole(worker), 10)
  const context = {
    db,
    at,
    worker,
    root,
    store: folderStore(folder),
    clock: systemClock,
    log: silentLog,
    signal: new AbortController().signal,
    revive: async () => {},
  }
  await new Worker(context).run()
}

const [order] = process.argv.slice(2)
if (order !== undefined && process.argv[1]?.endsWith('crashWorker.ts') === true)
  await main(JSON.parse(order) as CrashOrder)
