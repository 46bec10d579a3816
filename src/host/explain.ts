// Wires the API's explanations to the pipeline and the profile store.
import type { ExplainPort } from '../api/context.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/client.ts'
import { explainRecord, explainStranger } from '../pipeline/explain.ts'
import { recordAtLine } from '../pipeline/recordAt.ts'
import { indexKey, readIndex } from '../pipeline/recordIndex.ts'
import { readRun } from '../db/runs.ts'
import { decide, matchedProfiles, resolve } from '../profiles/deliver.ts'
import { remove } from '../profiles/delete.ts'

/** What the API asks to explain records. Nothing of it writes. */
export function explaining(db: Database, store: BlobStore, clock: Clock): ExplainPort {
  const context = { db, store, profiles: { resolve, matchedProfiles, decide, remove } }
  return {
    record: (namespace, key) => explainRecord(context, namespace, key),
    stranger: (namespace, definition, reading) =>
      explainStranger(context, namespace, definition, reading, clock.now() * 1000),
    line: async (namespace, runId, line) => {
      const key = indexKey(namespace.id, runId)
      if ((await store.size(key)) === undefined) return undefined
      const run = await readRun(db.pool, { namespaceId: namespace.id, runId })
      return recordAtLine(store, run, await readIndex(store, key), line)
    },
  }
}
