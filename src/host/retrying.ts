// Wires the API's corrections and retries to the pipeline.
import type { CorrectionsPort, RetryPort } from '../api/context.ts'
import type { BlobStore } from '../blobs/store.ts'
import { runName } from '../core/names.ts'
import { inOrder, startCorrections } from '../db/childRuns.ts'
import type { Database } from '../db/client.ts'
import { lookAtCorrections, type CorrectionsLook } from '../pipeline/lookAtCorrections.ts'
import { retryRecords } from '../pipeline/retryRecords.ts'

/** Looking at corrected error files, and starting their imports. */
export function correcting(db: Database, store: BlobStore): CorrectionsPort {
  return {
    look: async (namespace, upload, hints) => {
      const look = await lookAtCorrections({ db, store }, namespace, upload, hints)
      return look === null ? null : viewOf(look)
    },
    start: async (namespace, upload, hints, { again, dryRun, by }) => {
      const look = await lookAtCorrections({ db, store }, namespace, upload, hints)
      if (look === null) return null
      const parents = inOrder(look.parents.map(({ runId }) => runName(runId)))
      const parent = look.parents.at(-1)!
      const child = {
        parent,
        version: parent.job.version,
        landingId: upload,
        retry: { parent: runName(parent.runId), parents, reading: look.reading },
        settings: dryRun ? { dryRun } : {},
        by,
      }
      return db.transaction((client) =>
        startCorrections(client, namespace, { ...child, again: again || dryRun }),
      )
    },
  }
}

function viewOf({ parents, reading, ...rest }: CorrectionsLook) {
  return {
    runs: parents.map(({ runId, fileName }) => ({ id: runName(runId), file: fileName })),
    job: parents.at(-1)!.job.name,
    dialect: reading.dialect,
    ...rest,
    mangled: [...rest.mangled],
  }
}

/** Starting child runs for chosen records. */
export function retrying(db: Database, store: BlobStore): RetryPort {
  return async (namespace, order) => {
    const { changed, left, runs } = await retryRecords({ db, store }, namespace, order)
    return {
      changed,
      left: [...left],
      runs: runs.map(({ run, parent, ...rest }) => ({
        ...rest,
        run: run === null ? null : runName(run),
        parent: runName(parent),
      })),
    }
  }
}
