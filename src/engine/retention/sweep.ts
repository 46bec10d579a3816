// Removes everything whose time is over, namespace by namespace, in small steps (issue 4 point 10).
import type { BlobStore } from '../../blobs/store.ts'
import type { Retention } from '../../core/namespaceSettings.ts'
import { cutoffsAt, headersKept, runsKept, type Cutoffs, type RetentionKind } from '../../core/retention.ts'
import type { Database } from '../../db/client.ts'
import {
  archiveJobs,
  dropMonth,
  noteArtifactsGone,
  noteEmptyMonths,
  noteLandingGone,
  removeChanges,
  removeLogs,
  removeRuns,
  takeArtifacts,
  takeLandings,
  type Place,
} from '../../db/retention/remove.ts'

export interface SweepContext {
  readonly db: Database
  readonly store: BlobStore
}

export type Swept = Record<RetentionKind, number>

/** Removes what is due at this instant (milliseconds since 1970); answers how much of each kind. */
export async function sweep(
  context: SweepContext,
  place: Place,
  retention: Retention,
  now: number,
): Promise<Swept> {
  const cutoffs = cutoffsAt(retention, now)
  const artifacts = await sweepArtifacts(context, place, cutoffs)
  const landings = await sweepLandings(context, place, cutoffs)
  const changes = await sweepChanges(context, place, cutoffs)
  const ledger = await sweepLedger(context, place, cutoffs)
  const jobs = await sweepJobs(context, place, cutoffs, !retention.pausedDefinitions)
  const logs = await sweepLogs(context, place, cutoffs)
  const runs = await sweepRuns(context, place, cutoffs)
  return { artifacts, landings, changes, ledger, jobs, logs, runs }
}

/** The bytes first, then the note: dying in between removes once more what is gone. */
async function sweepArtifacts({ db, store }: SweepContext, place: Place, cutoffs: Cutoffs): Promise<number> {
  if (cutoffs.artifacts === null) return 0
  let count = 0
  for (;;) {
    const due = await takeArtifacts(db.pool, place, cutoffs.artifacts)
    if (due.length === 0) return count
    for (const { run, keys } of due) {
      for (const key of keys) await store.remove(key)
      await noteArtifactsGone(db.pool, place, run)
      count++
    }
  }
}

async function sweepLandings({ db, store }: SweepContext, place: Place, cutoffs: Cutoffs): Promise<number> {
  if (cutoffs.landings === null || cutoffs.uploads === null) return 0
  let count = 0
  for (;;) {
    const due = await takeLandings(db.pool, place, cutoffs.landings, cutoffs.uploads)
    if (due.length === 0) return count
    for (const { landing, key, runs, lists } of due) {
      await store.remove(key)
      for (const list of lists) await store.remove(list)
      // What only serves reading the landing again: index, caches, hashes of lines.
      for (const run of runs) await removeWorkings(store, place, run)
      await noteLandingGone(db.pool, landing)
      count++
    }
  }
}

/** Everything of a run but its files for download, which have a time of their own. */
async function removeWorkings(store: BlobStore, { id }: Place, run: number): Promise<void> {
  for await (const key of store.list(`runs/${id}/${run}`)) if (!key.endsWith('.csv')) await store.remove(key)
}

async function sweepChanges({ db }: SweepContext, place: Place, cutoffs: Cutoffs): Promise<number> {
  const { changes } = cutoffs
  if (changes === null) return 0
  return db.withClient(async (client) => {
    for (let count = 0; ;) {
      const removed = await removeChanges(client, place, changes)
      if (removed === null) return count
      count += removed
    }
  })
}

async function sweepLedger({ db }: SweepContext, place: Place, cutoffs: Cutoffs): Promise<number> {
  const { ledger } = cutoffs
  if (ledger === null) return 0
  let months = 0
  while ((await db.transaction((client) => dropMonth(client, place, ledger))) !== null) months++
  await noteEmptyMonths(db.pool, place, ledger)
  return months
}

async function sweepJobs(
  { db }: SweepContext,
  place: Place,
  { jobs }: Cutoffs,
  paused: boolean,
): Promise<number> {
  if (jobs === null) return 0
  for (let count = 0; ;) {
    const archived = await db.transaction((client) => archiveJobs(client, place, jobs, paused))
    if (archived.length === 0) return count
    count += archived.length
  }
}

async function sweepLogs({ db }: SweepContext, place: Place, { logs }: Cutoffs): Promise<number> {
  if (logs === null) return 0
  for (let count = 0; ;) {
    const removed = await removeLogs(db.pool, place, logs, headersKept)
    if (removed === 0) return count
    count += removed
  }
}

async function sweepRuns({ db }: SweepContext, place: Place, { runs, jobs }: Cutoffs): Promise<number> {
  if (runs === null || jobs === null) return 0
  for (let count = 0; ;) {
    const removed = await db.transaction((client) => removeRuns(client, place, { runs, jobs }, runsKept))
    if (removed === 0) return count
    count += removed
  }
}
