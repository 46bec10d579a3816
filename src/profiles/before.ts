// What a record replaced, put together for its change row: values, stamps and identifiers as they were before it came.
import type { Before, Identifier, Shape } from '../core/changeSet.ts'
import { copyNull } from '../core/copyText.ts'
import { toEntry, type Stamp, type StampEntry } from '../core/stamp.ts'
import type { SlotAssertion } from './assert.ts'
import { slotKey, type Draft } from './draft.ts'

/** What a record does to the identifiers of its profile. */
export interface Links {
  readonly slots: SlotAssertion[]
  readonly added: Identifier[]
  readonly removed: Identifier[]
}

/** A profile before a record came. */
export interface Prior {
  readonly stamp: Stamp
  readonly by: Draft['by']
  readonly row: string
}

export function priorOf({ stamp, by, row }: Draft): Prior {
  return { stamp, by, row }
}

/**
 * Adds the stamps that moved, also those of values that were only confirmed: undo gives back value and stamp together,
 * and what is left says nothing of a record that is gone.
 */
export function withPrior(
  before: Before | null,
  prior: Prior,
  draft: Draft,
  links: Links,
  shape: Shape,
): Before | null {
  if (before === null) return null
  const b: Record<string, StampEntry | null> = {}
  for (const key in prior.by) if (draft.by?.[key] !== prior.by[key]) b[key] = prior.by[key]!
  if (before.b !== undefined || before.merged !== undefined) {
    const cells = prior.row.split('\t')
    shape.attributes.forEach(({ key }, i) => {
      const touched = key in (before.a ?? {}) || key in (before.b ?? {})
      if (touched && prior.by?.[key] === undefined && cells[i] === copyNull) b[key] = null
    })
  }
  for (const { kindId, confirmed } of links.slots)
    if (!confirmed && !links.removed.some((rival) => rival.kindId === kindId)) b[slotKey(kindId)] = null
  const { b: _, ...rest } = before
  return { ...rest, s: toEntry(prior.stamp), ...(Object.keys(b).length > 0 ? { b } : {}) }
}

export function joinBefore(merged: Before | null, values: Before | null, links: Links): Before | null {
  if (merged === null && values === null && links.added.length + links.removed.length === 0) return null
  const joined = merged === null ? values : values === null ? merged : joinMerged(merged, values)
  return {
    ...joined,
    ...(links.added.length > 0 ? { added: links.added.map((i) => [i.kindId, i.value] as const) } : {}),
    ...(links.removed.length > 0 || joined?.removed
      ? {
          removed: [
            ...(joined?.removed ?? []),
            ...links.removed.map((i) => [i.kindId, i.value, i.given] as const),
          ],
        }
      : {}),
  }
}

/** Two replacements by one record: what was there first is what counts. */
export function joinMerged(first: Before, then: Before): Before {
  const b: Record<string, StampEntry | null> = { ...then.b, ...first.b }
  // A value replaced twice had, at first, the first stamp; values that only the second replaced name theirs.
  if (first.s !== undefined && then.s !== undefined && then.a !== undefined)
    for (const key of Object.keys(then.a)) if (!(key in (first.a ?? {})) && !(key in b)) b[key] = then.s
  return {
    a: { ...then.a, ...first.a },
    s: first.s ?? then.s!,
    ...(Object.keys(b).length > 0 ? { b } : {}),
    ...(first.removed || then.removed
      ? { removed: [...(first.removed ?? []), ...(then.removed ?? [])] }
      : {}),
    ...(first.merged || then.merged ? { merged: [...(first.merged ?? []), ...(then.merged ?? [])] } : {}),
  }
}
