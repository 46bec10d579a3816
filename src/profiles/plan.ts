// The plan: a pure function of records, matches, present values and policies to a change set. Nothing here touches a database.
import { problem } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import { changed, type PreparedRecord, type RecordProblem } from '../core/prepared.ts'
import type { SkipReason } from '../core/record.ts'
import { compareEntry, toEntry, type Stamp, type StampEntry } from '../core/stamp.ts'
import { assertRecord, firstStamps } from './assert.ts'
import { joinBefore, joinMerged, priorOf, withPrior, type Links, type Prior } from './before.ts'
import { Draft } from './draft.ts'
import { identify, matchesOf, nameOf } from './identity.ts'
import { deletionOf } from './delete.ts'
import { mergeInto, overfullKind, survivorOf, identifiersPerKindMax } from './merge.ts'
import type {
  Before,
  Change,
  ChangeSet,
  Deletion,
  Identifier,
  Merge,
  Plan,
  PlanInput,
  Settlement,
} from '../core/changeSet.ts'

/** Decides what becomes of every record of a batch, in order, or says what must be loaded first. */
export function plan(input: PlanInput): Plan {
  const planner = new Planner(input)
  for (const record of input.records) planner.take(record)
  return planner.finish()
}

class Planner {
  readonly #input: PlanInput
  readonly #drafts = new Map<number, Draft>()
  /** Per slot, what this batch has changed about who owns a value. */
  readonly #owners: Map<string, Draft | null>[]
  readonly #created: Draft[] = []
  readonly #added = new Map<
    string,
    { kindId: number; value: string; given: string | null; draft: Draft | null }
  >()
  readonly #removed = new Map<string, { kindId: number; value: string }>()
  readonly #blocked: { kindId: number; value: string }[] = []
  readonly #merges: Merge[] = []
  readonly #deleted: Deletion[] = []
  readonly #changes: Change[] = []
  readonly #settlements: Settlement[] = []
  readonly #identifiersOf = new Set<number>()
  /** Values that link nothing, by slot: some before this batch, some from now on. */
  readonly #blockedNow = new Set<string>()
  #anyBlocked: boolean
  #needsFull = false
  #idsUsed = 0

  constructor(input: PlanInput) {
    this.#input = input
    this.#owners = input.shape.slots.map(() => new Map())
    this.#anyBlocked = input.hits.some((slot) => [...slot.values()].includes(0))
  }

  take(record: PreparedRecord): void {
    if (record.failed !== null) return this.#fail(record, record.failed)
    if (record.skipped !== null)
      return this.#skip(record, record.skipped.reason, null, record.warnings, record.skipped.note)
    const usable = this.#anyBlocked ? this.#withoutBlocked(record) : record
    if (usable.identifiers.every((value) => value === null))
      return this.#fail(record, { ...problem('identifier.none'), stage: 'check', at: record.at })
    this.#decide(usable)
  }

