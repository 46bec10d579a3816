// Who owns which identifier after the undo: what the target added goes, what it took comes back, step by step backwards.
import { identifierKinds } from '../../core/attribute.ts'
import { problem } from '../../core/problems.ts'
import type { Problem } from '../../core/problem.ts'
import { toEntry, type StampEntry } from '../../core/stamp.ts'
import type { Owner, PastChange, UndoChangeSet, UndoInput } from '../../core/undo.ts'
import { replaceableKinds, slotKey } from '../draft.ts'
import type { Fates, Member } from './fate.ts'
import { priorOf } from './walk.ts'

type Given = readonly [kind: number, value: string, given: string | null]

/** What an undo did to the identifiers of one profile: its change row has it, so that it can be taken back. */
export interface IdentifierChanges {
  readonly added: (readonly [number, string])[]
  readonly removed: Given[]
  readonly moved: (readonly [number, string])[]
  readonly blocked: Given[]
  readonly unblocked: Given[]
}

const nobody: Owner | null = null

export class IdentifierPlan {
  readonly #input: UndoInput
  readonly #members: readonly Member[]
  readonly #fates: Fates
  readonly #note: (profile: number, found: Problem) => void
  /** What this group has decided; absent: as `owners` has it. */
  readonly #now = new Map<string, Owner | null>()
  readonly #changes = new Map<number, IdentifierChanges>()
  /** `profile:kind` of single kinds whose present value stays. */
  readonly #held = new Set<string>()

  constructor(
    input: UndoInput,
    members: readonly Member[],
    fates: Fates,
    note: (profile: number, found: Problem) => void,
  ) {
    this.#input = input
    this.#members = members
    this.#fates = fates
    this.#note = note
  }

  /** Decides about all identifiers of the group. */
  decide(): void {
    for (const { line } of this.#members) if (!this.#fates.isThere(line.profile)) this.#letGo(line.profile)
    const steps = this.#members
      .flatMap((member) => member.changes.map((change) => ({ member, change })))
      .sort((a, b) => b.change.ordinal - a.change.ordinal)
    const { opposite } = this.#input.target
    // An undo wrote one change a profile: there is no order among them, so everything goes before anything comes back.
    if (opposite) for (const { member, change } of steps) this.#takeAway(member, change)
    for (const { member, change } of steps) {
      if (!opposite) this.#takeAway(member, change)
      this.#giveBack(member, change)
      this.#takeApart(member, change)
      this.#unblock(member, change)
    }
    for (const member of this.#members) this.#ofReturned(member)
    for (const member of this.#members) this.#ofCleared(member)
    for (const member of this.#members) this.#keepOne(member)
  }

  of(profile: number): IdentifierChanges | undefined {
    return this.#changes.get(profile)
  }

  /** Whether the identifiers of a profile changed hands: its version must move on. */
  touches(profile: number): boolean {
    for (const [key, owner] of this.#now) {
      const before = this.#input.owners.get(key)
      if (before?.profile !== owner?.profile && (before?.profile === profile || owner?.profile === profile))
        return true
    }
    return false
  }

  /** The changes to the table. */
  collect(into: {
    freed: UndoChangeSet['identifiers']['freed'][number][]
    moved: UndoChangeSet['identifiers']['moved'][number][]
    added: UndoChangeSet['identifiers']['added'][number][]
  }): void {
    for (const [key, owner] of this.#now) {
      const colon = key.indexOf(':')
      const named = { kindId: Number(key.slice(0, colon)), value: key.slice(colon + 1) }
      const before = this.#input.owners.get(key)
      if (before?.profile === owner?.profile) continue
      if (before === undefined) into.added.push({ ...named, given: owner!.given, profileId: owner!.profile })
      else if (owner !== null) into.moved.push({ ...named, from: before.profile, to: owner.profile })
      // What a profile has when it leaves, leaves with it.
      else if (before.profile === 0 || this.#fates.isThere(before.profile) || !this.#isMember(before.profile))
        into.freed.push({ ...named, from: before.profile })
    }
  }

  #isMember(profile: number): boolean {
    return this.#members.some(({ line }) => line.profile === profile)
  }

  #changesOf(profile: number): IdentifierChanges {
    let changes = this.#changes.get(profile)
    if (changes === undefined) {
      changes = { added: [], removed: [], moved: [], blocked: [], unblocked: [] }
      this.#changes.set(profile, changes)
    }
    return changes
  }

  #owner(kind: number, value: string): Owner | null {
    const key = `${kind}:${value}`
    const now = this.#now.get(key)
    return now === undefined ? (this.#input.owners.get(key) ?? nobody) : now
  }

  #set(kind: number, value: string, owner: Owner | null): void {
    this.#now.set(`${kind}:${value}`, owner)
  }

  /** A profile that leaves frees what it owns, as far as anybody of the group may want it. */
  #letGo(profile: number): void {
    const mentioned = this.#members.flatMap((member) => [
      ...mentions(member.changes),
      ...(member.standing.gone?.identifiers ?? []),
    ])
    for (const [kind, value] of mentioned)
      if (this.#owner(kind, value)?.profile === profile) this.#set(kind, value, nobody)
  }

