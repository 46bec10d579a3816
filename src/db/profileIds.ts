// Ids for new profiles, taken from the sequence in blocks and kept until used. Gaps mean nothing.
import type pg from 'pg'
import { quoteName } from './sql.ts'

/** The increment of the sequence `profile_id`. */
const blockSize = 1000

export class ProfileIds {
  readonly #schema: string
  readonly #free: number[] = []

  constructor(schema: string) {
    this.#schema = schema
  }

  /** Takes `count` ids, ascending. Safe to call for several batches at once. */
  async take(client: pg.ClientBase, count: number): Promise<number[]> {
    while (this.#free.length < count) {
      const blocks = Math.ceil((count - this.#free.length) / blockSize)
      this.#free.push(...(await this.#fetch(client, blocks)))
    }
    return this.#free.splice(0, count)
  }

  /** Gives back what a plan did not use. */
  giveBack(ids: readonly number[]): void {
    for (const id of ids) this.#free.push(id)
  }

  async #fetch(client: pg.ClientBase, blocks: number): Promise<number[]> {
    const { rows } = await client.query<[number]>({
      text: `select nextval('${quoteName(this.#schema)}.profile_id') from generate_series(1, $1)`,
      values: [blocks],
      rowMode: 'array',
    })
    return rows.flatMap(([start]) => Array.from({ length: blockSize }, (_, i) => start + i))
  }
}