  #withoutBlocked(record: PreparedRecord): PreparedRecord {
    const identifiers = record.identifiers.map((value, slot) =>
      value !== null && this.#isBlocked(slot, value) ? null : value,
    )
    return changed(record, { identifiers })
  }

  #decide(record: PreparedRecord): void {
    const found = record.identifiers.map((value, slot) =>
      value === null ? null : this.#ownerOf(slot, value),
    )
    const { group, conflicts, missing } = identify(record, matchesOf(found), this.#input.shape)
    if (missing.length > 0) return this.#need(missing)
    const warnings = conflicts.length === 0 ? record.warnings : [...(record.warnings ?? []), ...conflicts]
    const { mode, onSeveral } = this.#input.policy
    if (group.length === 0) {
      if (mode === 'update_only' || mode === 'delete') return this.#skip(record, 'not_found', null, warnings)
      return this.#create(record, found, warnings)
    }
    if (mode === 'create_only') return this.#skip(record, 'exists', group[0]!.id, warnings)
    // What cannot be told apart is not deleted: whoever it is may be a person too many.
    if (group.length > 1 && (onSeveral === 'reject' || (mode === 'delete' && onSeveral === 'merge')))
      return this.#fail(record, {
        ...problem('identifier.several', { count: group.length }),
        stage: 'write',
        at: record.at,
      })
    if (mode === 'delete') return this.#delete(record, group[0]!, warnings)
    if (group.length > 1 && onSeveral === 'merge') return this.#merge(record, found, group, warnings)
    this.#update(record, found, group[0]!, warnings, null)
  }

  #delete(record: PreparedRecord, draft: Draft, warnings: readonly Problem[] | null): void {
    const deletion = deletionOf(draft, this.#stampOf(record), record.ordinal)
    if (deletion === null) return this.#skip(record, 'superseded', draft.id, warnings)
    draft.deleted = true
    this.#deleted.push(deletion)
    this.#finish(record, 'deleted', draft.id, warnings)
  }

  #create(
    record: PreparedRecord,
    found: readonly (Draft | null)[],
    warnings: readonly Problem[] | null,
  ): void {
    const { shape, newIds } = this.#input
    const id = newIds[this.#idsUsed++]
    if (id === undefined) throw new Error('plan: fewer new ids than records')
    const stamp = this.#stampOf(record)
    const made = { asOf: stamp.asOf, run: this.#input.run, ordinal: record.ordinal }
    const draft = Draft.create(id, made, stamp, record.row, firstStamps(record, shape, stamp))
    this.#drafts.set(id, draft)
    this.#created.push(draft)
    record.identifiers.forEach((value, slot) => {
      if (value !== null && found[slot] === null) this.#own(slot, value, record.given[slot] ?? null, draft)
    })
    this.#finish(record, 'created', draft.id, warnings)
  }

  #update(
    record: PreparedRecord,
    found: readonly (Draft | null)[],
    draft: Draft,
    warnings: readonly Problem[] | null,
    merged: Before | null,
    prior: Prior = priorOf(draft),
  ): void {
    const stamp = this.#stampOf(record)
    const { duplicates } = this.#input.policy
    if (duplicates === 'first' && merged === null && draft.touchedBy(stamp.run, stamp.ordinal))
      return this.#skip(record, 'duplicate_in_file', draft.id, warnings)
    const links = this.#link(record, found, draft, stamp)
    if (links === null) return this.#need([draft])
    const assertion = assertRecord(draft, record, this.#input.shape, stamp, links.slots)
    const before = withPrior(
      joinBefore(merged, assertion.before, links),
      prior,
      draft,
      links,
      this.#input.shape,
    )
    if (links.added.length + links.removed.length > 0) draft.stampChanged = true
    if (before !== null)
      this.#changes.push({
        ordinal: record.ordinal,
        profileId: draft.id,
        before: record.origin === null ? before : { ...before, w: toEntry(stamp) },
      })
    if (merged !== null) return this.#finish(record, 'merged', draft.id, warnings)
    if (before !== null) return this.#finish(record, 'updated', draft.id, warnings)
    if (assertion.lost && !assertion.advanced) return this.#skip(record, 'superseded', draft.id, warnings)
    this.#finish(record, 'unchanged', draft.id, warnings)
  }

  /** Gives the draft the record's identifiers that nobody has; null when its own must be loaded first. */
  #link(record: PreparedRecord, found: readonly (Draft | null)[], draft: Draft, stamp: Stamp): Links | null {
    const links: Links = { slots: [], added: [], removed: [] }
    const { slots } = this.#input.shape
    for (let i = 0; i < slots.length; i++) {
      const value = record.identifiers[i]
      if (value === null || value === undefined) continue
      const { kindId, single, rank } = slots[i]!
      const owner = found[i]?.current ?? null
      if (owner === draft && single && rank > 1) links.slots.push({ kindId, confirmed: true })
      if (owner !== null) continue
      if (single && draft.identifiers === null) return null
      const rival = single ? draft.identifiers!.find((held) => held.kindId === kindId) : undefined
      if (rival !== undefined && !mayReplace(draft.slotStamp(kindId), stamp, record)) continue
      if (rival !== undefined) {
        this.#disown(i, rival)
        draft.identifiers!.splice(draft.identifiers!.indexOf(rival), 1)
        links.removed.push(rival)
      }
      const given = record.given[i] ?? null
      this.#own(i, value, given, draft)
      links.added.push({ kindId, value, given })
      if (single && rank > 1) links.slots.push({ kindId, confirmed: false })
    }
    return links
  }

  #merge(
    record: PreparedRecord,
    found: readonly (Draft | null)[],
    group: readonly Draft[],
    warnings: readonly Problem[] | null,
  ): void {
    if (!this.#input.full) {
      this.#needsFull = true
      return this.#need(group)
    }
    const overfull = overfullKind(group)
    if (overfull !== null) return this.#refuse(record, found, group[0]!, overfull)
    const survivor = survivorOf(group)
    const prior = priorOf(survivor)
    let before: Before = {}
    for (const loser of group) {
      if (loser === survivor) continue
      const merged = mergeInto(survivor, loser, this.#input.shape)
      this.#merges.push({
        loser: loser.id,
        into: survivor.id,
        version: loser.version ?? 1,
        ordinal: record.ordinal,
      })
      for (const dropped of merged.dropped) this.#disown(this.#slotOf(dropped.kindId), dropped)
      const removed = merged.dropped.map((i) => [i.kindId, i.value, i.given] as const)
      before = joinMerged(before, { ...merged.before, ...(removed.length > 0 ? { removed } : {}) })
    }
    this.#update(record, found, survivor, warnings, before, prior)
  }

  /** No person has so many of one kind: the record fails, and what ties these profiles together links nothing any more. */
  #refuse(record: PreparedRecord, found: readonly (Draft | null)[], strongest: Draft, kind: string): void {
    const blocked = new Map<Draft, [number, string, string | null][]>()
    record.identifiers.forEach((value, slot) => {
      const owner = found[slot]
      if (value === null || !owner || owner === strongest) return
      const { kindId } = this.#input.shape.slots[slot]!
      const given = owner.identifiers!.find((held) => held.kindId === kindId && held.value === value)?.given
      blocked.set(owner, [...(blocked.get(owner) ?? []), [kindId, value, given ?? null]])
      this.#block(slot, value, owner)
    })
    for (const [owner, values] of blocked)
      this.#changes.push({ ordinal: record.ordinal, profileId: owner.id, before: { blocked: values } })
    this.#fail(record, {
      ...problem('identifier.too_many', { kind, limit: identifiersPerKindMax }),
      stage: 'write',
      at: record.at,
    })
  }

  #block(slot: number, value: string, owner: Draft): void {
    const { kindId } = this.#input.shape.slots[slot]!
    const key = `${kindId}:${value}`
    const added = this.#added.get(key)
    if (added === undefined) this.#blocked.push({ kindId, value })
    else this.#added.set(key, { ...added, draft: null })
    owner.identifiers = owner.identifiers!.filter((held) => held.kindId !== kindId || held.value !== value)
    owner.stampChanged = true
    this.#blockedNow.add(`${slot}:${value}`)
    this.#anyBlocked = true
  }

  #slotOf(kindId: number): number {
    return this.#input.shape.slots.findIndex((slot) => slot.kindId === kindId)
  }

  /** A shared value that would tie too many people together links nothing (profile 0). */
  #isBlocked(slot: number, value: string): boolean {
    return this.#blockedNow.has(`${slot}:${value}`) || this.#input.hits[slot]!.get(value) === 0
  }

  #ownerOf(slot: number, value: string): Draft | null {
    const owners = this.#owners[slot]!
    const owner = owners.size === 0 ? undefined : owners.get(value)
    if (owner !== undefined) return owner?.current ?? null
    const id = this.#input.hits[slot]!.get(value)
    if (id === undefined) return null
    const draft = this.#draftOf(id)
    return draft.deleted ? null : draft
  }

  #draftOf(id: number): Draft {
    const known = this.#drafts.get(id)
    if (known !== undefined) return known.current
    const draft = Draft.fromExisting(this.#input.existing.get(id)!)
    this.#drafts.set(id, draft)
    return draft
  }

  #own(slot: number, value: string, given: string | null, draft: Draft): void {
    const { kindId } = this.#input.shape.slots[slot]!
    this.#owners[slot]!.set(value, draft)
    this.#added.set(`${kindId}:${value}`, { kindId, value, given, draft })
    draft.identifiers?.push({ kindId, value, given })
  }

  #disown(slot: number, { kindId, value }: Identifier): void {
    if (slot >= 0) this.#owners[slot]!.set(value, null)
    const key = `${kindId}:${value}`
    // Added in this very batch: it was never written, so there is nothing to remove.
    if (!this.#added.delete(key)) this.#removed.set(key, { kindId, value })
  }

  #stampOf(record: PreparedRecord): Stamp {
    const { origin, asOf, ordinal } = record
    if (origin !== null) return { asOf: asOf ?? origin.asOf, run: origin.run, ordinal: origin.ordinal }
    return { asOf: asOf ?? this.#input.asOf, run: this.#input.run, ordinal }
  }

  #need(drafts: readonly Draft[]): void {
    for (const draft of drafts) if (!draft.isNew) this.#identifiersOf.add(draft.id)
  }

  #finish(
    record: PreparedRecord,
    outcome: 'created' | 'updated' | 'unchanged' | 'merged' | 'deleted',
    profileId: number,
    warnings: readonly Problem[] | null,
  ): void {
    this.#settlements.push({
      ordinal: record.ordinal,
      origin: record.origin,
      state: 'finished',
      outcome,
      identifier: nameOf(record),
      profileId,
      warnings,
    })
  }

  #skip(
    record: PreparedRecord,
    reason: SkipReason,
    profileId: number | null,
    warnings: readonly Problem[] | null,
    note: Problem | null = null,
  ): void {
    this.#settlements.push({
      ordinal: record.ordinal,
      origin: record.origin,
      state: 'skipped',
      reason,
      note,
      identifier: nameOf(record),
      profileId,
      warnings,
    })
  }

  #fail(record: PreparedRecord, failed: RecordProblem): void {
    this.#settlements.push({
      ordinal: record.ordinal,
      origin: record.origin,
      state: 'failed',
      problem: failed,
      identifier: nameOf(record),
      profileId: null,
    })
  }

  finish(): Plan {
    if (this.#identifiersOf.size > 0 || this.#needsFull)
      return { needs: { identifiersOf: this.#identifiersOf, full: this.#needsFull } }
    return { changeSet: this.#changeSet() }
  }

  #changeSet(): ChangeSet {
    const touched = [...this.#drafts.values()].filter((draft) => !draft.isNew)
    return {
      created: this.#created.map((draft) => ({
        id: draft.id,
        row: draft.row,
        created: draft.created!,
        stamp: draft.stamp,
        by: draft.by,
      })),
      updated: touched.filter((d) => d.rowChanged).map(({ id, row }) => ({ id, row })),
      stamps: touched
        .filter((d) => d.stampChanged)
        .map(({ id, version, stamp, by }) => ({ id, version: version!, stamp, by })),
      added: [...this.#added.values()].map(({ draft, ...identifier }) => ({
        ...identifier,
        profileId: draft?.current.id ?? 0,
      })),
      removed: [...this.#removed.values()],
      blocked: this.#blocked,
      // A loser that this batch changed before it was merged keeps that with its stamps: it is one version further.
      merges: this.#merges.map((merge) => {
        const { isNew, stampChanged } = this.#drafts.get(merge.loser)!
        return !isNew && stampChanged ? { ...merge, version: merge.version + 1 } : merge
      }),
      deleted: this.#deleted,
      changes: this.#changes,
      settlements: this.#settlements,
    }
  }
}

/** A later stamp replaces an identifier; the same stamp too when the record is tried again: it was its own. */
function mayReplace(held: StampEntry, stamp: Stamp, { origin }: PreparedRecord): boolean {
  const order = compareEntry(held, stamp)
  return order < 0 || (order === 0 && origin !== null)
}
