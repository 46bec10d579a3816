// Wires what people do with waiting records to the pipeline: processing them now, and settling those that wait for an answer.
import type { ProcessPort, SettlePort } from '../api/context.ts'
import type { BlobStore } from '../blobs/store.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../db/client.ts'
import { processWaiting } from '../pipeline/processWaiting.ts'
import { settleRecords } from '../pipeline/settleRecords.ts'

export function processing(db: Database, store: BlobStore, clock: Clock): ProcessPort {
  return (job, { limit, by }) =>
    processWaiting({ db, store }, job, {
      now: new Date(clock.now()),
      fresh: job.setup.staged !== null,
      by,
      limit,
    })
}

export function settling(db: Database, store: BlobStore): SettlePort {
  return (namespace, choice, answer, dryRun) =>
    settleRecords({ db, store }, namespace, choice, answer, dryRun)
}
