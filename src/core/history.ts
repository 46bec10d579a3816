// What a profile was before: walked back from what it is now, change by change. Nothing but the changes is kept of the past.
import type { Before } from './changeSet.ts'
import type { StampEntries, StampEntry } from './stamp.ts'

/** A change of a profile as it is kept, with when it was written. */
export interface PastChange {
  readonly run: number
  readonly ordinal: number
  /** Microseconds since 1970: when its batch was written. Changes of one profile never overlap, so this orders them. */
  readonly at: number
  readonly before: Before
}

/** A profile as it is now, or as it was when it went, with everything that happened to it until then. */
export interface PastProfile {
  readonly id: number
  /** Canonical text by attribute key; no entry: no value. */
  readonly cells: ReadonlyMap<string, string | null>
  readonly stamp: StampEntry
  readonly by: StampEntries | null
  readonly identifiers: readonly PastIdentifier[]
  readonly created: Position & {
    /** Run and ordinal of the stamp it was made with, where a corrected record made it. */
    readonly wrote: readonly [run: number, ordinal: number]
  }
  readonly changes: readonly PastChange[]
}

export interface PastIdentifier {
  readonly kindId: number
  readonly value: string
}

/** One thing that happened to one value or identifier of a profile. */
export interface Moment {
  readonly profileId: number
  /** The record that did it, and when it was written (microseconds since 1970). */
  readonly run: number
  readonly ordinal: number
  readonly at: number
  /** Run and ordinal of the stamp it wrote: its own, or those of the first record where it is a corrected one. */
  readonly wrote: readonly [run: number, ordinal: number]
  /** The attribute, or null where it is about an identifier. */
  readonly key: string | null
  readonly kindId: number | null
  /**
   * set: a value was written (null: cleared). added, removed: an identifier. moved: an identifier came along with a
   * profile that was merged into this one. restored: the whole profile, which was gone, is back.
   */
  readonly what: 'set' | 'added' | 'removed' | 'moved' | 'restored'
  readonly value: string | null
  /** What was there before; null: nothing. */
  readonly replaced: string | null
  /** The stamp the value had in the end: the record that asserted it last. Null where nobody knows. */
  readonly held: StampEntry | null
  /** The profile was made by this. */
  readonly first: boolean
  /** What it did is what is there now. */
  readonly stands: boolean
  /** The profile the value or identifier came from, where a merge brought it. */
  readonly from: number | null
}

/** When something was written, exactly enough to order the changes of one profile. */
export interface Position {
  readonly at: number
  readonly run: number
  readonly ordinal: number
}

/** Later first. */
export function laterFirst(a: Position, b: Position): number {
  return b.at - a.at || b.run - a.run || b.ordinal - a.ordinal
}

/** Whether the value still has the stamp that was written with it: nobody confirmed it, and it came from nowhere else. */
export function isAsWritten({ held, wrote }: Pick<Moment, 'held' | 'wrote'>): boolean {
  return held === null || (held[1] === wrote[0] && held[2] === wrote[1])
}

function wroteBy({ run, ordinal, before }: PastChange): Moment['wrote'] {
  return before.w === undefined ? [run, ordinal] : [before.w[1], before.w[2]]
}

/** Everything that happened to a profile, newest first, the values it was made with last. */
export function momentsOf(profile: PastProfile): Moment[] {
  const walk = new Walk(profile)
  const moments = [...profile.changes].sort(laterFirst).flatMap((change) => walk.back(change))
  return [...moments, ...walk.first()]
}

/** An identifier as one text. */
export function identifierName(kindId: number, value: string): string {
  return `${kindId}:${value}`
}

/** A profile at some moment. */
export interface PastState {
  readonly cells: ReadonlyMap<string, string | null>
  /** The stamps the values had when they were replaced, or have now. */
  readonly held: ReadonlyMap<string, StampEntry | null>
  /** As `identifierName` writes them. */
  readonly identifiers: ReadonlySet<string>
}

/** What a profile was right before a position: its values, and the stamps they had when they were replaced or have now. */
export function stateBefore(profile: PastProfile, position: Position): PastState {
  const walk = new Walk(profile)
  for (const change of [...profile.changes].sort(laterFirst)) {
    if (laterFirst(change, position) > 0) break
    walk.back(change)
  }
  return walk
}

class Walk {
  readonly cells: Map<string, string | null>
  readonly held = new Map<string, StampEntry | null>()
  readonly #profile: PastProfile
  readonly #seen = new Set<string>()
  /** The identifiers it has now: an undo may have taken some elsewhere. */
  readonly #now: ReadonlySet<string>
  /** The last stamp of a value that was confirmed by what was walked back already. */
  readonly #confirmed = new Map<string, StampEntry>()
  readonly identifiers: Set<string>
  constructor(profile: PastProfile) {
    this.#profile = profile
    this.cells = new Map(profile.cells)
    this.identifiers = new Set(profile.identifiers.map(({ kindId, value }) => identifierName(kindId, value)))
    this.#now = new Set(this.identifiers)
    for (const [key, cell] of profile.cells)
      this.held.set(key, profile.by?.[key] ?? (cell === null ? null : profile.stamp))
    for (const [key, entry] of Object.entries(profile.by ?? {})) this.held.set(key, entry)
  }

