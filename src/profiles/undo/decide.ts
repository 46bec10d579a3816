// One batch of an undo: loads what the plan needs, plans, and asks again when the plan needs to know more.
import type pg from 'pg'
import type { Shape } from '../../core/changeSet.ts'
import type { OtherRun, PastChange, Standing, UndoInput, UndoLine } from '../../core/undo.ts'
import { loadChanges, loadDeliveries, loadNames, loadOwners, loadStanding } from '../../db/undoLoad.ts'
import type { UndoDecision, UndoDelivery } from '../../db/delivery.ts'
import { loadIdentifiers } from '../../db/resolve.ts'
import { loadOtherRuns } from '../../db/undoRuns.ts'
import { mentioned } from './identifiers.ts'
import { planUndo } from './plan.ts'

const unknown: OtherRun = {
  live: false,
  deletes: false,
  later: false,
  kinds: new Set(),
  attributes: new Set(),
  dated: false,
  asOf: 0,
}

interface Wanted {
  full: boolean
  readonly complete: Set<number>
  readonly identifiersOf: Set<number>
}

/** Decides what becomes of the profiles of a batch. Reads only. */
export async function decideUndo(
  client: pg.ClientBase,
  delivery: UndoDelivery,
  lines: readonly UndoLine[],
): Promise<UndoDecision> {
  const wanted: Wanted = { full: false, complete: new Set(), identifiersOf: new Set() }
  for (;;) {
    const input = await load(client, delivery, lines, wanted)
    const planned = planUndo(input)
    if ('changeSet' in planned) return { changeSet: planned.changeSet, shape: input.shape }
    const { full, complete, identifiersOf } = planned.needs
    wanted.full ||= full
    for (const id of complete) wanted.complete.add(id)
    for (const id of identifiersOf) wanted.identifiersOf.add(id)
  }
}

async function load(
  client: pg.ClientBase,
  delivery: UndoDelivery,
  lines: readonly UndoLine[],
  wanted: Wanted,
): Promise<UndoInput> {
  const { schema, target, voids, assumed, attributes } = delivery
  const ids = lines.map(({ profile }) => profile).sort((a, b) => a - b)
  const changes = await loadChanges(client, schema, ids, [...voids])
  for (const [id, all] of await loadChanges(client, schema, [...wanted.complete], null)) changes.set(id, all)
  const shape = shapeOf(wanted.full ? attributes : attributesIn(changes, attributes))
  const standing = await loadStanding(client, schema, shape, ids)
  const suspicious = ids.filter(
    (id) => wanted.complete.has(id) || mustKnow(standing.get(id), changes.get(id), delivery),
  )
  const { deliveries, ownStamps } = await loadDeliveries(client, schema, suspicious, target.run)
  await learn(client, delivery, deliveries, standing)
  const withIdentifiers = [
    ...new Set([...wanted.identifiersOf, ...suspicious.filter((id) => adds(changes.get(id)))]),
  ]
  const identifiers = new Map(
    [...(await loadIdentifiers(client, schema, withIdentifiers))].map(
      ([id, list]) => [id, list.map(({ kindId, value, given }) => [kindId, value, given] as const)] as const,
    ),
  )
  const owners = await loadOwners(client, schema, valuesOf(changes, standing, identifiers))
  return {
    run: delivery.run,
    target,
    lines,
    shape,
    full: wanted.full,
    standing,
    changes,
    complete: wanted.complete,
    assumed,
    isVoid: (run) => voids.has(run),
    other: (run) => delivery.others.get(run) ?? unknown,
    deliveries: withoutDeletions(deliveries, delivery.others),
    ownStamps,
    owners,
    identifiers,
    names: await loadNames(client, schema, ids),
  }
}

/** A record that was to delete a person delivered nothing: nobody stays for its sake. */
function withoutDeletions(
  deliveries: ReadonlyMap<number, readonly number[]>,
  others: ReadonlyMap<number, OtherRun>,
): ReadonlyMap<number, readonly number[]> {
  if (![...others.values()].some(({ deletes }) => deletes)) return deliveries
  const isDelivery = (run: number): boolean => others.get(run)?.deletes !== true
  return new Map([...deliveries].map(([id, runs]) => [id, runs.filter(isDelivery)]))
}

function shapeOf(keys: readonly string[]): Shape {
  return { attributes: keys.map((key) => ({ key, write: 'set' as const })), rest: [], slots: [] }
}

/** Attributes the changes speak of, in the order of the catalogue. */
function attributesIn(changes: ReadonlyMap<number, readonly PastChange[]>, all: readonly string[]): string[] {
  const found = new Set<string>()
  for (const list of changes.values())
    for (const { before } of list)
      for (const part of [before.a, before.b, before.wb]) for (const key in part) found.add(key)
  return all.filter((key) => found.has(key))
}

/** Whoever delivered to it since decides whether it stays, or stays merged, or keeps an identifier. */
function mustKnow(
  standing: Standing | undefined,
  changes: readonly PastChange[] = [],
  { voids, target }: UndoDelivery,
): boolean {
  if (standing === undefined) return false
  if (voids.has(standing.created.run) || standing.gone !== null) return true
  return changes.some(
    ({ run, before }) =>
      run === target.run &&
      (before.added ?? before.merged ?? before.restored ?? before.blocked) !== undefined,
  )
}

function adds(changes: readonly PastChange[] = []): boolean {
  return changes.some(({ before }) => (before.added ?? before.merged) !== undefined)
}

/** Every identifier whose owner the plan asks for. */
function valuesOf(
  changes: ReadonlyMap<number, readonly PastChange[]>,
  standing: ReadonlyMap<number, Standing>,
  identifiers: ReadonlyMap<number, readonly (readonly [number, string, string | null])[]>,
): Map<string, readonly [number, string]> {
  const wanted = new Map<string, readonly [number, string]>()
  const add = (list: Iterable<readonly [number, string, ...unknown[]]>): void => {
    for (const [kind, value] of list) wanted.set(`${kind}:${value}`, [kind, value])
  }
  for (const list of changes.values()) add(mentioned(list))
  for (const { gone } of standing.values()) if (gone !== null) add(gone.identifiers)
  for (const list of identifiers.values()) add(list)
  return wanted
}

/** Looks up the runs it has not met before. One undo at a time: what is live stays so meanwhile. */
async function learn(
  client: pg.ClientBase,
  { namespaceId, target, others, assumed }: UndoDelivery,
  deliveries: ReadonlyMap<number, readonly number[]>,
  standing: ReadonlyMap<number, Standing>,
): Promise<void> {
  const met = new Set<number>()
  for (const runs of deliveries.values()) for (const run of runs) met.add(run)
  for (const { gone } of standing.values()) if (gone !== null) met.add(gone.run)
  const missing = [...met].filter((run) => !others.has(run))
  if (missing.length === 0) return
  for (const [run, facts] of await loadOtherRuns(client, namespaceId, target.run, missing))
    others.set(run, assumed.has(run) ? { ...facts, live: false } : facts)
}
