// Waking workers: PostgreSQL tells when there is something to do; a slow poll covers what a lost connection missed.
import type pg from 'pg'
import type { Database } from './client.ts'

/** Calls `wake` whenever a run was made or moved. Reconnects by itself at the next `ensure`. */
export class WorkBell {
  readonly #db: Database
  readonly #wake: () => void
  #client: pg.PoolClient | null = null

  constructor(db: Database, wake: () => void) {
    this.#db = db
    this.#wake = wake
  }

  async ensure(): Promise<void> {
    if (this.#client !== null) return
    const client = await this.#db.pool.connect()
    this.#client = client
    const drop = (): void => {
      if (this.#client !== client) return
      this.#client = null
      client.release(true)
    }
    client.on('error', drop)
    client.on('end', drop)
    client.on('notification', this.#wake)
    await client.query('listen sluice_work')
  }

  close(): void {
    const client = this.#client
    this.#client = null
    client?.release(true)
  }
}
