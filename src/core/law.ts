// The law: every record read has exactly one state, and the numbers always add up (design section 6). Pure.
import { countedRecords, groupedNumber } from './countText.ts'

/** Flat counters: `finished.created`, `skipped.exists`, `failed.email.invalid`, open states by name; `warned.…` and `noted.…` beside them. */
export type FlatCounters = Readonly<Record<string, number>>

export interface Counters {
  readonly total: number
  readonly read: number
  readonly left: number
  readonly finished: Readonly<Record<string, number>> & { readonly total: number }
  readonly skipped: Readonly<Record<string, number>> & { readonly total: number }
  readonly failed: Readonly<Record<string, number>> & { readonly total: number }
  readonly retry: number
  readonly waiting: number
  readonly new: number
  readonly processing: number
}

const finishedParts = ['created', 'updated', 'unchanged', 'merged'] as const

function part(flat: FlatCounters, state: string): Record<string, number> & { total: number } {
  const parts: Record<string, number> & { total: number } = { total: 0 }
  for (const [key, count] of Object.entries(flat)) {
    if (!key.startsWith(`${state}.`) || count === 0) continue
    parts[key.slice(state.length + 1)] = count
    parts.total += count
  }
  return parts
}

/** The counters people see, from flat ones. `total`: records in the landing. */
export function toCounters(flat: FlatCounters, total: number): Counters {
  const finished = {
    ...Object.fromEntries(finishedParts.map((name) => [name, 0])),
    ...part(flat, 'finished'),
  }
  const skipped = part(flat, 'skipped')
  const failed = part(flat, 'failed')
  const open = {
    retry: flat['retry'] ?? 0,
    waiting: flat['waiting'] ?? 0,
    new: flat['new'] ?? 0,
    processing: flat['processing'] ?? 0,
  }
  const read =
    finished.total + skipped.total + failed.total + open.retry + open.waiting + open.new + open.processing
  return { total, read, left: total - read, finished, skipped, failed, ...open }
}

/** `3 records (2 created, 1 failed)`: the numbers of a run in a few words. */
export function summaryOf(counters: Counters): string {
  const { read, finished, skipped, failed, retry, waiting, new: fresh } = counters
  const parts: [string, number][] = Object.entries(finished).filter(([name]) => name !== 'total')
  const others = { skipped: skipped.total, failed: failed.total, retry, waiting, new: fresh }
  const told = [...parts, ...Object.entries(others)].filter(([, count]) => count > 0)
  const records = countedRecords(read)
  return told.length === 0
    ? records
    : `${records} (${told.map(([name, count]) => `${groupedNumber(count)} ${name}`).join(', ')})`
}

/** What exactly left records out, by reason: `noted.filtered:only active: 3` → `{filtered: {'only active': 3}}`. */
export function notesOf(flat: FlatCounters): Record<string, Record<string, number>> {
  const notes: Record<string, Record<string, number>> = {}
  for (const [key, count] of Object.entries(flat)) {
    const [, reason, by] = /^noted\.(\w+):(.*)$/s.exec(key) ?? []
    if (reason !== undefined) (notes[reason] ??= {})[by!] = count
  }
  return notes
}

/** What was counted, each side apart from the others. */
export interface Sides {
  /** Records in the landing, by the record index. */
  readonly total: number
  /** Sum of the chunks' counters. */
  readonly chunks: FlatCounters
  /** Rows of the ledger. */
  readonly ledger: FlatCounters
  readonly firstOrdinal: number | null
  readonly lastOrdinal: number | null
  /** Profiles that name the run as their maker. */
  readonly made: number
  /** Rows that a processing run settled, as `ledger` counts them: profiles they made name that run as their maker. */
  readonly elsewhere?: FlatCounters
  /** Profiles that are gone because of the run; null: it deletes nobody. */
  readonly gone: number | null
  /** Whether every record must have been read: the run is completed, not stopped or partial. */
  readonly whole: boolean
}

/** Every way in which the sides disagree, in words; empty: the law holds. */
export function faultsOf(sides: Sides): string[] {
  const faults: string[] = []
  const ledger = toCounters(sides.ledger, sides.total)
  const chunks = withoutRemarks(sides.chunks)
  for (const key of new Set([...Object.keys(chunks), ...Object.keys(sides.ledger)])) {
    const counted = chunks[key] ?? 0
    const rows = sides.ledger[key] ?? 0
    if (counted !== rows) faults.push(`${key}: counted ${counted} while importing, the ledger has ${rows}`)
  }
  if (sides.whole && ledger.left > 0)
    faults.push(`${ledger.left} of ${sides.total} records have no ledger row`)
  if (ledger.left < 0) faults.push(`the ledger has ${-ledger.left} rows more than the landing has records`)
  if (sides.lastOrdinal !== null && sides.lastOrdinal > sides.total)
    faults.push(`the ledger names record ${sides.lastOrdinal}, the landing has ${sides.total}`)
  const created = (ledger.finished['created'] ?? 0) - (sides.elsewhere?.['finished.created'] ?? 0)
  if (created !== sides.made)
    faults.push(`${created} records created a profile, ${sides.made} profiles name the run as their maker`)
  const deleted = (ledger.finished['deleted'] ?? 0) - (sides.elsewhere?.['finished.deleted'] ?? 0)
  if (sides.gone !== null && deleted !== sides.gone)
    faults.push(`${deleted} records deleted a profile, ${sides.gone} profiles are gone because of the run`)
  return faults
}

/** Warnings and notes are counted beside the states. */
function withoutRemarks(flat: FlatCounters): FlatCounters {
  return Object.fromEntries(Object.entries(flat).filter(([key]) => !/^(?:warned|noted)\./.test(key)))
}
