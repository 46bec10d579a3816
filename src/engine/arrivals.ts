// The duty that watches folders: starts a run when a file has arrived, and tells when one did not come in time.
import { connectorOf } from '../connectors/registry.ts'
import { expectedNow } from '../core/fileExpected.ts'
import { SluiceError } from '../core/problem.ts'
import type { Problem } from '../core/problem.ts'
import { writeLog } from '../db/log.ts'
import {
  freeFiles,
  isVersioned,
  lockFiles,
  startFileRuns,
  type Taking,
  type VersionedFile,
} from '../db/sourceFiles.ts'
import {
  noteArrivals,
  noteWatch,
  tellMissing,
  tookFileSince,
  watchedJobs,
  type WatchedJob,
} from '../db/watching.ts'
import type { Duty, DutyContext } from './duty.ts'
import { sourceIo } from './sourceIo.ts'

/** A file has arrived when it was the same at two looks so far apart (issue 4, point 3). */
export const restMs = 30_000

/** Any number of servers may look at the same time: what is seen and what is taken stands in the database. */
export class Arrivals implements Duty {
  readonly #context: DutyContext

  constructor(context: DutyContext) {
    this.#context = context
  }

  async runOnce(now: Date): Promise<void> {
    for (const job of await watchedJobs(this.#context.db.pool)) {
      if (this.#context.signal.aborted) return
      await this.#look(job, now)
    }
  }

  /** What one job's folder does must not keep the others from being looked at. */
  async #look(job: WatchedJob, now: Date): Promise<void> {
    const { source } = job.setup
    if (source.kind !== 'folder') return
    try {
      if (source.onArrival) await this.#take(job, now)
      if (job.problem !== null) await this.#tellSource(job, null)
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error
      await this.#tellSource(job, error.problem)
    }
    if (source.expectedBy !== null) await this.#tellMissing(job, source.expectedBy, now)
  }

  /** Files that lie there and that no run took, oldest first. */
  async #waiting(job: WatchedJob, now: Date): Promise<VersionedFile[]> {
    const { source } = job.setup
    const io = sourceIo({ ...this.#context, clock: { now: () => now.getTime() } }, job.namespace)
    const { files } = await connectorOf(source).find(source, io, this.#context.signal)
    return freeFiles(this.#context.db.pool, takingOf(job), files.filter(isVersioned))
  }

  async #take(job: WatchedJob, now: Date): Promise<void> {
    const { db } = this.#context
    const files = await this.#waiting(job, now)
    const arrived = await this.#arrived(job, files, now)
    if (arrived.length === 0) return
    await db.transaction(async (client) => {
      await lockFiles(client, job.id)
      // Another server, or a run of the job, may have been first.
      const open = await freeFiles(client, takingOf(job), arrived)
      await startFileRuns(client, { namespaceId: job.namespace.id, id: job.id }, open)
    })
  }

  /** Those that are whole: with a marker beside them, or at rest. */
  async #arrived(job: WatchedJob, files: readonly VersionedFile[], now: Date): Promise<VersionedFile[]> {
    const { source } = job.setup
    if (source.kind === 'folder' && source.marker !== null) return [...files]
    const since = await noteArrivals(this.#context.db.pool, job, files, now)
    return files.filter((_, i) => now.getTime() - since[i]! >= restMs)
  }

  async #tellSource(job: WatchedJob, problem: Problem | null): Promise<void> {
    const { pool } = this.#context.db
    if (!(await noteWatch(pool, job, problem))) return
    const kind = problem === null ? 'source_back' : 'source_unreadable'
    const details = problem === null ? {} : { problem }
    await writeLog(pool, { namespaceId: job.namespace.id, job: job.id, kind, details })
  }

  async #tellMissing(job: WatchedJob, by: string, now: Date): Promise<void> {
    const { pool } = this.#context.db
    const { zone, activation, activeSince, setup } = job
    const expecting = { expectedBy: by, schedule: setup.schedule, zone, activation, activeSince }
    const expected = expectedNow(expecting, now.getTime())
    if (expected === null || expected.day === job.toldFor) return
    if (await tookFileSince(pool, job.id, expected.since)) return
    // It has come, and waits for the schedule.
    if ((await this.#waiting(job, now).catch(() => [])).length > 0) return
    if (!(await tellMissing(pool, job, expected.day))) return
    const details = { by: `${by} (${zone})`, day: expected.day }
    await writeLog(pool, { namespaceId: job.namespace.id, job: job.id, kind: 'file_missing', details })
  }
}

function takingOf({ id, setup: { source }, activeSince }: WatchedJob): Taking {
  const take = source.kind === 'folder' ? source.take : 'all'
  // Resuming a job gives what was given back another try.
  return { id, take, givenBackBefore: activeSince }
}
