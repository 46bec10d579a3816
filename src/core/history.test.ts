// Walking back: whatever was written in whatever order, the history is the log of it, and every earlier state is found again.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { momentsOf, stateBefore, type PastChange, type PastProfile } from './history.ts'
import type { StampEntry } from './stamp.ts'

const keys = ['city', 'score', 'tier'] as const
type Key = (typeof keys)[number]
type Write = Partial<Record<Key, string | null>>

interface Logged {
  readonly key: Key
  readonly value: string | null
  readonly replaced: string | null
  readonly run: number
}

/** Writes one record after the other as the plan does, and keeps the log that the history must give back. */
function write(first: Write, later: readonly Write[]) {
  const cells = new Map<string, string | null>(keys.map((key) => [key, first[key] ?? null]))
  const stamps = new Map<string, StampEntry | null>(
    keys.map((key) => [key, first[key] == null ? null : [1, 1, 1]]),
  )
  const log: Logged[] = []
  const states: Map<string, string | null>[] = []
  const changes: PastChange[] = []
  for (const [i, values] of later.entries()) {
    const run = i + 2
    const stamp: StampEntry = [run, run, 1]
    states.push(new Map(cells))
    const a: Record<string, string | null> = {}
    const b: Record<string, StampEntry | null> = {}
    for (const key of keys) {
      const value = values[key]
      if (value === undefined) continue
      const old = cells.get(key) ?? null
      b[key] = stamps.get(key) ?? null
      if (old !== value) {
        a[key] = old
        log.push({ key, value, replaced: old, run })
      }
      cells.set(key, value)
      stamps.set(key, stamp)
    }
    // Who only confirms leaves no change behind, as in an import.
    if (Object.keys(a).length > 0) changes.push({ run, ordinal: 1, at: run, before: { a, s: [0, 0, 0], b } })
  }
  return { cells, stamps, log, states, changes }
}

function profileOf({ cells, stamps, changes }: ReturnType<typeof write>): PastProfile {
  const by = Object.fromEntries([...stamps].filter((one): one is [string, StampEntry] => one[1] !== null))
  return {
    id: 7,
    cells,
    stamp: [0, 0, 0],
    by,
    identifiers: [],
    created: { run: 1, ordinal: 1, at: 1, wrote: [1, 1] },
    changes,
  }
}

const value = fc.option(fc.constantFrom('Wien', 'Graz', '7'), { nil: null })
const writes = fc.record(
  { city: value, score: value, tier: value },
  { requiredKeys: [] },
) as fc.Arbitrary<Write>

describe('a history (rank 4, LY-33)', () => {
  test('is the log of what was written, newest first, back to what the profile was made with', () => {
    fc.assert(
      fc.property(writes, fc.array(writes, { maxLength: 8 }), (first, later) => {
        const written = write(first, later)
        const moments = momentsOf(profileOf(written))
        const set = moments.filter((moment) => !moment.first)
        const byRun = (
          a: { run: number; key: string | null },
          b: { run: number; key: string | null },
        ): number => b.run - a.run || (a.key! < b.key! ? -1 : 1)
        expect(
          set.map(({ key, value: now, replaced, run }) => ({ key, value: now, replaced, run })).sort(byRun),
        ).toEqual([...written.log].sort(byRun))
        const made = Object.fromEntries(
          moments.filter((moment) => moment.first).map((one) => [one.key, one.value]),
        )
        expect(made).toEqual(Object.fromEntries(Object.entries(first).filter(([, one]) => one !== null)))
      }),
      { seed: 20261121, numRuns: 500 },
    )
  })

  test('finds every earlier state again, and says of each value whether it stands', () => {
    fc.assert(
      fc.property(writes, fc.array(writes, { minLength: 1, maxLength: 8 }), (first, later) => {
        const written = write(first, later)
        const profile = profileOf(written)
        for (const [i, state] of written.states.entries())
          expect(stateBefore(profile, { at: i + 2, run: i + 2, ordinal: 1 }).cells).toEqual(state)
        for (const key of keys) {
          const standing = momentsOf(profile).filter((moment) => moment.key === key && moment.stands)
          expect(standing.map((moment) => moment.value)).toEqual(
            standing.length === 0 ? [] : [written.cells.get(key)],
          )
        }
      }),
      { seed: 20261121, numRuns: 500 },
    )
  })
})
