// The same store on a real PostgreSQL: resolve, plan and apply as the pipeline does them, without a run around them.
import type pg from 'pg'
import type { Settlement, Shape } from '../../src/core/changeSet.ts'
import type { WritePolicy } from '../../src/core/mapping.ts'
import { valuesIn, type PreparedRecord } from '../../src/core/prepared.ts'
import { applyChangeSet } from '../../src/db/apply.ts'
import { ensureAttributes } from '../../src/db/attributes.ts'
import { inTransaction, type Database } from '../../src/db/client.ts'
import { findNamespace, type Namespace } from '../../src/db/imports.ts'
import { ProfileIds } from '../../src/db/profileIds.ts'
import { decide, resolve } from '../../src/profiles/deliver.ts'

export class DatabaseProfiles {
  readonly #db: Database
  readonly #namespace: Namespace
  readonly #shape: Shape
  readonly #ids: ProfileIds

  private constructor(db: Database, namespace: Namespace, shape: Shape) {
    this.#db = db
    this.#namespace = namespace
    this.#shape = shape
    this.#ids = new ProfileIds(namespace.schema)
  }

  /** The namespace `main` of a test database, with the shape's attributes as text columns, emptied. */
  static async open(db: Database, shape: Shape): Promise<DatabaseProfiles> {
    const namespace = await findNamespace(db.pool, 'main')
    const wanted = shape.attributes.map(({ key }) => ({ key, type: 'text' as const }))
    await db.withClient((client) => ensureAttributes(client, namespace, wanted, 1, async () => {}))
    const s = namespace.schema
    await db.pool.query(
      `truncate ${s}.profile, ${s}.profile_gone, ${s}.stamp, ${s}.identifier, ${s}.record, ${s}.change`,
    )
    return new DatabaseProfiles(db, namespace, shape)
  }

  async deliver(
    run: number,
    asOf: number,
    policy: WritePolicy,
    records: readonly PreparedRecord[],
  ): Promise<readonly Settlement[]> {
    const { rows } = await this.#db.pool.query<{ month: string }>(
      `select date_trunc('month', now() at time zone 'utc')::date::text as month`,
    )
    const target = { schema: this.#namespace.schema, run, runMonth: rows[0]!.month }
    return this.#db.withClient(async (client: pg.PoolClient) => {
      const delivery = { ...target, asOf, policy, shape: this.#shape, ids: this.#ids }
      const { changeSet, shape } = await decide(
        client,
        delivery,
        records,
        await resolve(client, delivery, valuesIn(records, this.#shape.slots.length)),
      )
      await inTransaction(client, () => applyChangeSet(client, { ...target, shape }, changeSet))
      return changeSet.settlements
    })
  }

  async dump(): Promise<string[]> {
    const s = this.#namespace.schema
    const cells = this.#shape.attributes.map(({ key }) => `p.${key}`).join(', ')
    const { rows } = await this.#db.pool.query<{ ids: string[] | null; cells: (string | null)[] }>(
      `select array[${cells}] as cells, (select array_agg(i.kind || ':' || i.value order by i.kind, i.value)
         from ${s}.identifier i where i.profile_id = p._id) as ids from ${s}.profile p`,
    )
    return rows
      .map(({ ids, cells: values }) => {
        const named = (ids ?? []).map((id) => {
          const [kind, value] = id.split(':')
          return `${this.#shape.slots.find((slot) => slot.kindId === Number(kind))!.kind}=${value}`
        })
        const filled = values.flatMap((value, i) =>
          value === null ? [] : [`${this.#shape.attributes[i]!.key}=${value}`],
        )
        return [...named, ...filled].join(' ')
      })
      .sort()
  }
}
