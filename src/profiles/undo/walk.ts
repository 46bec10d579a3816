// Takes back the values and stamps of one profile: from the stamp it has now, through the changes of void runs, to the
// first stamp that stands (design section 10). Stamps are compared exactly: corrected records write those of an earlier run.
import { copyNull, fromCopy } from '../../core/copyText.ts'
import { isWeak, toEntry, type StampEntries, type StampEntry } from '../../core/stamp.ts'
import type { PastChange, Standing } from '../../core/undo.ts'

export interface WalkInput {
  readonly standing: Standing
  /** A cell in COPY form; undefined: the attribute is not loaded. */
  readonly cell: (key: string) => string | undefined
  /** The attributes that are loaded. */
  readonly loaded: Iterable<string>
  /** Of void runs, the target's first; of all runs where `complete`. */
  readonly changes: readonly PastChange[]
  readonly complete: boolean
  readonly target: number
  readonly isVoid: (run: number) => boolean
  /** The stamp is the one the profile was created with. */
  readonly isCreation: (stamp: StampEntry) => boolean
  /** A void run created the profile and it stays: what only that run delivered goes. */
  readonly clears: boolean
  /** Stamps that an attribute got from the profiles a change merged into this one. */
  readonly mergedStamps: (change: PastChange, key: string) => readonly (StampEntry | null)[]
  /** A run that stands, came later and may have confirmed the attribute. */
  readonly suspect: (key: string, stamp: StampEntry) => number | undefined
}

export interface Walked {
  /** New values of attributes, as text. */
  readonly values: ReadonlyMap<string, string | null>
  readonly stamp: StampEntry
  readonly by: StampEntries | null
  /** Attributes whose stamps changed, values or not, with the stamp they had and have; null: never asserted. */
  readonly moved: ReadonlyMap<string, { readonly from: StampEntry | null; readonly to: StampEntry | null }>
  /** Attributes of the target that stay as a later run left them. */
  readonly newer: ReadonlyMap<string, number>
  /** Attributes that stay because a later run may have confirmed them. */
  readonly unclear: ReadonlyMap<string, number>
  /** Every change and delivery must be known to tell. */
  readonly needsAll: boolean
}

function same(a: StampEntry | null | undefined, b: StampEntry | null | undefined): boolean {
  if (!a || !b) return a === b
  return a[1] === b[1] && a[2] === b[2]
}

function equal(a: StampEntry | null, b: StampEntry | null): boolean {
  if (a === null || b === null) return a === b
  return a[0] === b[0] && same(a, b) && isWeak(a) === isWeak(b)
}

function isSlot(key: string): boolean {
  return key.startsWith('@')
}

/** The stamp a change wrote as the profile's own. As-of is not kept with it: run and ordinal name a record. */
function ownStamp({ run, ordinal, before }: PastChange): StampEntry {
  return before.w ?? [0, run, ordinal]
}

/** What carried this stamp before the change; undefined: the change moved no stamps. */
export function priorOf({ before: { s, b } }: PastChange, key: string): StampEntry | null | undefined {
  return b !== undefined && Object.hasOwn(b, key) ? b[key]! : s
}