  #takeAway({ line, standing }: Member, { before }: PastChange): void {
    if (!this.#fates.isThere(line.profile)) return
    for (const [kind, value] of before.added ?? []) {
      const owner = this.#owner(kind, value)
      if (owner?.profile !== line.profile) continue
      const user = this.#userOf(line.profile, kind, slotStamp(standing, kind))
      if (user !== undefined) {
        this.#held.add(`${line.profile}:${kind}`)
        this.#noteUse(line.profile, kind, user)
        continue
      }
      this.#set(kind, value, nobody)
      this.#changesOf(line.profile).removed.push([kind, value, owner.given])
    }
    for (const [kind, value, given] of before.unblocked ?? []) {
      if (this.#owner(kind, value)?.profile !== line.profile) continue
      this.#set(kind, value, { profile: 0, given })
      this.#changesOf(line.profile).blocked.push([kind, value, given])
    }
  }

  #noteUse(profile: number, kind: number, user: number): void {
    this.#note(profile, problem('undo.identifier_used', { kind: nameOf(kind), by: `r${user}` }))
  }

  /** A run that stands and may have found the person by an identifier of this kind. */
  #userOf(profile: number, kind: number, slot: StampEntry | null): number | undefined {
    const { isVoid, ownStamps, target } = this.#input
    if (target.opposite) return this.#fates.laterDelivery(profile, ({ kinds }) => kinds.has(kind))
    if (slot !== null && !isVoid(slot[1]) && ownStamps.get(profile)?.has(`${slot[1]}/${slot[2]}`) !== true)
      return slot[1]
    // Confirming it would have moved its stamp, unless the record was older than that.
    return this.#fates.laterDelivery(
      profile,
      ({ kinds, dated, asOf }) => kinds.has(kind) && (slot === null || dated || asOf <= slot[0]),
    )
  }

  /**
   * What a single identifier was before this change. Where a run had put it there that is undone itself by now, what was
   * there before that run; null: nothing.
   */
  #valueBefore({ line }: Member, change: PastChange, removed: Given): Given | null {
    const { changes, isVoid, target } = this.#input
    const [kind] = removed
    if (!replaceableKinds.includes(kind) || target.opposite) return removed
    const key = slotKey(kind)
    let value: Given = removed
    let stamp = priorOf(change, key)
    for (const used = new Set<PastChange>([change]); stamp && isVoid(stamp[1]);) {
      const [, run, ordinal] = stamp
      const earlier = (changes.get(line.profile) ?? []).find(
        (c) =>
          !used.has(c) && c.run !== target.run && isVoid(c.run) && c.run === run && c.ordinal === ordinal,
      )
      if (earlier?.before.added?.some(([k, v]) => k === kind && v === value[1]) !== true) return value
      used.add(earlier)
      const next = earlier.before.removed?.find(([k]) => k === kind)
      if (next === undefined) return null
      value = next
      stamp = priorOf(earlier, key)
    }
    return value
  }

  #giveBack(member: Member, change: PastChange): void {
    const { before } = change
    for (const removed of before.removed ?? []) {
      const back = this.#valueBefore(member, change, removed)
      if (back === null) continue
      const [kind, value, given] = back
      const loser = before.merged?.find(({ moved }) => moved.some(([k, v]) => k === kind && v === value))
      // It came with a profile that stays merged, or that is not there any more.
      if (loser !== undefined && !this.#fates.isThere(loser.id)) continue
      const to = loser?.id ?? member.line.profile
      if (!this.#fates.isThere(to)) continue
      if (loser === undefined && !this.#hasRoom(member, change, kind)) continue
      const owner = this.#owner(kind, value)
      if (owner?.profile === to) continue
      if (owner !== null) this.#note(to, problem('undo.identifier_taken', { kind: nameOf(kind), value }))
      else {
        this.#set(kind, value, { profile: to, given })
        this.#changesOf(to).added.push([kind, value])
      }
    }
  }

  /** Whether the value of a single kind that is there now makes room. */
  #hasRoom({ line, standing }: Member, { before }: PastChange, kind: number): boolean {
    if (this.#held.has(`${line.profile}:${kind}`)) return false
    // What is there now came with a profile that was merged: it goes back with it, or stays with it.
    if (before.merged !== undefined)
      return before.merged.every(({ id }) => this.#fates.of(id).is !== 'blocked')
    if (identifierKinds.find(({ id }) => id === kind)?.single !== true) return true
    const slot = slotStamp(standing, kind)
    return (
      slot === null || this.#input.isVoid(slot[1]) || this.#input.target.opposite || standing.gone !== null
    )
  }

  /** Profiles that were merged get back what they brought. */
  #takeApart({ line }: Member, { before }: PastChange): void {
    for (const { id, moved } of before.merged ?? []) {
      if (this.#fates.of(id).is === 'blocked') continue
      for (const [kind, value] of moved) {
        if (before.removed?.some(([k, v]) => k === kind && v === value)) continue
        const owner = this.#owner(kind, value)
        const first = this.#input.owners.get(`${kind}:${value}`)
        const ours = owner?.profile === line.profile || (owner === null && first?.profile === line.profile)
        if (!ours) continue
        if (this.#fates.isThere(id)) {
          this.#set(kind, value, { profile: id, given: first?.given ?? null })
          this.#changesOf(id).moved.push([kind, value])
        } else if (owner !== null) {
          this.#set(kind, value, nobody)
          this.#changesOf(line.profile).removed.push([kind, value, owner.given])
        }
      }
    }
    const back = before.restored
    if (back === undefined || back.into === null || this.#fates.of(line.profile).is !== 'leaves') return
    for (const [kind, value] of back.moved) {
      const first = this.#input.owners.get(`${kind}:${value}`)
      if (first?.profile === line.profile && this.#fates.isThere(back.into))
        this.#set(kind, value, { profile: back.into, given: first.given })
    }
  }

  #unblock({ line }: Member, { before }: PastChange): void {
    for (const [kind, value, given] of before.blocked ?? []) {
      if (this.#owner(kind, value)?.profile !== 0) continue
      const there = this.#fates.isThere(line.profile)
      this.#set(kind, value, there ? { profile: line.profile, given } : nobody)
      if (there) this.#changesOf(line.profile).unblocked.push([kind, value, given])
    }
  }

  /** A deleted profile that comes back takes what it had, where nobody has it now. */
  #ofReturned({ line, standing }: Member): void {
    if (this.#fates.of(line.profile).is !== 'restored') return
    for (const [kind, value, given] of standing.gone?.identifiers ?? []) {
      const owner = this.#owner(kind, value)
      if (owner === null) {
        this.#set(kind, value, { profile: line.profile, given })
        this.#changesOf(line.profile).added.push([kind, value])
      } else if (owner.profile !== line.profile)
        this.#note(line.profile, problem('undo.identifier_taken', { kind: nameOf(kind), value }))
    }
  }

  /** A profile that stays for another run's sake: an address that only the void run delivered goes. */
  #ofCleared({ line, standing }: Member): void {
    const fate = this.#fates.of(line.profile)
    if ((fate.is !== 'stays' && fate.is !== 'restored') || !fate.clears) return
    for (const [kind, value, given] of this.#input.identifiers.get(line.profile) ?? []) {
      if (!replaceableKinds.includes(kind) || this.#held.has(`${line.profile}:${kind}`)) continue
      if (this.#owner(kind, value)?.profile !== line.profile && this.#input.owners.has(`${kind}:${value}`))
        continue
      const slot = slotStamp(standing, kind)
      const user = this.#userOf(line.profile, kind, slot)
      if (user !== undefined) {
        // Who confirmed it is why the profile stays: that is said already.
        if (slot === null || this.#input.isVoid(slot[1])) this.#noteUse(line.profile, kind, user)
        continue
      }
      this.#set(kind, value, nobody)
      this.#changesOf(line.profile).removed.push([kind, value, given])
    }
  }

  /** Nothing would lead to a profile without identifiers: the strongest one that was to go stays. */
  #keepOne({ line, standing }: Member): void {
    const changes = this.#changes.get(line.profile)
    if (changes === undefined || changes.removed.length === 0 || standing.gone !== null) return
    if (!this.#fates.isThere(line.profile) || this.#input.target.opposite) return
    const had = this.#input.identifiers.get(line.profile) ?? []
    const stay = had.some(([kind, value]) => {
      const now = this.#now.get(`${kind}:${value}`)
      return now === undefined || now?.profile === line.profile
    })
    if (stay || changes.added.length + changes.unblocked.length > 0) return
    const kept = changes.removed
      .filter(([kind, value]) => this.#owner(kind, value) === null)
      .sort((a, b) => a[0] - b[0])[0]
    if (kept === undefined) return
    const [kind, value, given] = kept
    this.#set(kind, value, { profile: line.profile, given })
    changes.removed.splice(changes.removed.indexOf(kept), 1)
    this.#note(line.profile, problem('undo.identifier_needed', { kind: nameOf(kind) }))
  }
}

function* mentions(changes: readonly PastChange[]): Generator<readonly [number, string]> {
  for (const { before } of changes) {
    for (const [kind, value] of [
      ...(before.added ?? []),
      ...(before.removed ?? []),
      ...(before.blocked ?? []),
      ...(before.unblocked ?? []),
      ...(before.restored?.moved ?? []),
      ...(before.merged ?? []).flatMap(({ moved }) => moved),
    ])
      yield [kind, value]
  }
}

/** Every identifier that these changes speak of. */
export function mentioned(changes: readonly PastChange[]): (readonly [number, string])[] {
  return [...mentions(changes)]
}

/** The stamp of a single identifier that can be replaced; null: its kind has none. */
function slotStamp(
  { by, stamp }: { by: Member['standing']['by']; stamp: Member['standing']['stamp'] },
  kind: number,
) {
  if (!replaceableKinds.includes(kind)) return null
  return by?.[slotKey(kind)] ?? toEntry(stamp)
}

function nameOf(kind: number): string {
  return identifierKinds.find(({ id }) => id === kind)?.label ?? String(kind)
}
