// Match and plan as facts: read from a change set for what would be decided now, from ledger and changes for what was.
import { identifierKinds } from '../attribute.ts'
import type { Before, ChangeSet, Existing, Identifier, Shape } from '../changeSet.ts'
import { copyNull, fromCopy } from '../copyText.ts'
import { identifierName, type PastState } from '../history.ts'
import type { PreparedRecord, RecordProblem } from '../prepared.ts'
import type { Problem } from '../problem.ts'
import { isWeak, type StampEntry } from '../stamp.ts'
import type { DecisionFacts, LookedUp, RowFacts, ValueFacts } from './explained.ts'
import type { MappedAttribute } from '../mapped.ts'

/** Before the first record of a person there was nothing. */
export const nobody: PastState = { cells: new Map(), held: new Map(), identifiers: new Set() }

interface Asked {
  readonly record: PreparedRecord
  readonly attributes: readonly MappedAttribute[]
  readonly slots: Shape['slots']
}

/** What was decided then: the row of the ledger, the change, and the profile right before it. */
export function decidedThen(
  asked: Asked,
  row: RowFacts,
  before: Before | null,
  held: PastState,
): DecisionFacts {
  const { state, outcome, reason, problem, warnings, profile } = row
  return {
    state: state === 'finished' || state === 'failed' ? state : 'skipped',
    outcome,
    reason,
    problem,
    warnings,
    profile,
    lookedUp: wasPlanned(row) ? lookedUpThen(asked, row, before, held) : [],
    merged: (before?.merged ?? []).map(({ id }) => id),
    values: profile === null || reason === 'exists' ? [] : valuesOf(asked, before, held),
    added: pairs(before?.added),
    removed: pairs(before?.removed),
  }
}

const leftOutBefore = new Set(['filtered', 'already_processed', 'unchanged_correction', 'manual'])
const failedBefore = new Set(['read', 'map', 'check'])

/** Records that were set aside or left out before the plan were never looked up. */
function wasPlanned({ problem, reason }: RowFacts): boolean {
  if (reason !== null && leftOutBefore.has(reason)) return false
  return problem === null || !failedBefore.has((problem as Partial<RecordProblem>).stage ?? 'write')
}

function pairs(list: Before['added'] | Before['removed']): { kindId: number; value: string }[] {
  return (list ?? []).map(([kindId, value]) => ({ kindId, value }))
}

function lookedUpThen(
  { record, slots }: Asked,
  row: RowFacts,
  before: Before | null,
  held: PastState,
): LookedUp[] {
  const added = new Set((before?.added ?? []).map(([kindId, value]) => identifierName(kindId, value)))
  const moved = new Map(
    (before?.merged ?? []).flatMap(({ id, moved: all }) =>
      all.map(([kindId, value]) => [identifierName(kindId, value), id] as const),
    ),
  )
  return slots.flatMap(({ kind, kindId }, slot) => {
    const value = record.identifiers[slot]
    if (value === null || value === undefined) return []
    const name = identifierName(kindId, value)
    const answer = (what: LookedUp['what'], owner: number | null): LookedUp[] => [
      { kind, value, given: record.given[slot] ?? null, owner, what },
    ]
    if (isConflict(row.warnings, kind, value)) return answer('other', null)
    if (moved.has(name)) return answer('match', moved.get(name)!)
    if (added.has(name)) return answer('added', null)
    if (row.outcome === 'created') return answer('added', null)
    if (row.profile === null) return answer(row.reason === 'not_found' ? 'nobody' : 'unknown', null)
    if (held.identifiers.has(name)) return answer('match', row.profile)
    return answer(row.state === 'finished' ? 'kept_back' : 'unknown', null)
  })
}

/** The record's own warning that this value stayed with somebody else. */
function isConflict(warnings: readonly Problem[], kind: string, value: string): boolean {
  return warnings.some(
    ({ code, details }) =>
      code === 'identifier.conflict' && details?.['kind'] === kind && details['value'] === value,
  )
}