/** An undo run wrote it: its stamps are those of others. */
function byUndo({ before }: PastChange): boolean {
  return before.wb !== undefined
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>()

/** Nearly always: one record of the run replaced values of one earlier stamp, and nobody came since. */
export function plainWalk({
  standing,
  changes,
  isVoid,
  clears,
}: Pick<WalkInput, 'standing' | 'changes' | 'isVoid' | 'clears'>): Walked | null {
  const [change] = changes
  if (change === undefined || changes.length > 1 || clears || standing.by !== null) return null
  const { before } = change
  if (before.s === undefined || before.b !== undefined || before.merged !== undefined || byUndo(change))
    return null
  if (!isVoid(change.run) || !same(ownStamp(change), toEntry(standing.stamp))) return null
  const base = toEntry(standing.stamp)
  return {
    values: new Map(Object.entries(before.a ?? {})),
    moved: new Map(Object.keys(before.a ?? {}).map((key) => [key, { from: base, to: before.s! }])),
    stamp: before.s,
    by: null,
    newer: nothing,
    unclear: nothing,
    needsAll: false,
  }
}

/** A retried record that stands carries a void run's stamp: what it wrote is its own. */
function standsUnder(
  changes: readonly PastChange[],
  stamp: StampEntry,
  input: WalkInput,
): number | undefined {
  return changes.find(
    (c) => !input.isVoid(c.run) && c.before.w !== undefined && !byUndo(c) && same(c.before.w, stamp),
  )?.run
}

export function walk(input: WalkInput): Walked {
  return plainWalk(input) ?? new Walker(input).walk()
}

interface Found {
  readonly value: string | null
  readonly stamp: StampEntry | null
}

class Walker {
  readonly #input: WalkInput
  readonly #voids: readonly PastChange[]
  readonly #base: StampEntry
  readonly #newer = new Map<string, number>()
  readonly #unclear = new Map<string, number>()
  #needsAll = false

  constructor(input: WalkInput) {
    this.#input = input
    this.#voids = input.changes
      .filter(({ run }) => input.isVoid(run))
      .sort((a, b) => Number(b.run === input.target) - Number(a.run === input.target))
    this.#base = toEntry(input.standing.stamp)
  }

  walk(): Walked {
    const by: Record<string, StampEntry> = {}
    const values = new Map<string, string | null>()
    const moved = new Map<string, { from: StampEntry | null; to: StampEntry | null }>()
    const base = this.#baseBefore()
    for (const key of this.#keys()) {
      const now = this.#now(key)
      const { value, stamp } = this.#before(key, now)
      if (value !== now.value) values.set(key, value)
      if (!equal(stamp, now.stamp)) moved.set(key, { from: now.stamp, to: stamp })
      const implied =
        equal(stamp, base) && (isSlot(key) || (value !== null && this.#input.cell(key) !== undefined))
      if (stamp !== null && !implied) by[key] = stamp
    }
    return {
      values,
      moved,
      stamp: base,
      by: Object.keys(by).length === 0 ? null : by,
      newer: this.#newer,
      unclear: this.#unclear,
      needsAll: this.#needsAll,
    }
  }

  #keys(): Set<string> {
    const keys = new Set(Object.keys(this.#input.standing.by ?? {}))
    for (const { before } of this.#voids)
      for (const part of [before.a, before.b, before.wb]) for (const key in part) keys.add(key)
    if (this.#input.clears) for (const key of this.#input.loaded) keys.add(key)
    return keys
  }

  /** The stamp of everything that is not listed, taken back. */
  #baseBefore(): StampEntry {
    let base = this.#base
    const used = new Set<PastChange>()
    for (;;) {
      if (standsUnder(this.#input.changes, base, this.#input) !== undefined) return base
      const found = this.#voids.find(
        (c) => !used.has(c) && c.before.s !== undefined && same(ownStamp(c), base),
      )
      if (found === undefined) return base
      used.add(found)
      base = found.before.s!
    }
  }

  #now(key: string): Found {
    const cell = this.#input.cell(key)
    const value = cell === undefined ? null : fromCopy(cell)
    const listed = this.#input.standing.by?.[key]
    if (listed !== undefined) return { value, stamp: listed }
    // A slot that is not listed has the profile's stamp, unless an undo took its identifier away.
    if (isSlot(key) && this.#voids.some(({ before: { wb } }) => wb !== undefined && wb[key] === null))
      return { value, stamp: null }
    return { value, stamp: isSlot(key) || (cell !== undefined && cell !== copyNull) ? this.#base : null }
  }

  #before(key: string, now: Found): Found {
    let at = now
    const used = new Set<PastChange>()
    for (;;) {
      if (at.stamp !== null) {
        const holder = standsUnder(this.#input.changes, at.stamp, this.#input)
        if (holder !== undefined) return this.#stop(key, at, used, holder)
      }
      const change = this.#voids.find((c) => !used.has(c) && this.#wrote(c, key, at.stamp))
      const prior = change === undefined ? undefined : priorOf(change, key)
      if (change !== undefined && prior !== undefined) {
        used.add(change)
        at = { value: valueBefore(change, key, at.value), stamp: prior }
        continue
      }
      if (at.stamp === null || !this.#input.isVoid(at.stamp[1]))
        return this.#stop(key, at, used, at.stamp?.[1])
      if (this.#input.isCreation(at.stamp)) return this.#input.clears ? { value: null, stamp: null } : at
      const step = this.#throughAdvance(key, at, used)
      if (step === undefined) return at
      at = step
    }
  }

  #wrote(change: PastChange, key: string, stamp: StampEntry | null): boolean {
    const { wb } = change.before
    if (wb !== undefined && Object.hasOwn(wb, key)) return same(wb[key], stamp)
    if (stamp === null) return false
    if (same(ownStamp(change), stamp)) return true
    return this.#input.mergedStamps(change, key).some((one) => same(one, stamp))
  }

  #stop(key: string, at: Found, used: ReadonlySet<PastChange>, holder: number | undefined): Found {
    const { target } = this.#input
    const ofTarget = this.#voids.filter(
      (c) => c.run === target && c.before.a !== undefined && Object.hasOwn(c.before.a, key),
    )
    // An undo before this one may have given it back already.
    const isBack = ofTarget.some((c) => same(priorOf(c, key), at.stamp))
    if (ofTarget.length > 0 && holder !== undefined && !isBack && ![...used].some((c) => c.run === target))
      this.#newer.set(key, holder)
    return at
  }

  /**
   * A void run confirmed the value and wrote no change: whose was it before? The last writer's, if nobody who stands may
   * have confirmed it in between.
   */
  #throughAdvance(key: string, at: Found, used: Set<PastChange>): Found | undefined {
    const { changes, complete, clears } = this.#input
    const inVoid = this.#voids.some((c) => c.before.a !== undefined && Object.hasOwn(c.before.a, key))
    if (isSlot(key) || (!inVoid && !clears)) return undefined
    if (!complete) {
      this.#needsAll = true
      return undefined
    }
    const suspect = this.#input.suspect(key, at.stamp!)
    if (suspect !== undefined) {
      this.#unclear.set(key, suspect)
      return undefined
    }
    const writer = changes
      .filter((c) => !used.has(c) && !byUndo(c) && c.before.a !== undefined && Object.hasOwn(c.before.a, key))
      .reduce<PastChange | undefined>(
        (last, c) => (last === undefined || this.#isLater(c, last, key) ? c : last),
        undefined,
      )
    if (writer === undefined) return this.#input.clears ? { value: null, stamp: null } : undefined
    if (!this.#input.isVoid(writer.run)) return undefined
    used.add(writer)
    return { value: valueBefore(writer, key, at.value), stamp: priorOf(writer, key) ?? null }
  }

  /** Whoever replaced a later stamp wrote later; of two that replaced the same one, an undo lies between. */
  #isLater(a: PastChange, b: PastChange, key: string): boolean {
    const [left, right] = [priorOf(a, key) ?? null, priorOf(b, key) ?? null]
    if (left === null || right === null) return left !== null
    const order = left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
    if (order !== 0) return order > 0
    const rank = ({ run }: PastChange): number =>
      run === this.#input.target ? 2 : this.#input.isVoid(run) ? 0 : 1
    return rank(a) > rank(b)
  }
}

function valueBefore({ before: { a } }: PastChange, key: string, now: string | null): string | null {
  return a !== undefined && Object.hasOwn(a, key) ? a[key]! : now
}
