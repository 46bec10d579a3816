// A profile store in memory that carries out change sets: what the scenarios and the order tests of the plan run on.
import type { Existing, Identifier, PlanInput, Shape } from '../../src/core/changeSet.ts'
import { fromCopy } from '../../src/core/copyText.ts'
import type { WritePolicy } from '../../src/core/mapping.ts'
import type { PreparedRecord } from '../../src/core/prepared.ts'
import type { Settlement, ChangeSet } from '../../src/core/changeSet.ts'
import { plan } from '../../src/profiles/plan.ts'

interface Held {
  existing: Existing
  identifiers: Identifier[]
}

export class MemoryProfiles {
  readonly #profiles = new Map<number, Held>()
  readonly #owners = new Map<string, number>()
  readonly #shape: Shape
  #nextId = 1

  constructor(shape: Shape) {
    this.#shape = shape
  }

  /** Plans and carries out one batch. */
  deliver(
    run: number,
    asOf: number,
    policy: WritePolicy,
    records: readonly PreparedRecord[],
  ): readonly Settlement[] {
    const known = new Set<number>()
    let full = false
    for (;;) {
      const planned = plan(this.#input(run, asOf, policy, records, known, full))
      if ('changeSet' in planned) {
        this.#apply(planned.changeSet)
        return planned.changeSet.settlements
      }
      for (const id of planned.needs.identifiersOf) known.add(id)
      full ||= planned.needs.full
    }
  }

  #input(
    run: number,
    asOf: number,
    policy: WritePolicy,
    records: readonly PreparedRecord[],
    known: ReadonlySet<number>,
    full: boolean,
  ): PlanInput {
    const hits = this.#shape.slots.map(({ kindId }, slot) => {
      const found = new Map<string, number>()
      for (const record of records) {
        const value = record.identifiers[slot]
        const owner = value ? this.#owners.get(`${kindId}:${value}`) : undefined
        if (value && owner !== undefined) found.set(value, owner)
      }
      return found
    })
    const ids = new Set(hits.flatMap((slot) => [...slot.values()]).filter((id) => id !== 0))
    const existing = new Map(
      [...ids].map((id) => {
        const held = this.#profiles.get(id)!
        return [id, { ...held.existing, identifiers: known.has(id) ? held.identifiers : null }] as const
      }),
    )
    const newIds = records.map(() => this.#nextId++)
    return { run, asOf, policy, records, shape: this.#shape, hits, existing, newIds, full }
  }

  #apply(set: ChangeSet): void {
    for (const { id, row, created, stamp, by } of set.created)
      this.#profiles.set(id, {
        existing: { id, version: 1, stamp, by, created, rest: '', row, identifiers: null },
        identifiers: [],
      })
    for (const { kindId, value } of set.removed) this.#disown(kindId, value)
    for (const { kindId, value } of set.blocked) {
      this.#disown(kindId, value)
      this.#owners.set(`${kindId}:${value}`, 0)
    }
    for (const { loser, into } of set.merges) {
      for (const identifier of this.#profiles.get(loser)!.identifiers) {
        this.#owners.set(`${identifier.kindId}:${identifier.value}`, into)
        this.#profiles.get(into)!.identifiers.push(identifier)
      }
      this.#profiles.delete(loser)
    }
    for (const { id, version } of set.deleted) {
      const { existing, identifiers } = this.#profiles.get(id)!
      if (existing.version !== version) throw new Error(`lost version of ${id}`)
      for (const identifier of identifiers) this.#owners.delete(`${identifier.kindId}:${identifier.value}`)
      this.#profiles.delete(id)
    }
    for (const { kindId, value, given, profileId } of set.added) {
      const key = `${kindId}:${value}`
      if (this.#owners.has(key)) throw new Error(`unique violation: ${key}`)
      this.#owners.set(key, profileId)
      this.#profiles.get(profileId)?.identifiers.push({ kindId, value, given })
    }
    for (const { id, row } of set.updated) {
      const held = this.#profiles.get(id)
      if (held !== undefined) held.existing = { ...held.existing, row }
    }
    for (const { id, version, stamp, by } of set.stamps) {
      const held = this.#profiles.get(id)
      // Merged away in this very batch.
      if (held === undefined) continue
      if (held.existing.version !== version) throw new Error(`lost version of ${id}`)
      held.existing = { ...held.existing, version: version + 1, stamp, by }
    }
  }

  #disown(kindId: number, value: string): void {
    const owner = this.#owners.get(`${kindId}:${value}`)!
    this.#owners.delete(`${kindId}:${value}`)
    const held = this.#profiles.get(owner)!
    held.identifiers = held.identifiers.filter((i) => i.kindId !== kindId || i.value !== value)
  }

  /** Every profile as `kind=value attribute=value`, sorted: what two runs of a test compare. */
  dump(): string[] {
    return [...this.#profiles.values()].map((held) => this.#describe(held)).sort()
  }

  #describe({ existing, identifiers }: Held): string {
    const ids = this.#shape.slots.flatMap(({ kind, kindId }) =>
      identifiers
        .filter((i) => i.kindId === kindId)
        .map((i) => `${kind}=${i.value}`)
        .sort(),
    )
    const cells = existing.row.split('\t').flatMap((cell, i) => {
      const value = fromCopy(cell)
      return value === null ? [] : [`${this.#shape.attributes[i]!.key}=${value}`]
    })
    return [...ids, ...cells].join(' ')
  }
}
