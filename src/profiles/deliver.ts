// One batch to the profile store: resolve, plan, apply and settle in one transaction.
import type pg from 'pg'
import type { Existing, PlanInput, Shape } from '../core/changeSet.ts'
import { changed, type PreparedRecord } from '../core/prepared.ts'
import { loadCreation, loadIdentifiers, loadProfiles, resolveIdentifiers } from '../db/resolve.ts'
import type { Decision, Delivery, Hits } from '../db/delivery.ts'
import { plan } from './plan.ts'

/** Who owns these identifier values now, per slot. */
export async function resolve(
  client: pg.ClientBase,
  delivery: Pick<Delivery, 'schema' | 'shape'>,
  values: readonly ReadonlySet<string>[],
): Promise<Map<string, number>[]> {
  const hits: Map<string, number>[] = []
  for (const [slot, { kindId }] of delivery.shape.slots.entries())
    hits.push(await resolveIdentifiers(client, delivery.schema, kindId, [...values[slot]!]))
  return hits
}

/** The distinct profiles behind the hits; 0 marks a value that links nothing. */
export function matchedProfiles(hits: Hits): number[] {
  const found = new Float64Array(hits.reduce((sum, slot) => sum + slot.size, 0))
  let count = 0
  for (const slot of hits) for (const id of slot.values()) found[count++] = id
  found.sort()
  const ids: number[] = []
  for (const id of found) if (id !== 0 && id !== ids.at(-1)) ids.push(id)
  return ids
}

/** The shape with every attribute of the catalogue in the row: merging moves them all. */
function fullShape(shape: Shape): Shape {
  return {
    ...shape,
    attributes: [...shape.attributes, ...shape.rest.map((key) => ({ key, write: 'set' as const }))],
    rest: [],
  }
}

/** Rows of the narrow shape, widened with cells that assert nothing. */
function widen(records: readonly PreparedRecord[], shape: Shape): PreparedRecord[] {
  const padding = shape.rest.map(() => '\\N').join('\t')
  if (padding === '') return [...records]
  return records.map((record) =>
    changed(record, { row: record.row === '' ? padding : `${record.row}\t${padding}` }),
  )
}

/** Loads what the plan needs and plans; asks again when the plan needs to know more. */
export async function decide(
  client: pg.ClientBase,
  delivery: Delivery,
  records: readonly PreparedRecord[],
  hits: Hits,
): Promise<Decision> {
  const matched = matchedProfiles(hits)
  const newIds = await delivery.ids.take(client, records.length)
  const known = new Set<number>()
  let full = false
  for (;;) {
    const shape = full ? fullShape(delivery.shape) : delivery.shape
    const existing = await loadProfiles(client, delivery.schema, shape, matched)
    await addIdentifiers(client, delivery.schema, existing, known)
    const present = hits.map((slot) => withoutGone(slot, existing))
    const input: PlanInput = {
      run: delivery.run,
      asOf: delivery.asOf,
      policy: delivery.policy,
      shape,
      full,
      newIds,
      hits: present,
      existing,
      records: full ? widen(records, delivery.shape) : records,
    }
    const planned = plan(input)
    if ('changeSet' in planned) {
      delivery.ids.giveBack(newIds.slice(planned.changeSet.created.length))
      return { changeSet: planned.changeSet, shape }
    }
    for (const id of planned.needs.identifiersOf) known.add(id)
    full ||= planned.needs.full
  }
}

/** A profile merged away between resolving and loading: its values are looked up again when the write is refused. */
function withoutGone(
  slot: ReadonlyMap<string, number>,
  existing: ReadonlyMap<number, Existing>,
): ReadonlyMap<string, number> {
  for (const id of slot.values())
    if (id !== 0 && !existing.has(id))
      return new Map([...slot].filter(([, owner]) => owner === 0 || existing.has(owner)))
  return slot
}

/** Identifiers and creation stamps of the profiles that a decision needs to know more about. */
async function addIdentifiers(
  client: pg.ClientBase,
  schema: string,
  existing: Map<number, Existing>,
  known: ReadonlySet<number>,
): Promise<void> {
  if (known.size === 0) return
  const ids = [...known].filter((id) => existing.has(id))
  const found = await loadIdentifiers(client, schema, ids)
  const created = await loadCreation(client, schema, ids)
  for (const [id, identifiers] of found) {
    const stamp = created.get(id)
    // Merged away since its values were loaded: as if it had not been there (withoutGone).
    if (stamp === undefined) existing.delete(id)
    else existing.set(id, { ...existing.get(id)!, identifiers, created: stamp })
  }
}
