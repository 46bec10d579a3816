// Waking workers: PostgreSQL tells when there is something to do; a slow poll covers what a lost connection missed.
import type pg from 'pg'
import type { Database } from './client.ts'

/** The channel that says: a run was made or moved. */
export const workChannel = 'sluice_work'

/**
 * Calls `wake` with the channel, whenever a run was made or moved; or what else the channels say. Reconnects by itself at
 * the next `ensure`.
 */
export class WorkBell {
  readonly #db: Database
  readonly #wake: (channel: string) => void
  readonly #channels: readonly string[]
  #client: pg.PoolClient | null = null

  constructor(db: Database, wake: (channel: string) => void, channels: readonly string[] = [workChannel]) {
    this.#db = db
    this.#wake = wake
    this.#channels = channels
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
    client.on('notification', ({ channel }) => this.#wake(channel))
    await client.query(this.#channels.map((channel) => `listen ${channel}`).join('; '))
  }

  close(): void {
    const client = this.#client
    this.#client = null
    client?.release(true)
  }
}
