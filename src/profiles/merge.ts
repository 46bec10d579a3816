// Joining two profiles into one: values by their stamps, identifiers together, the older profile survives.
import { compareEntry, compareStamps, isWeak, toEntry, type StampEntry } from '../core/stamp.ts'
import { fromCopy, copyNull } from '../core/copyText.ts'
import { identifierKinds } from '../core/attribute.ts'
import type { Before, Identifier, Shape } from '../core/changeSet.ts'
import { slotKey, type Draft } from './draft.ts'

/** Most values of one kind that a merge may give a profile (BS-D09). */
export const identifiersPerKindMax = 50

/** The survivor is the profile with the smallest creation stamp (design section 9). */
export function survivorOf(drafts: readonly Draft[]): Draft {
  return drafts.reduce((a, b) => (compareStamps(a.created!, b.created!) <= 0 ? a : b))
}

/** The first kind of which the merged profile would have too many values. */
export function overfullKind(drafts: readonly Draft[]): string | null {
  const counts = new Map<number, number>()
  for (const draft of drafts)
    for (const { kindId } of draft.identifiers ?? []) counts.set(kindId, (counts.get(kindId) ?? 0) + 1)
  for (const [kindId, count] of counts)
    if (count > identifiersPerKindMax)
      return identifierKinds.find((k) => k.id === kindId)?.kind ?? String(kindId)
  return null
}

function wins(challenger: StampEntry | null, holder: StampEntry | null): boolean {
  if (challenger === null) return false
  if (holder === null) return true
  if (isWeak(challenger) !== isWeak(holder)) return isWeak(holder)
  const order = challenger[0] - holder[0] || challenger[1] - holder[1] || challenger[2] - holder[2]
  return isWeak(challenger) ? order < 0 : order > 0
}

/** Merges `loser` into `survivor`. Both carry every attribute of the catalogue. Answers what that replaced. */
export function mergeInto(
  survivor: Draft,
  loser: Draft,
  shape: Shape,
): { before: Before; dropped: Identifier[] } {
  const cells = survivor.cells()
  const others = loser.cells()
  const by: Record<string, StampEntry> = { ...survivor.by }
  const a: Record<string, string | null> = {}
  const b: Record<string, StampEntry | null> = {}
  const s = toEntry(survivor.stamp)
  for (let i = 0; i < cells.length; i++) {
    const { key } = shape.attributes[i]!
    const held = survivor.stampOf(key, cells[i]!)
    const come = loser.stampOf(key, others[i]!)
    if (!wins(come, held)) continue
    if (cells[i] !== others[i]) {
      a[key] = fromCopy(cells[i]!)
      if (held === null || isWeak(held) || compareEntry(held, survivor.stamp) !== 0) b[key] = held
    } else if (held === null) b[key] = null
    cells[i] = others[i]!
    if (cells[i] !== copyNull && !isWeak(come!) && compareEntry(come!, survivor.stamp) === 0) delete by[key]
    else by[key] = come!
  }
  const dropped = mergeIdentifiers(survivor, loser, by)
  survivor.row = cells.join('\t')
  survivor.by = Object.keys(by).length === 0 ? null : by
  survivor.rowChanged = true
  survivor.stampChanged = true
  loser.mergedInto = survivor
  const moved = loser.identifiers!.map((i) => [i.kindId, i.value] as const)
  return {
    before: { a, s, ...(Object.keys(b).length > 0 ? { b } : {}), merged: [{ id: loser.id, moved }] },
    dropped,
  }
}

/** All identifiers go to the survivor; of a single kind with two values the later asserted one stays. */
function mergeIdentifiers(survivor: Draft, loser: Draft, by: Record<string, StampEntry>): Identifier[] {
  const dropped: Identifier[] = []
  const kept = survivor.identifiers!
  for (const come of loser.identifiers!) {
    const kind = identifierKinds.find((k) => k.id === come.kindId)
    const rival = kind?.single ? kept.findIndex((i) => i.kindId === come.kindId) : -1
    const comeStamp = loser.slotStamp(come.kindId)
    if (rival === -1) {
      kept.push(come)
      if (kind?.single && kind.rank > 1) by[slotKey(come.kindId)] = comeStamp
    } else if (wins(comeStamp, survivor.slotStamp(come.kindId))) {
      dropped.push(kept[rival]!)
      kept[rival] = come
      by[slotKey(come.kindId)] = comeStamp
    } else dropped.push(come)
  }
  return dropped
}