/** What a plan for the one record says, against the profiles as they are. */
export function decidedNow(
  asked: Asked,
  hits: readonly ReadonlyMap<string, number>[],
  changeSet: ChangeSet,
  existing: ReadonlyMap<number, Existing & { readonly identifiers: readonly Identifier[] }>,
  shape: Shape,
): DecisionFacts {
  const settled = changeSet.settlements[0]!
  const change = changeSet.changes[0]?.before ?? null
  const created = settled.state === 'finished' && settled.outcome === 'created'
  const profile = created ? null : settled.profileId
  const held = profile === null ? nobody : heldOf(existing.get(profile), shape)
  const warnings = settled.state === 'failed' ? [] : (settled.warnings ?? [])
  return {
    state: settled.state,
    outcome: settled.state === 'finished' ? settled.outcome : null,
    reason: settled.state === 'skipped' ? settled.reason : null,
    problem: settled.state === 'failed' ? settled.problem : null,
    warnings,
    profile,
    lookedUp: lookedUpNow(asked, hits, { profile, created, warnings, before: change, held }),
    merged: changeSet.merges.map(({ loser }) => loser),
    values:
      settled.state === 'failed' || (settled.state === 'skipped' && settled.reason !== 'superseded')
        ? []
        : valuesOf(asked, change, held),
    added: changeSet.added.map(({ kindId, value }) => ({ kindId, value })),
    removed: changeSet.removed.map(({ kindId, value }) => ({ kindId, value })),
  }
}

interface Found {
  readonly profile: number | null
  readonly created: boolean
  readonly warnings: readonly Problem[]
  readonly before: Before | null
  readonly held: PastState
}

function lookedUpNow(
  { record, slots }: Asked,
  hits: readonly ReadonlyMap<string, number>[],
  { profile, created, warnings, before, held }: Found,
): LookedUp[] {
  const added = new Set((before?.added ?? []).map(([kindId, value]) => identifierName(kindId, value)))
  return slots.flatMap(({ kind, kindId }, slot) => {
    const value = record.identifiers[slot]
    if (value === null || value === undefined) return []
    const owner = hits[slot]?.get(value) ?? null
    const name = identifierName(kindId, value)
    const what = (): LookedUp['what'] => {
      if (owner === 0) return 'blocked'
      if (owner !== null) return isConflict(warnings, kind, value) ? 'other' : 'match'
      if (created || added.has(name)) return 'added'
      return profile === null || held.identifiers.has(name) ? 'nobody' : 'kept_back'
    }
    return [
      { kind, value, given: record.given[slot] ?? null, owner: owner === 0 ? null : owner, what: what() },
    ]
  })
}

function heldOf(
  profile: (Existing & { readonly identifiers: readonly Identifier[] }) | undefined,
  shape: Shape,
): PastState {
  if (profile === undefined) return nobody
  const own: StampEntry = [profile.stamp.asOf, profile.stamp.run, profile.stamp.ordinal]
  const cells = profile.row === '' ? [] : profile.row.split('\t')
  const values = shape.attributes.map(({ key }, i) => [key, fromCopy(cells[i] ?? copyNull)] as const)
  return {
    cells: new Map(values),
    held: new Map(
      values.map(([key, value]) => [key, profile.by?.[key] ?? (value === null ? null : own)] as const),
    ),
    identifiers: new Set(profile.identifiers.map(({ kindId, value }) => identifierName(kindId, value))),
  }
}

/** Each attribute of the mapping against what was there. */
function valuesOf({ record, attributes }: Asked, before: Before | null, held: PastState): ValueFacts[] {
  const cells = record.row === '' ? [] : record.row.split('\t')
  return attributes.map(({ key, type, column, write }, i): ValueFacts => {
    const cell = cells[i] ?? copyNull
    const after = fromCopy(cell)
    const wrote = before?.a !== undefined && Object.hasOwn(before.a, key)
    const there = wrote ? before.a[key]! : (held.cells.get(key) ?? null)
    const stamp = wrote ? stampIn(before, key) : (held.held.get(key) ?? null)
    const facts = { key, column, type, before: there, after, held: stamp }
    if (after === null && record.cleared?.includes(i) !== true) return { ...facts, verdict: 'blank' }
    if (wrote) return { ...facts, verdict: after === there ? 'same' : 'written' }
    if (after === there) return { ...facts, verdict: 'same' }
    if (there === null && stamp === null) return { ...facts, verdict: 'written' }
    const yields = write === 'set_if_empty' && stamp !== null && !isWeak(stamp)
    return { ...facts, verdict: yields ? 'kept' : 'lost' }
  })
}

/** The stamp of a value that was replaced. */
export function stampIn({ s, b = {} }: Before, key: string): StampEntry | null {
  return (Object.hasOwn(b, key) ? b[key] : s) ?? null
}

/** `2` → e-mail address. */
export function kindOf(kindId: number): string {
  return identifierKinds.find(({ id }) => id === kindId)?.kind ?? String(kindId)
}
