// What became later of what a record wrote: read from the stamps of the profile as it is now.
import type { Attribute } from '../attribute.ts'
import { momentsOf, type PastProfile } from '../history.ts'
import type { RecordKey } from '../origin.ts'
import type { StampEntry } from '../stamp.ts'
import type { DecisionFacts, LaterFacts, LaterValue, RowFacts } from './explained.ts'

interface Fate {
  readonly gone: LaterFacts['gone']
}

/**
 * `past`: the profile the record went to; `present`: what it is part of now, undefined where nobody knows; `stamp`: run and
 * ordinal of the stamp the record wrote.
 */
export function laterOf(
  past: PastProfile & Fate,
  present: (PastProfile & Fate) | undefined,
  { values }: DecisionFacts,
  stamp: RecordKey,
): LaterFacts {
  const here = present === undefined || present.gone !== null ? null : present
  return {
    profile: here?.id ?? null,
    gone: past.gone,
    values:
      here === null
        ? []
        : values.flatMap(({ key, after, verdict }): LaterValue[] => {
            const cell = here.cells.get(key) ?? null
            const entry: StampEntry | null = here.by?.[key] ?? (cell === null ? null : here.stamp)
            const own = entry !== null && entry[1] === stamp.run && entry[2] === stamp.ordinal
            if (verdict !== 'written' && !(verdict === 'same' && own)) return []
            const what = own ? 'stands' : cell === after ? 'confirmed' : 'replaced'
            return [{ key, what, by: own ? null : entry }]
          }),
  }
}

/** What a record of an undo did: it looked at one profile and put back what it could. */
export function undoneBy(past: PastProfile, attributes: readonly Attribute[], row: RowFacts): DecisionFacts {
  const moments = momentsOf(past).filter(({ run, ordinal }) => run === row.run && ordinal === row.ordinal)
  const links = (what: 'added' | 'removed'): { kindId: number; value: string }[] =>
    moments.flatMap((moment) =>
      moment.what === what && moment.kindId !== null ? [{ kindId: moment.kindId, value: moment.value! }] : [],
    )
  return {
    state: row.state === 'finished' || row.state === 'failed' ? row.state : 'skipped',
    outcome: row.outcome,
    reason: row.reason,
    problem: row.problem,
    warnings: row.warnings,
    profile: row.profile,
    lookedUp: [],
    merged: [],
    values: moments.flatMap(({ key, value, replaced, held }) => {
      const attribute = attributes.find((one) => one.key === key)
      if (attribute === undefined) return []
      const { type } = attribute
      return [
        {
          key: attribute.key,
          column: null,
          type,
          before: replaced,
          after: value,
          verdict: 'written' as const,
          held,
        },
      ]
    }),
    added: links('added'),
    removed: links('removed'),
  }
}
