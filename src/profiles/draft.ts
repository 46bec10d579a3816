// A profile while a batch is planned: what it is now, and what has been decided about it so far.
import { identifierKinds } from '../core/attribute.ts'
import { copyNull } from '../core/copyText.ts'
import { compareEntry, toEntry, type Stamp, type StampEntries, type StampEntry } from '../core/stamp.ts'
import type { Existing, Identifier, Shape } from '../core/changeSet.ts'

export class Draft {
  readonly id: number
  /** Null for a profile this batch creates. */
  readonly version: number | null
  /** Known where the identifiers are. */
  readonly created: Stamp | null
  stamp: Stamp
  by: StampEntries | null
  row: string
  rest: string
  /** Null until loaded; a new profile knows all of its own. */
  identifiers: Identifier[] | null
  rowChanged = false
  stampChanged = false
  mergedInto: Draft | null = null
  /** A record of this batch deletes it. */
  deleted = false

  private constructor(id: number, version: number | null, created: Stamp | null, stamp: Stamp, row: string) {
    this.id = id
    this.version = version
    this.created = created
    this.stamp = stamp
    this.row = row
    this.by = null
    this.rest = ''
    this.identifiers = []
  }

  static fromExisting(profile: Existing): Draft {
    const draft = new Draft(profile.id, profile.version, profile.created, profile.stamp, profile.row)
    draft.by = profile.by
    draft.rest = profile.rest
    draft.identifiers = profile.identifiers === null ? null : [...profile.identifiers]
    return draft
  }

  /** `created`: the record that made it; a retried record writes an earlier stamp than its own place. */
  static create(id: number, created: Stamp, stamp: Stamp, row: string, by: StampEntries | null): Draft {
    const draft = new Draft(id, null, created, stamp, row)
    draft.by = by
    return draft
  }

  get isNew(): boolean {
    return this.version === null
  }

  /** The profile this one is part of by now. */
  get current(): Draft {
    return this.mergedInto?.current ?? this
  }

  /** Whether a record of this run, but for the one at `except`, asserted something here before. */
  touchedBy(run: number, except: number): boolean {
    const isOf = (itsRun: number, ordinal: number): boolean => itsRun === run && ordinal !== except
    return (
      isOf(this.stamp.run, this.stamp.ordinal) ||
      (this.by !== null && Object.values(this.by).some((entry) => isOf(entry[1], entry[2])))
    )
  }

  cells(): string[] {
    return this.row === '' ? [] : this.row.split('\t')
  }

  /** The stamp of an attribute, null when nobody ever asserted it: an empty cell without an entry of its own. */
  stampOf(key: string, cell: string, own: StampEntry = toEntry(this.stamp)): StampEntry | null {
    return this.by?.[key] ?? (cell === copyNull ? null : own)
  }

  /** Stamp of the slot of a single identifier. */
  slotStamp(kindId: number): StampEntry {
    return this.by?.[slotKey(kindId)] ?? toEntry(this.stamp)
  }
}

/**
 * Writes the stamps of a profile in the shortest form: the stamp that most values share becomes the row's, the others
 * are listed. `entries` are the shape's attributes with a stamp (cells beside them) and asserted slots; everything else
 * keeps the stamp it had, so it is listed when the row's stamp moves away from it.
 */
export function restamp(
  draft: Draft,
  shape: Shape,
  cells: readonly string[],
  entries: readonly (StampEntry | null)[],
  slotEntries: ReadonlyMap<string, StampEntry>,
  candidate: Stamp,
): void {
  let atCandidate = 0
  let atBase = 0
  let elsewhere = 0
  for (const [i, entry] of entries.entries()) {
    if (entry === null) continue
    if (entry.length === 3 && compareEntry(entry, candidate) === 0 && cells[i] !== copyNull) atCandidate++
    else if (entry.length === 3 && compareEntry(entry, draft.stamp) === 0) atBase++
    else elsewhere++
  }
  draft.stampChanged = true
  if (atBase + elsewhere === 0 && atCandidate > 0 && nothingStays(draft, slotEntries)) {
    draft.stamp = candidate
    return
  }
  const moves = atCandidate > atBase
  const base = moves ? candidate : draft.stamp
  const by: Record<string, StampEntry> = {}
  if (draft.by !== null) Object.assign(by, draft.by)
  if (moves) keepOldStamps(draft, shape, by)
  for (let i = 0; i < entries.length; i++) {
    const key = shape.attributes[i]!.key
    const entry = entries[i]!
    if (entry === null || (entry.length === 3 && cells[i] !== copyNull && compareEntry(entry, base) === 0))
      delete by[key]
    else by[key] = entry
  }
  for (const [key, entry] of slotEntries) {
    if (compareEntry(entry, base) === 0) delete by[key]
    else by[key] = entry
  }
  draft.stamp = base
  draft.by = Object.keys(by).length === 0 ? null : by
}

/** No value outside the mapping, no exception and no identifier slot keeps the stamp the row has now. */
function nothingStays(draft: Draft, slotEntries: ReadonlyMap<string, StampEntry>): boolean {
  return (
    draft.by === null &&
    !draft.rest.includes('1') &&
    replaceableKinds.every((kindId) => slotEntries.has(slotKey(kindId)))
  )
}

/** Before the row's stamp moves: what the mapping does not touch is listed under the stamp it has now. */
export function keepOldStamps(draft: Draft, shape: Shape, by: Record<string, StampEntry>): void {
  const old = toEntry(draft.stamp)
  for (let i = 0; i < shape.rest.length; i++) if (draft.rest[i] === '1') by[shape.rest[i]!] ??= old
  for (const kindId of replaceableKinds) by[slotKey(kindId)] ??= old
}

/** Kind ids of single identifiers below the first rank: only these can be replaced, so only their slots need stamps. */
export const replaceableKinds = identifierKinds.filter((k) => k.single && k.rank > 1).map((k) => k.id)

/** Where the stamp of a single identifier stands among the stamps of a profile. */
export function slotKey(kindId: number): string {
  return `@${kindId}`
}
