// The quota in a batch: it takes what it needs, or is cut where the quota ends (BC-24, E6).
import type pg from 'pg'
import type { NewRow } from '../core/changeSet.ts'
import { runName } from '../core/names.ts'
import type { Origin } from '../core/origin.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import { failure } from '../core/problems.ts'
import { counts, lastWithin } from '../core/quota.ts'
import type { Delivery } from '../db/delivery.ts'
import { countedBefore, takeQuota, type QuotaUse } from '../db/quota.ts'

/** A batch of which only the beginning is taken. */
export interface Cut {
  /** Its last record. */
  readonly to: number
  /** What is said once that is written. */
  readonly reached: Error
  of(records: readonly PreparedRecord[]): PreparedRecord[]
}

/** Raised in the transaction of a batch for which there is no room: it is rolled back, and its beginning tried. */
export class QuotaFull extends Error {
  readonly cut: Cut

  constructor(to: number, reached: Error) {
    super('the batch is larger than what is left of the quota')
    this.name = 'QuotaFull'
    this.cut = { to, reached, of: (records) => records.filter(({ ordinal }) => ordinal <= to) }
  }
}

/** Takes the records of a batch from the quota. Throws `QuotaFull` where a part has room, `limit_reached` where none has. */
export async function takeFromQuota(
  client: pg.ClientBase,
  { namespaceId, delivery }: { readonly namespaceId: number; readonly delivery: Delivery },
  rows: readonly NewRow[],
): Promise<void> {
  const accepted = rows.filter(counts)
  if (accepted.length === 0) return
  const origins = accepted.flatMap(({ origin }) => origin ?? [])
  const before = await countedBefore(client, delivery.schema, namespaceId, origins)
  const isCounted = ({ origin }: NewRow): boolean => origin !== null && before.has(nameOf(origin))
  const wanted = accepted.filter((row) => !isCounted(row)).length
  if (wanted === 0) return
  const taken = await takeQuota(client, { namespaceId, runId: delivery.run }, wanted)
  if (taken.all) return
  const { use } = taken
  const to = lastWithin(rows, Math.max(0, use.quota - use.used), isCounted)
  const reached = limitReached(use, delivery.run)
  throw to === null ? reached : new QuotaFull(to, reached)
}

function nameOf({ run, ordinal }: Origin): string {
  return `${run}/${ordinal}`
}

function limitReached({ quota, used, month, until }: QuotaUse, run: number): Error {
  return failure('limit_reached', { quota, used: Math.max(used, quota), month, until, run: runName(run) })
}
