// Whether a record that deletes may delete a profile: it asserts that the person is gone, at its stamp.
import type pg from 'pg'
import type { ChangeSet, Deletion, Existing, Settlement, Shape } from '../core/changeSet.ts'
import { compareEntry, type Stamp } from '../core/stamp.ts'
import type { UndoLine } from '../core/undo.ts'
import type { Decision, RemovalDelivery } from '../db/delivery.ts'
import { loadProfiles } from '../db/resolve.ts'
import { loadNames } from '../db/undoLoad.ts'
import { Draft } from './draft.ts'

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

/** What becomes of profiles that are to go at this stamp's time. Pure; `names`: how lists name them. */
export function planRemoval(
  lines: readonly UndoLine[],
  existing: ReadonlyMap<number, Existing>,
  names: ReadonlyMap<number, string>,
  stampOf: (ordinal: number) => Stamp,
): ChangeSet {
  const deleted: Deletion[] = []
  const settlements = lines.map(({ ordinal, profile }): Settlement => {
    const found = existing.get(profile)
    const deletion = found && deletionOf(Draft.fromExisting(found), stampOf(ordinal), ordinal)
    const named = { ordinal, origin: null, identifier: names.get(profile) ?? null, profileId: profile }
    if (!deletion) {
      const reason = found === undefined ? 'not_found' : 'superseded'
      return { ...named, state: 'skipped', reason, note: null, warnings: null }
    }
    deleted.push(deletion)
    return { ...named, state: 'finished', outcome: 'deleted', warnings: null }
  })
  return { ...nothing, deleted, settlements }
}

const nothing = {
  created: [],
  updated: [],
  stamps: [],
  added: [],
  removed: [],
  blocked: [],
  merges: [],
  changes: [],
}

/** Loads what is needed about these profiles and plans. Reads only. */
export async function remove(
  client: pg.ClientBase,
  { schema, run, asOf }: RemovalDelivery,
  lines: readonly UndoLine[],
): Promise<Decision> {
  const shape: Shape = { attributes: [], rest: [], slots: [] }
  const ids = lines.map(({ profile }) => profile)
  const existing = await loadProfiles(client, schema, shape, ids)
  const names = await loadNames(client, schema, ids)
  return { changeSet: planRemoval(lines, existing, names, (ordinal) => ({ asOf, run, ordinal })), shape }
}
