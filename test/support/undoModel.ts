// Imports and undos on PostgreSQL without runs around them: who is live and who came later is told, not looked up.
import type pg from 'pg'
import type { Settlement, Shape } from '../../src/core/changeSet.ts'
import type { WritePolicy } from '../../src/core/mapping.ts'
import { valuesIn, type PreparedRecord } from '../../src/core/prepared.ts'
import type { OtherRun, UndoLine } from '../../src/core/undo.ts'
import { applyChangeSet } from '../../src/db/apply.ts'
import { inTransaction, type Database } from '../../src/db/client.ts'
import type { UndoDelivery } from '../../src/db/delivery.ts'
import { ProfileIds } from '../../src/db/profileIds.ts'
import { applyUndo } from '../../src/db/undoApply.ts'
import { listProfiles } from '../../src/db/undoList.ts'
import { decide, resolve } from '../../src/profiles/deliver.ts'
import { decideUndo } from '../../src/profiles/undo/decide.ts'

interface KnownRun {
  readonly dated: boolean
  readonly deletes: boolean
  /** Of an undo: the run it reverts. */
  readonly reverts: number | null
  reverted: boolean
  kept: boolean
}

export interface Undone {
  readonly run: number
  readonly settlements: readonly Settlement[]
  /** Codes of what was kept. */
  readonly notes: readonly string[]
}

export class UndoModel {
  readonly #db: Database
  readonly #schema: string
  readonly #shape: Shape
  readonly #month: string
  readonly #ids: ProfileIds
  readonly #runs = new Map<number, KnownRun>()
  #last = 0

  constructor(db: Database, schema: string, shape: Shape, month: string) {
    this.#db = db
    this.#schema = schema
    this.#shape = shape
    this.#month = month
    this.#ids = new ProfileIds(schema)
  }

