// A PostgreSQL of a test's own, which is killed, stopped and started again; nobody else starts it.
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import { migrate } from '../../src/db/migrate.ts'
import { embeddedBinaries, type Binaries } from '../../src/host/postgres/binaries.ts'
import { createCluster } from '../../src/host/postgres/create.ts'
import { connectionOf, placeIn, type Place } from '../../src/host/postgres/place.ts'
import { gone, recordedPid } from '../../src/host/postgres/process.ts'
import { startServer } from '../../src/host/postgres/start.ts'
import { stopServer } from '../../src/host/postgres/stop.ts'
import { testBinaries } from '../postgres.ts'

// A crash of the server is not a crash of the machine: what was handed to the kernel is safe without fsync.
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  min_wal_size: '32MB',
  max_wal_size: '64MB',
  autovacuum: 'off',
}

/** How a server ends: kill -9 of the postmaster, or `pg_ctl stop -m immediate`. */
export type Ending = 'SIGKILL' | 'SIGQUIT'

export class OwnPostgres {
  readonly place: Place
  readonly connection: ClientConfig
  readonly #binaries: Binaries

  private constructor(place: Place, connection: ClientConfig, binaries: Binaries) {
    this.place = place
    this.connection = connection
    this.#binaries = binaries
  }

  /** A migrated, running server. */
  static async make(): Promise<OwnPostgres> {
    const place = placeIn(await mkdtemp(join('/tmp', 'sluice-own-')))
    const binaries = testBinaries()?.binaries ?? (await embeddedBinaries())
    await createCluster(place, binaries)
    await startServer(place, binaries, settings)
    const server = new OwnPostgres(place, (await connectionOf(place))!, binaries)
    await server.session(migrate)
    return server
  }

  async session<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(this.connection)
    await client.connect()
    try {
      return await use(client)
    } finally {
      await client.end()
    }
  }

  start(): Promise<void> {
    return startServer(this.place, this.#binaries, settings)
  }

  /** Returns when the postmaster is gone; its sessions may live a moment longer. */
  async end(how: Ending): Promise<void> {
    const pid = (await recordedPid(this.place.data))!
    process.kill(pid, how)
    if (!(await gone(pid, 30_000))) throw new Error(`the server (${pid}) does not end`)
  }

  async remove(): Promise<void> {
    await stopServer(this.place)
    await rm(this.place.home, { recursive: true, force: true })
    await rm(String(this.connection.host), { recursive: true, force: true })
  }
}
