// A run in the words and numbers of a vendor, beside ours.
import { z } from 'zod'
import { toCounters } from '../core/law.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import { runWord, vendorCounts, wordsOf } from '../core/vendorDialects.ts'
import type { RunRow } from '../db/read/runs.ts'
import { fetchOf, processOf } from './runTimes.ts'

export const wordsSchema = z.object({
  dialect: z.string(),
  vendor: z.string(),
  state: z.string(),
  fetch: z.string().nullable(),
  process: z.string().nullable(),
  counts: z.array(z.object({ label: z.string(), value: z.number(), unit: z.enum(['records', 'percent']) })),
})

/** The run in the words of a vendor; null: in ours. */
export function wordsView(row: RunRow, dialect: VendorDialect): z.infer<typeof wordsSchema> | null {
  const words = wordsOf(dialect)
  if (words === null) return null
  const [fetch, process] = [fetchOf(row), processOf(row)]
  return {
    dialect,
    vendor: words.title,
    state: runWord(dialect, row.state),
    fetch: fetch === null ? null : (words.fetch[fetch.status] ?? null),
    process: process === null ? null : (words.process[process] ?? null),
    counts: vendorCounts(dialect, toCounters(row.counters, row.total ?? 0)),
  }
}
