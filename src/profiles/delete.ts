// Whether a record that deletes may delete a profile: it asserts that the person is gone, at its stamp.
import type { Deletion } from '../core/changeSet.ts'
import { compareEntry, type Stamp } from '../core/stamp.ts'
import type { Draft } from './draft.ts'

/**
 * What deletes the profile, or null where somebody asserted anything about it later: the later stamp wins (design
 * section 5). A deletion leaves no stamp behind: whoever delivers the person again makes a new profile.
 */
export function deletionOf(draft: Draft, stamp: Stamp, ordinal: number): Deletion | null {
  const { id, version, by } = draft
  if (version === null) return null
  const own = [draft.stamp.asOf, draft.stamp.run, draft.stamp.ordinal] as const
  if (compareEntry(own, stamp) > 0) return null
  for (const key in by) if (compareEntry(by[key]!, stamp) > 0) return null
  return { id, version, ordinal }
}
