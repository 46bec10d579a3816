// What one record does to one profile: attribute by attribute, the later stamp wins (design section 5).
import { copyNull, fromCopy } from '../core/copyText.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import { compareEntry, compareStamps, isWeak, toEntry, type Stamp, type StampEntry } from '../core/stamp.ts'
import type { Before, Shape } from '../core/changeSet.ts'
import { keepOldStamps, replaceableKinds, restamp, slotKey, type Draft } from './draft.ts'

export interface Assertion {
  /** At least one value was replaced. */
  readonly changed: boolean
  /** At least one value that was equal is now known to be newer. */
  readonly advanced: boolean
  /** At least one value differed and was older than what is there. */
  readonly lost: boolean
  /** What was replaced, for undo and lineage; null when nothing was. */
  readonly before: Before | null
}

const nothing: Assertion = { changed: false, advanced: false, lost: false, before: null }
const advancedOnly: Assertion = { changed: false, advanced: true, lost: false, before: null }

/** A single identifier that a record asserts: confirmed where it was there before, else first given by this record. */
export interface SlotAssertion {
  readonly kindId: number
  readonly confirmed: boolean
}

/** Applies the attributes of a record to a draft. `slots`: the single identifiers it asserts. */
export function assertRecord(
  draft: Draft,
  record: PreparedRecord,
  shape: Shape,
  stamp: Stamp,
  slots: readonly SlotAssertion[],
): Assertion {
  if (isPlainRepeat(draft, record, shape, stamp)) {
    advanceAll(draft, shape, stamp, slots)
    return advancedOnly
  }
  return assertCells(draft, record, shape, stamp, slots)
}

/** The common case of importing again: the very same cells, all with one older stamp. */
function isPlainRepeat(draft: Draft, record: PreparedRecord, shape: Shape, stamp: Stamp): boolean {
  if (record.row !== draft.row || record.cleared !== null || compareStamps(stamp, draft.stamp) <= 0)
    return false
  const { by } = draft
  return shape.attributes.every((a) => a.write === 'set' && (by === null || by[a.key] === undefined))
}

function advanceAll(draft: Draft, shape: Shape, stamp: Stamp, slots: readonly SlotAssertion[]): void {
  draft.stampChanged = true
  if (draft.by === null && !draft.rest.includes('1') && confirmsReplaceable(slots)) {
    draft.stamp = stamp
    return
  }
  const by: Record<string, StampEntry> = { ...draft.by }
  keepOldStamps(draft, shape, by)
  for (const { kindId, confirmed } of slots)
    if (!confirmed || compareEntry(by[slotKey(kindId)]!, stamp) < 0) delete by[slotKey(kindId)]
  draft.stamp = stamp
  draft.by = Object.keys(by).length === 0 ? null : by
}

/** Every single identifier that has a stamp of its own is asserted too: nothing keeps the old stamp. */
function confirmsReplaceable(slots: readonly SlotAssertion[]): boolean {
  return replaceableKinds.every((kindId) => slots.some((slot) => slot.kindId === kindId))
}

type Verdict = 'write' | 'advance' | 'same' | 'lost' | 'leave'

/** What becomes of one asserted cell. "Set if empty" ranks below every set; among themselves the earliest wins. */
function judge(cell: string, now: string, held: StampEntry | null, stamp: Stamp, weak: boolean): Verdict {
  if (held === null) return cell === now ? 'advance' : 'write'
  // Only the same record has the same stamp: tried again, it replaces what it wrote itself the time before.
  if (compareEntry(held, stamp) === 0 && isWeak(held) === weak) return cell === now ? 'same' : 'write'
  if (weak && (!isWeak(held) || compareEntry(held, stamp) <= 0)) return 'leave'
  const wins = isWeak(held) || compareEntry(held, stamp) < 0
  if (cell === now) return wins ? 'advance' : 'same'
  return wins ? 'write' : 'lost'
}

function assertCells(
  draft: Draft,
  record: PreparedRecord,
  shape: Shape,
  stamp: Stamp,
  slots: readonly SlotAssertion[],
): Assertion {
  const come = record.row === '' ? [] : record.row.split('\t')
  const cells = draft.cells()
  // One entry each, shared by all cells: there are as many cells as a batch has values.
  const own = toEntry(draft.stamp)
  const comes = { set: toEntry(stamp), set_if_empty: toEntry(stamp, true) }
  const entries = cells.map((cell, i) => draft.stampOf(shape.attributes[i]!.key, cell, own))
  const old: Record<string, string | null> = {}
  const oldStamps: Record<string, StampEntry | null> = {}
  let seen = nothing
  for (let i = 0; i < cells.length; i++) {
    const cell = come[i] ?? copyNull
    if (cell === copyNull && !record.cleared?.includes(i)) continue
    const { key, write } = shape.attributes[i]!
    const weak = write === 'set_if_empty'
    const held = entries[i]!
    const verdict = judge(cell, cells[i]!, held, stamp, weak)
    if (verdict === 'write' || verdict === 'advance') entries[i] = comes[write]
    if (verdict === 'write') {
      old[key] = fromCopy(cells[i]!)
      if (held !== own) oldStamps[key] = held
      cells[i] = cell
    } else if (verdict === 'advance' && held === null) oldStamps[key] = null
    seen = note(seen, verdict)
  }
  const slotEntries = advancedSlots(draft, slots, stamp)
  if (slotEntries.size > 0) seen = note(seen, 'advance')
  if (!seen.changed && !seen.advanced) return seen
  const before = seen.changed ? { a: old, s: own, ...(isEmpty(oldStamps) ? {} : { b: oldStamps }) } : null
  restamp(draft, shape, cells, entries, slotEntries, stamp)
  if (seen.changed) {
    draft.row = cells.join('\t')
    draft.rowChanged = true
  }
  return { ...seen, before }
}

function note(seen: Assertion, verdict: Verdict): Assertion {
  switch (verdict) {
    case 'write':
      return seen.changed ? seen : { ...seen, changed: true }
    case 'advance':
      return seen.advanced ? seen : { ...seen, advanced: true }
    case 'lost':
      return seen.lost ? seen : { ...seen, lost: true }
    case 'same':
    case 'leave':
      return seen
  }
}

function advancedSlots(draft: Draft, slots: readonly SlotAssertion[], stamp: Stamp): Map<string, StampEntry> {
  const entries = new Map<string, StampEntry>()
  // A value that was not there before has this record's stamp, however old: the profile's own says nothing about it.
  for (const { kindId, confirmed } of slots)
    if (!confirmed || compareEntry(draft.slotStamp(kindId), stamp) < 0)
      entries.set(slotKey(kindId), toEntry(stamp))
  return entries
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}

/** The stamps a new profile starts with: what is "set if empty" or cleared is listed. */
export function firstStamps(
  record: PreparedRecord,
  shape: Shape,
  stamp: Stamp,
): Record<string, StampEntry> | null {
  let by: Record<string, StampEntry> | null = null
  const cells = shape.attributes.some((a) => a.write === 'set_if_empty') ? record.row.split('\t') : null
  if (cells !== null)
    for (let i = 0; i < cells.length; i++) {
      const { key, write } = shape.attributes[i]!
      if (write === 'set_if_empty' && cells[i] !== copyNull) (by ??= {})[key] = toEntry(stamp, true)
    }
  for (const i of record.cleared ?? []) {
    const { key, write } = shape.attributes[i]!
    if (write === 'set') (by ??= {})[key] = toEntry(stamp)
  }
  return by
}
