// Wires the API's processed file to the pipeline.
import type { ProcessedPort } from '../api/context.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { Database } from '../db/client.ts'
import { readRun } from '../db/runs.ts'
import { processedFile } from '../pipeline/processedFile.ts'

/** The processed file of a run in pieces; nothing of it is kept. */
export function processed(db: Database, store: BlobStore): ProcessedPort {
  return async function* (namespace, runId, how) {
    const run = await readRun(db.pool, { namespaceId: namespace.id, runId })
    yield* processedFile({ db, store }, run, how)
  }
}
