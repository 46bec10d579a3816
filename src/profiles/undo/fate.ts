// Whether each profile of a group is there after the undo, and which merges are taken apart (design section 10).
import type { OtherRun, PastChange, Standing, UndoInput, UndoLine } from '../../core/undo.ts'

/** One profile of a group with what the target did to it. */
export interface Member {
  readonly line: UndoLine
  readonly standing: Standing
  /** The target's changes, latest ordinal first. */
  readonly changes: readonly PastChange[]
}

export type Fate =
  /** There before and after. `clears`: a void run made it, and `because` of this run it stays. */
  | { readonly is: 'stays'; readonly clears: boolean; readonly because: number | null }
  | { readonly is: 'deleted' }
  /** Back from where it had gone. */
  | { readonly is: 'restored'; readonly clears: boolean; readonly because: number | null }
  /** An undo brought it back; that is taken back. */
  | { readonly is: 'leaves'; readonly into: number | null; readonly run: number; readonly ordinal: number }
  /** Gone before and after, and nothing to be said about it. */
  | { readonly is: 'absent' }
  /** Gone, and `by` stands. */
  | {
      readonly is: 'blocked'
      readonly why: 'undo.gone_later' | 'undo.merge_used' | 'undo.person_again'
      readonly by: number
    }

export class Fates {
  readonly #input: UndoInput
  readonly #members: ReadonlyMap<number, Member>
  readonly #known = new Map<number, Fate>()

  constructor(input: UndoInput, members: ReadonlyMap<number, Member>) {
    this.#input = input
    this.#members = members
  }

  of(id: number): Fate {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const member = this.#members.get(id)
    const fate: Fate = member === undefined ? { is: 'absent' } : this.#decide(member)
    this.#known.set(id, fate)
    return fate
  }

  isThere(id: number): boolean {
    const { is } = this.of(id)
    return is === 'stays' || is === 'restored'
  }

  /** The run because of which profiles merged into this one stay there, or undefined. */
  mergeHeldBy(id: number): number | undefined {
    const member = this.#members.get(id)
    if (member === undefined) return undefined
    const { gone } = member.standing
    if (gone === null) return this.laterDelivery(id)
    if (gone.run !== this.#input.target.run) return this.#input.assumed.has(gone.run) ? undefined : gone.run
    return gone.into === null ? undefined : this.mergeHeldBy(gone.into)
  }

  /** A run that stands and came later delivered to this profile. */
  laterDelivery(id: number, fits: (run: OtherRun) => boolean = () => true): number | undefined {
    return this.#deliveries(id).find((run) => {
      const other = this.#input.other(run)
      return other.live && other.later && fits(other)
    })
  }

  #deliveries(id: number): readonly number[] {
    return this.#input.deliveries.get(id) ?? []
  }

  /** A run that stands delivered to this profile, or left a value in it. */
  #standsFor(standing: Standing): number | undefined {
    const { isVoid, other, ownStamps } = this.#input
    const delivered = this.#deliveries(standing.id).find((run) => other(run).live)
    if (delivered !== undefined) return delivered
    const own = ownStamps.get(standing.id)
    const stamps = [
      [0, standing.stamp.run, standing.stamp.ordinal] as const,
      ...Object.values(standing.by ?? {}),
    ]
    return stamps.find(([, run, ordinal]) => !isVoid(run) && own?.has(`${run}/${ordinal}`) !== true)?.[1]
  }

  #decide({ standing, changes }: Member): Fate {
    const { target } = this.#input
    const { gone } = standing
    if (gone === null) {
      const restored = target.opposite ? changes.find((c) => c.before.restored)?.before.restored : undefined
      if (restored !== undefined) return this.#leave(standing, restored)
      return this.#stay(standing, 'stays')
    }
    if (gone.run !== target.run) return this.#goneByOther(standing, gone.run)
    if (target.opposite) return { is: 'restored', clears: false, because: null }
    const holder = gone.into === null ? undefined : this.mergeHeldBy(gone.into)
    if (holder !== undefined) return { is: 'blocked', why: 'undo.merge_used', by: holder }
    if (this.#isThereAgain(gone)) return { is: 'blocked', why: 'undo.person_again', by: gone.run }
    const fate = this.#stay(standing, 'restored')
    return fate.is === 'deleted' ? { is: 'absent' } : fate
  }

  /** Somebody who was deleted and came again: everything that led to the old profile leads to another one now. */
  #isThereAgain({ into, identifiers }: NonNullable<Standing['gone']>): boolean {
    if (into !== null || identifiers.length === 0) return false
    return identifiers.every(([kind, value]) => this.#input.owners.has(`${kind}:${value}`))
  }

  #stay(standing: Standing, is: 'stays' | 'restored'): Fate {
    const clears = this.#input.isVoid(standing.created.run) && !this.#input.target.opposite
    if (!clears) return { is, clears, because: null }
    const because = this.#standsFor(standing)
    return because === undefined ? { is: 'deleted' } : { is, clears, because }
  }

  #leave(
    standing: Standing,
    { into, run, ordinal }: { into: number | null; run: number; ordinal: number },
  ): Fate {
    const later = this.laterDelivery(standing.id)
    if (later !== undefined) return { is: 'blocked', why: 'undo.merge_used', by: later }
    if (into !== null && !this.#members.has(into)) return { is: 'blocked', why: 'undo.gone_later', by: run }
    return { is: 'leaves', into, run, ordinal }
  }

  #goneByOther(standing: Standing, run: number): Fate {
    const { assumed, isVoid, other } = this.#input
    // The preview takes that run for undone: then this profile is back, unless nobody made it.
    if (assumed.has(run))
      return isVoid(standing.created.run) ? { is: 'absent' } : this.#stay(standing, 'stays')
    if (!isVoid(run) && !other(run).live) return { is: 'absent' }
    return { is: 'blocked', why: 'undo.gone_later', by: run }
  }
}