  /** Takes one change back; answers what it had done. Changes must come newest first. */
  back(change: PastChange): Moment[] {
    const { a = {}, b = {}, s = null } = change.before
    const values = Object.entries(a).map(([key, old]) => this.#value(change, key, old))
    // What was only confirmed got the stamp of the record too; it had an earlier one.
    const wrote = wroteBy(change)
    for (const [key, held] of this.held)
      if (!Object.hasOwn(a, key) && held !== null && isAsWritten({ held, wrote })) {
        if (!this.#confirmed.has(key)) this.#confirmed.set(key, held)
        this.held.set(key, Object.hasOwn(b, key) ? (b[key] ?? null) : s)
      }
    return [...values, ...this.#links(change)]
  }

  #value(change: PastChange, key: string, old: string | null): Moment {
    const { a: _, b = {}, s = null, merged } = change.before
    const held = this.#lastHeld(key)
    const moment = this.#moment(change, {
      key,
      what: 'set',
      value: this.cells.get(key) ?? null,
      replaced: old,
      held,
      stands: this.#isLast(key),
      from: merged === undefined || isAsWritten({ held, wrote: wroteBy(change) }) ? null : merged[0]!.id,
    })
    this.cells.set(key, old)
    this.held.set(key, key in b ? (b[key] ?? null) : s)
    return moment
  }

  #links(change: PastChange): Moment[] {
    const { added = [], removed = [], merged = [], restored } = change.before
    const come = added.map(([kindId, value]) => ({ kindId, value, what: 'added' as const, from: null }))
    const moved = merged.flatMap(({ id, moved: all }) =>
      all.map(([kindId, value]) => ({ kindId, value, what: 'moved' as const, from: id })),
    )
    const gone = removed
      // Of a merge, what was dropped of the other profile never was this one's.
      .filter(
        ([kindId, value]) =>
          !moved.some((one) => identifierName(one.kindId, one.value) === identifierName(kindId, value)),
      )
      .map(([kindId, value]) => ({ kindId, value, what: 'removed' as const, from: null }))
    const dropped = new Set(removed.map(([kindId, value]) => identifierName(kindId, value)))
    const kept = moved.filter((one) => !dropped.has(identifierName(one.kindId, one.value)))
    const moments = [...come, ...kept, ...gone].map(({ kindId, value, what, from }) => {
      const name = identifierName(kindId, value)
      const stands = this.#isLast(name) && this.#now.has(name) === (what !== 'removed')
      return this.#moment(change, { kindId, what, value, from, stands })
    })
    if (restored !== undefined)
      moments.push(
        this.#moment(change, { what: 'restored', value: null, stands: false, from: restored.into }),
      )
    for (const one of [...come, ...kept]) this.identifiers.delete(identifierName(one.kindId, one.value))
    for (const one of gone) this.identifiers.add(identifierName(one.kindId, one.value))
    return moments
  }

  /** What is left when every change is taken back: what the profile was made with. */
  first(): Moment[] {
    const { created } = this.#profile
    const values = [...this.cells]
      .filter(([, value]) => value !== null)
      .map(([key, value]) =>
        this.#moment(created, {
          key,
          what: 'set',
          value,
          held: this.#lastHeld(key),
          stands: this.#isLast(key),
          first: true,
        }),
      )
    const links = [...this.identifiers].map((name) => {
      const { kindId, value } = identifierOf(name)
      return this.#moment(created, { kindId, what: 'added', value, stands: this.#isLast(name), first: true })
    })
    return [...values, ...links]
  }

  /** The stamp that the value had in the end. */
  #lastHeld(key: string): StampEntry | null {
    const held = this.#confirmed.get(key) ?? this.held.get(key) ?? null
    this.#confirmed.delete(key)
    return held
  }

  /** Going back, the first moment met is the last that happened. */
  #isLast(name: string): boolean {
    if (this.#seen.has(name)) return false
    this.#seen.add(name)
    return true
  }

  #moment(
    by: Position | PastChange,
    parts: Pick<Moment, 'what' | 'value' | 'stands'> & Partial<Moment>,
  ): Moment {
    const { run, ordinal, at } = by
    return {
      profileId: this.#profile.id,
      run,
      ordinal,
      at,
      wrote: 'before' in by ? wroteBy(by) : this.#profile.created.wrote,
      key: null,
      kindId: null,
      replaced: null,
      held: null,
      first: false,
      from: null,
      ...parts,
    }
  }
}

function identifierOf(name: string): PastIdentifier {
  const colon = name.indexOf(':')
  return { kindId: Number(name.slice(0, colon)), value: name.slice(colon + 1) }
}
