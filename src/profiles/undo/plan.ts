// The plan of an undo: a pure function of what profiles are, what runs did to them, and who delivered later.
import type { Before, Change, Settlement, StampUpdate } from '../../core/changeSet.ts'
import { toCopy } from '../../core/copyText.ts'
import { problem } from '../../core/problems.ts'
import type { Problem } from '../../core/problem.ts'
import type { Outcome } from '../../core/record.ts'
import type { Stamp, StampEntry } from '../../core/stamp.ts'
import type { PastChange, UndoChangeSet, UndoInput, UndoLine, UndoPlan } from '../../core/undo.ts'
import { attributeNotes, beforeOf } from './before.ts'
import { Fates, type Fate, type Member } from './fate.ts'
import { IdentifierPlan, type IdentifierChanges } from './identifiers.ts'
import { plainWalk, walk, type Walked } from './walk.ts'

/** Decides what becomes of every profile of a batch, or says what must be loaded first. */
export function planUndo(input: UndoInput): UndoPlan {
  const planner = new UndoPlanner(input)
  for (const lines of groupsOf(input.lines)) planner.take(lines)
  return planner.finish()
}

/** Lines of one group stand together. */
function* groupsOf(lines: readonly UndoLine[]): Generator<readonly UndoLine[]> {
  let group: UndoLine[] = []
  for (const line of lines) {
    if (group.length > 0 && group[0]!.group !== line.group) {
      yield group
      group = []
    }
    group.push(line)
  }
  if (group.length > 0) yield group
}

const none: readonly PastChange[] = []