  async empty(): Promise<void> {
    const s = this.#schema
    await this.#db.pool.query(
      `delete from ${s}.profile; delete from ${s}.profile_gone; delete from ${s}.stamp; delete from ${s}.identifier; delete from ${s}.record; delete from ${s}.change`,
    )
    this.#runs.clear()
    this.#last = 0
  }

  /** As-of of a run: whatever has no timestamp of its own is later than everything of the runs before. */
  asOf(run: number): number {
    return run * 1_000
  }

  async deliver(
    policy: WritePolicy,
    records: readonly PreparedRecord[],
    dated: boolean,
  ): Promise<{ run: number; settlements: readonly Settlement[] }> {
    const run = ++this.#last
    const deletes = policy.mode === 'delete'
    this.#runs.set(run, { dated, deletes, reverts: null, reverted: false, kept: false })
    const target = { schema: this.#schema, run, runMonth: this.#month }
    return this.#db.withClient(async (client: pg.PoolClient) => {
      const delivery = { ...target, asOf: this.asOf(run), policy, shape: this.#shape, ids: this.#ids }
      const hits = await resolve(client, delivery, valuesIn(records, this.#shape.slots.length))
      const { changeSet, shape } = await decide(client, delivery, records, hits)
      await inTransaction(client, () => applyChangeSet(client, { ...target, shape }, changeSet))
      return { run, settlements: changeSet.settlements }
    })
  }

  async undo(target: number): Promise<Undone> {
    const run = ++this.#last
    const known = this.#runs.get(target)!
    this.#runs.set(run, { dated: false, deletes: false, reverts: target, reverted: false, kept: false })
    const delivery = this.#delivery(run, target)
    const lines = await this.#lines(target, delivery)
    const undone = await this.#db.withClient(async (client) => {
      const { changeSet, shape } = await decideUndo(client, delivery, lines)
      const where = { schema: this.#schema, run, runMonth: this.#month, shape }
      await inTransaction(client, () => applyUndo(client, where, changeSet))
      return changeSet.settlements
    })
    known.reverted = true
    if (known.reverts !== null) this.#runs.get(known.reverts)!.reverted = false
    const notes = undone.flatMap((settled) =>
      settled.state === 'failed' ? [] : (settled.warnings ?? []).map(({ code }) => code),
    )
    this.#runs.get(run)!.kept = notes.length > 0
    return { run, settlements: undone, notes }
  }

  #reverted(): number[] {
    return [...this.#runs].flatMap(([id, { reverted, reverts }]) =>
      reverted && reverts === null ? [id] : [],
    )
  }

  #delivery(run: number, target: number): UndoDelivery {
    const origin = this.#runs.get(target)!.reverts
    const voids = new Set([...this.#reverted(), target])
    if (origin !== null) voids.delete(origin)
    const others = new Map<number, OtherRun>()
    for (const [id, { dated, deletes, reverts, reverted }] of this.#runs)
      others.set(id, {
        live: !reverted && reverts === null,
        deletes,
        later: id > target,
        kinds: new Set(this.#shape.slots.map(({ kindId }) => kindId)),
        attributes: new Set(this.#shape.attributes.map(({ key }) => key)),
        dated,
        asOf: this.asOf(id),
      })
    return {
      schema: this.#schema,
      namespaceId: 0,
      run,
      runMonth: this.#month,
      target: { run: target, opposite: origin !== null },
      voids,
      assumed: new Set(),
      attributes: this.#shape.attributes.map(({ key }) => key),
      others,
    }
  }

  async #lines(target: number, { target: { opposite } }: UndoDelivery): Promise<UndoLine[]> {
    const keeping = [...this.#runs].flatMap(([run, { kept, reverted }]) =>
      kept && !reverted ? [{ run, month: this.#month }] : [],
    )
    const listing = {
      schema: this.#schema,
      target,
      month: this.#month,
      reverted: opposite ? [] : this.#reverted(),
      keeping: opposite ? [] : keeping,
    }
    return this.#db.transaction(async (client) => {
      const lines: UndoLine[] = []
      for await (const block of listProfiles(client, listing))
        for (const [profile, group] of block) lines.push({ ordinal: lines.length + 1, profile, group })
      return lines
    })
  }

  /** `kind=value attribute=value`, sorted; and what must never be. */
  async dump(): Promise<string[]> {
    const s = this.#schema
    const cells = this.#shape.attributes.map(({ key }) => `p.${key}`).join(', ')
    const { rows } = await this.#db.pool.query<{ ids: string[] | null; cells: (string | null)[] }>(
      `select array[${cells}] as cells, (select array_agg(i.kind || ':' || i.value order by i.kind, i.value)
         from ${s}.identifier i where i.profile_id = p._id) as ids from ${s}.profile p`,
    )
    const named = (id: string): string => {
      const [kind, value] = id.split(':')
      return `${this.#shape.slots.find((slot) => slot.kindId === Number(kind))!.kind}=${value}`
    }
    return rows
      .map(({ ids, cells: values }) =>
        [
          ...(ids ?? []).map(named),
          ...values.flatMap((value, i) =>
            value === null ? [] : [`${this.#shape.attributes[i]!.key}=${value}`],
          ),
        ].join(' '),
      )
      .sort()
  }

  /** Stamps by profile, as they are compared: nothing of identifiers that are not there. */
  async stamps(): Promise<string[]> {
    const { rows } = await this.#db.pool.query<{ line: string }>(
      `select concat_ws(' ', profile_id, (extract(epoch from as_of) * 1000000)::bigint, run, ordinal, by) as line
       from ${this.#schema}.stamp order by profile_id`,
    )
    return rows.map(({ line }) => line)
  }

  /** Damage of any kind: identifiers of nobody, profiles without stamps or without identifiers. */
  async damage(): Promise<string[]> {
    const s = this.#schema
    const { rows } = await this.#db.pool.query<{ line: string }>(
      `select 'identifier of nobody: ' || value as line from ${s}.identifier i
         where profile_id <> 0 and not exists (select from ${s}.profile p where p._id = i.profile_id)
       union all select 'no stamp: ' || _id from ${s}.profile p where not exists (select from ${s}.stamp t where t.profile_id = p._id)
       union all select 'stamp of nobody: ' || profile_id from ${s}.stamp t where not exists (select from ${s}.profile p where p._id = t.profile_id)
       union all select 'nothing leads to: ' || _id from ${s}.profile p where not exists (select from ${s}.identifier i where i.profile_id = p._id)
       union all select 'there and gone: ' || _id from ${s}.profile p join ${s}.profile_gone g on g.profile_id = p._id`,
    )
    return rows.map(({ line }) => line)
  }
}
