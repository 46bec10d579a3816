// Whose record is it? Matches by rank, conflicts, and which profiles belong together (design section 9).
import { identifierKinds } from '../core/attribute.ts'
import { problem } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import type { Shape } from '../core/changeSet.ts'
import type { Draft } from './draft.ts'

export interface Match {
  readonly draft: Draft
  /** The strongest slot by which it matched. */
  readonly slot: number
}

const none: readonly never[] = []

export interface Identity {
  /** The profiles the record belongs to, strongest match first; empty: a new person. */
  readonly group: readonly Draft[]
  readonly conflicts: readonly Problem[]
  /** Profiles whose identifiers must be loaded before this can be decided. */
  readonly missing: readonly Draft[]
}

const nobody: Identity = { group: none, conflicts: none, missing: none }

/** The distinct profiles that the identifiers of a record point to, strongest slot first. */
export function matchesOf(found: readonly (Draft | null | undefined)[]): Match[] {
  const matches: Match[] = []
  found.forEach((draft, slot) => {
    if (draft && !matches.some((m) => m.draft === draft)) matches.push({ draft, slot })
  })
  return matches
}

function valuesOf(draft: Draft, kindId: number): string[] {
  return draft.identifiers!.filter((i) => i.kindId === kindId).map((i) => i.value)
}

/**
 * Decides which of the matched profiles are this person. A match never joins two profiles, or a record and a profile,
 * that have different values of a stronger single kind: the record goes to the stronger one, the conflict is a warning.
 */
export function identify(record: PreparedRecord, matches: readonly Match[], shape: Shape): Identity {
  // Nearly every record: nobody, or one person by the strongest identifier.
  if (matches.length === 0) return nobody
  if (matches.length === 1 && matches[0]!.slot === 0)
    return { group: [matches[0]!.draft], conflicts: none, missing: none }
  const missing = matches
    .filter((m) => m.draft.identifiers === null && mustKnow(record, m, matches, shape))
    .map((m) => m.draft)
  if (missing.length > 0) return { group: [], conflicts: [], missing }
  const group: Draft[] = []
  const conflicts: Problem[] = []
  for (const { draft, slot } of matches) {
    const higher = contradiction(record, draft, slot, group, shape)
    if (higher === null) group.push(draft)
    else
      conflicts.push(
        problem('identifier.conflict', {
          kind: shape.slots[slot]!.kind,
          higher,
          value: record.identifiers[slot]!,
        }),
      )
  }
  return { group, conflicts, missing }
}

/** Identifiers matter as soon as a stronger value of the record did not match this profile. */
function mustKnow(record: PreparedRecord, match: Match, matches: readonly Match[], shape: Shape): boolean {
  if (matches.length > 1) return true
  return shape.slots.some((slot, i) => i < match.slot && slot.single && record.identifiers[i] !== null)
}

/** The stronger single kind of which the candidate and the person so far have different values, if any. */
function contradiction(
  record: PreparedRecord,
  candidate: Draft,
  link: number,
  group: readonly Draft[],
  shape: Shape,
): string | null {
  const linkRank = shape.slots[link]!.rank
  for (const kind of identifierKinds) {
    if (!kind.single || kind.rank >= linkRank || candidate.identifiers === null) continue
    const theirs = valuesOf(candidate, kind.id)
    if (theirs.length === 0) continue
    const own = record.identifiers[shape.slots.findIndex((slot) => slot.kindId === kind.id)] ?? null
    const ours = own === null ? group.flatMap((draft) => valuesOf(draft, kind.id)) : [own]
    if (ours.length > 0 && !ours.some((value) => theirs.includes(value))) return kind.kind
  }
  return null
}

/** The identifier by which lists name a record: its highest-ranked one. */
export function nameOf(record: PreparedRecord): string | null {
  for (const value of record.identifiers) if (value !== null) return value
  return null
}