class UndoPlanner {
  readonly #input: UndoInput
  readonly #places: ReadonlyMap<string, number>
  readonly #updated: { id: number; row: string }[] = []
  readonly #stamps: StampUpdate[] = []
  readonly #restored: StampUpdate[] = []
  readonly #gone: UndoChangeSet['gone'][number][] = []
  readonly #identifiers = {
    freed: [] as UndoChangeSet['identifiers']['freed'][number][],
    moved: [] as UndoChangeSet['identifiers']['moved'][number][],
    added: [] as UndoChangeSet['identifiers']['added'][number][],
  }
  readonly #changes: Change[] = []
  readonly #settlements: Settlement[] = []
  readonly #complete = new Set<number>()
  readonly #identifiersOf = new Set<number>()
  #needsFull = false

  constructor(input: UndoInput) {
    this.#input = input
    this.#places = new Map(input.shape.attributes.map(({ key }, i) => [key, i]))
  }

  take(lines: readonly UndoLine[]): void {
    if (lines.length === 1 && this.#takePlain(lines[0]!)) return
    const members = new Map<number, Member>()
    for (const line of lines) {
      const standing = this.#input.standing.get(line.profile)
      if (standing !== undefined) members.set(line.profile, this.#memberOf(line, standing))
    }
    const fates = new Fates(this.#input, members)
    if (this.#lacks(members, fates)) return
    const notes = new Map<number, Problem[]>()
    const note = (profile: number, found: Problem): void => {
      notes.set(profile, [...(notes.get(profile) ?? []), found])
    }
    const identifiers = new IdentifierPlan(this.#input, [...members.values()], fates, note)
    if (![...members.values()].every((member) => isPlain(member, fates))) {
      identifiers.decide()
      identifiers.collect(this.#identifiers)
    }
    for (const line of lines) {
      const member = members.get(line.profile)
      if (member === undefined) this.#settle(line, 'unchanged', [])
      else
        this.#carryOut(
          member,
          fates,
          members,
          identifiers,
          (found) => note(line.profile, found),
          () => notes.get(line.profile) ?? [],
        )
    }
  }

  /** Nearly every profile: one change of one record, nobody came since, and nothing but values is concerned. */
  #takePlain(line: UndoLine): boolean {
    const { standing: all, changes: byProfile, isVoid, complete } = this.#input
    const standing = all.get(line.profile)
    const changes = byProfile.get(line.profile)
    if (standing === undefined || changes?.length !== 1 || complete.has(line.profile)) return false
    if (standing.gone !== null || isVoid(standing.created.run) || touchesIdentifiers(changes[0]!))
      return false
    const walked = plainWalk({ standing, changes, isVoid, clears: false })
    if (walked === null) return false
    const before = beforeOf(standing, walked, undefined, false, this.#reader(standing.row))
    if (before === null) return false
    this.#write(standing, { is: 'stays', clears: false, because: null }, walked)
    this.#changes.push({ ordinal: line.ordinal, profileId: line.profile, before })
    this.#settle(line, 'updated', [])
    return true
  }

  #memberOf(line: UndoLine, standing: Member['standing']): Member {
    const { run } = this.#input.target
    const changes = (this.#input.changes.get(line.profile) ?? none).filter((change) => change.run === run)
    return { line, standing, changes: changes.sort((a, b) => b.ordinal - a.ordinal) }
  }

  /** A profile that stays without the run that made it: everything about it must be known. */
  #lacks(members: ReadonlyMap<number, Member>, fates: Fates): boolean {
    let lacks = false
    for (const id of members.keys()) {
      const fate = fates.of(id)
      if ((fate.is !== 'stays' && fate.is !== 'restored') || !fate.clears) continue
      if (!this.#input.full) lacks = this.#needsFull = true
      if (!this.#input.complete.has(id)) {
        this.#complete.add(id)
        lacks = true
      }
      if (!this.#input.identifiers.has(id)) {
        this.#identifiersOf.add(id)
        lacks = true
      }
    }
    return lacks
  }

  #carryOut(
    member: Member,
    fates: Fates,
    members: ReadonlyMap<number, Member>,
    identifiers: IdentifierPlan,
    note: (found: Problem) => void,
    notes: () => readonly Problem[],
  ): void {
    const { line, standing } = member
    const fate = fates.of(line.profile)
    switch (fate.is) {
      case 'absent':
        return this.#settle(line, standing.gone?.run === this.#input.target.run ? 'deleted' : 'unchanged', [])
      case 'blocked':
        return this.#keep(line, [problem(fate.why, { by: `r${fate.by}` })])
      case 'deleted': {
        const { run } = this.#input
        this.#gone.push({
          id: line.profile,
          version: standing.version,
          run,
          ordinal: line.ordinal,
          into: null,
        })
        return this.#settle(line, 'deleted', [])
      }
      case 'stays':
      case 'restored':
      case 'leaves':
        return this.#change(member, fate, this.#walk(member, fate, fates, members), identifiers, note, notes)
    }
  }

  #walk(member: Member, fate: Fate, fates: Fates, members: ReadonlyMap<number, Member>): Walked {
    const { input, id } = { input: this.#input, id: member.line.profile }
    const { standing } = member
    const held = fates.mergeHeldBy(id) !== undefined
    const { target, isVoid } = input
    // A merge that stays, and one that an earlier undo had to leave, keep what came by them.
    const stays = ({ run, before }: PastChange): boolean =>
      before.merged !== undefined && (run === target.run ? held : isVoid(run) && !input.assumed.has(run))
    const own = input.ownStamps.get(id)
    const clears = (fate.is === 'stays' || fate.is === 'restored') && fate.clears
    const { created } = standing
    return walk({
      standing,
      cell: this.#reader(standing.row),
      loaded: this.#places.keys(),
      changes: (input.changes.get(id) ?? none).filter((change) => !stays(change)),
      complete: input.complete.has(id),
      target: target.run,
      isVoid: (run) => isVoid(run),
      isCreation: ([, run, ordinal]) =>
        (run === created.run && ordinal === created.ordinal) || own?.has(`${run}/${ordinal}`) === true,
      clears,
      mergedStamps: (change, key) =>
        (change.before.merged ?? []).map((loser) => this.#stampOf(members.get(loser.id), key)),
      suspect: (key, stamp) =>
        fates.laterDelivery(
          id,
          ({ attributes, dated, asOf }) => attributes.has(key) && (dated || asOf <= stamp[0]),
        ),
    })
  }

  /** Cells by attribute; split when first asked for. */
  #reader(row: string): (key: string) => string | undefined {
    let cells: string[] | null = null
    return (key) => {
      const place = this.#places.get(key)
      if (place === undefined) return undefined
      cells ??= row.split('\t')
      return cells[place]
    }
  }

  /** The stamp an attribute had in a profile when that was merged away. */
  #stampOf(loser: Member | undefined, key: string): StampEntry | null {
    if (loser === undefined) return null
    const { by, stamp } = loser.standing
    return by?.[key] ?? [stamp.asOf, stamp.run, stamp.ordinal]
  }

  #change(
    { line, standing }: Member,
    fate: Extract<Fate, { is: 'stays' | 'restored' | 'leaves' }>,
    walked: Walked,
    identifiers: IdentifierPlan,
    note: (found: Problem) => void,
    notes: () => readonly Problem[],
  ): void {
    if (walked.needsAll) return void this.#complete.add(line.profile)
    const merge = fate.is === 'stays' ? this.#heldMerge(line.profile, standing) : undefined
    if (merge !== undefined) note(problem('undo.merge_used', { by: `r${merge}` }))
    else for (const found of attributeNotes(walked)) note(found)
    if (fate.is !== 'leaves' && fate.because !== null)
      note(problem('undo.delivered', { by: `r${fate.because}` }))
    const id = line.profile
    const own = identifiers.of(id)
    const touched = identifiers.touches(id)
    const before = beforeOf(standing, walked, own, touched, this.#reader(standing.row))
    const changed = before !== null
    if (changed || fate.is === 'restored') this.#write(standing, fate, walked)
    if (fate.is === 'leaves') {
      const version = standing.version + (changed ? 1 : 0)
      this.#gone.push({ id, version, run: fate.run, ordinal: fate.ordinal, into: fate.into })
    }
    if (changed || fate.is !== 'stays')
      this.#changes.push({
        ordinal: line.ordinal,
        profileId: id,
        before: this.#joined(standing, fate, before, own),
      })
    if (fate.is === 'leaves') return this.#settle(line, fate.into === null ? 'updated' : 'merged', notes())
    if (fate.is === 'restored') return this.#settle(line, 'restored', notes(), nameAmong(standing, own))
    if (changed) return this.#settle(line, 'updated', notes())
    if (notes().length > 0) return this.#keep(line, notes())
    this.#settle(line, 'unchanged', [])
  }

  #heldMerge(id: number, { gone }: Member['standing']): number | undefined {
    const { changes, target, other, deliveries } = this.#input
    if (
      gone !== null ||
      !(changes.get(id) ?? none).some((c) => c.run === target.run && c.before.merged !== undefined)
    )
      return undefined
    return (deliveries.get(id) ?? []).find((run) => other(run).live && other(run).later)
  }

  #joined(
    standing: Member['standing'],
    fate: Fate,
    before: Before | null,
    identifiers: IdentifierChanges | undefined,
  ): Before {
    const { gone } = standing
    if (fate.is !== 'restored' || gone === null) return before ?? {}
    const restored = {
      into: gone.into,
      run: gone.run,
      ordinal: gone.ordinal,
      moved: identifiers?.moved ?? [],
    }
    return { ...before, restored }
  }

  #write(standing: Member['standing'], fate: Fate, { values, stamp, by }: Walked): void {
    const { id, version, row } = standing
    const stamps: StampUpdate = { id, version, stamp: toStamp(stamp), by }
    if (fate.is === 'restored') this.#restored.push(stamps)
    else this.#stamps.push(stamps)
    if (values.size === 0) return
    const cells = row.split('\t')
    for (const [key, value] of values) cells[this.#places.get(key)!] = toCopy(value)
    this.#updated.push({ id, row: cells.join('\t') })
  }

  #settle(line: UndoLine, outcome: Outcome, notes: readonly Problem[], name: string | null = null): void {
    this.#settlements.push({
      ordinal: line.ordinal,
      origin: null,
      state: 'finished',
      outcome,
      identifier: this.#input.names.get(line.profile) ?? name,
      profileId: line.profile,
      warnings: notes.length === 0 ? null : notes,
    })
  }

  #keep(line: UndoLine, notes: readonly Problem[]): void {
    this.#settlements.push({
      ordinal: line.ordinal,
      origin: null,
      state: 'skipped',
      reason: 'kept',
      note: null,
      identifier: this.#input.names.get(line.profile) ?? null,
      profileId: line.profile,
      warnings: notes,
    })
  }

  finish(): UndoPlan {
    if (this.#needsFull || this.#complete.size + this.#identifiersOf.size > 0)
      return {
        needs: { full: this.#needsFull, complete: this.#complete, identifiersOf: this.#identifiersOf },
      }
    return {
      changeSet: {
        updated: this.#updated,
        stamps: this.#stamps,
        restored: this.#restored,
        gone: this.#gone,
        identifiers: this.#identifiers,
        changes: this.#changes,
        settlements: this.#settlements,
      },
    }
  }
}

/** Nothing about its identifiers is to be decided. */
function isPlain({ line, standing, changes }: Member, fates: Fates): boolean {
  const fate = fates.of(line.profile)
  if (standing.gone !== null || fate.is !== 'stays' || fate.clears) return false
  return !changes.some(touchesIdentifiers)
}

function touchesIdentifiers({ before }: PastChange): boolean {
  const { added, removed, merged, blocked, unblocked, restored } = before
  return (added ?? removed ?? merged ?? blocked ?? unblocked ?? restored) !== undefined
}

/** The strongest identifier that came back with a profile. */
function nameAmong({ gone }: Member['standing'], own: IdentifierChanges | undefined): string | null {
  const back = [...(own?.moved ?? []), ...(own?.added ?? []), ...(gone?.identifiers ?? [])]
  return back.sort((a, b) => a[0] - b[0])[0]?.[1] ?? null
}

function toStamp([asOf, run, ordinal]: StampEntry): Stamp {
  return { asOf, run, ordinal }
}
