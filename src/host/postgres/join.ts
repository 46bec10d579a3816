// Joins the embedded server: connects, or makes and starts it first. Many processes may do so at the same instant.
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { Client, type ClientConfig } from 'pg'
import { failure } from '../../core/problems.ts'
import { isConnectionLoss, sqlState } from '../../db/client.ts'
import { joinServer } from '../../db/server.ts'
import { embeddedBinaries, type Binaries } from './binaries.ts'
import { createCluster } from './create.ts'
import { withLock } from './lock.ts'
import { checkSocketFolder, connectionOf, ownerOf, passwordOf, type Place } from './place.ts'
import type { Settings } from './settings.ts'
import { startServer } from './start.ts'

export interface Joining {
  readonly place: Place
  /** Shown in pg_stat_activity as `sluice <role>`. */
  readonly role: string
  /** On top of our settings; tests switch fsync off. */
  readonly settings?: Settings
  /** Other programs than the embedded ones; tests run the oldest supported version. */
  readonly binaries?: Binaries
}

/** A session that counts this process as a user of the server. */
export async function joinOrStart(joining: Joining): Promise<Client> {
  await makeHome(joining.place.home)
  return (await tryJoin(joining)) ?? withLock(joining.place.lock, () => startAndJoin(joining))
}

async function startAndJoin(joining: Joining): Promise<Client> {
  const { place } = joining
  // Whoever held the lock before us may have started it.
  const early = await tryJoin(joining)
  if (early !== undefined) return early
  const binaries = joining.binaries ?? (await embeddedBinaries())
  if ((await passwordOf(place)) === undefined) await createCluster(place, binaries)
  await startServer(place, binaries, joining.settings ?? {})
  const client = await tryJoin(joining)
  if (client === undefined) throw failure('postgres.not_started', { detail: 'it started and is gone again' })
  return client
}

/** Undefined: there is no server, or it is starting, or it is just being stopped. */
export async function tryJoin({ place, role }: Joining): Promise<Client | undefined> {
  const connection = await connectionOf(place)
  if (connection === undefined || !(await hasSafeSocket(place, connection))) return undefined
  const client = new Client({ ...connection, application_name: `sluice ${role}`, keepAlive: true })
  client.on('error', () => {})
  try {
    await client.connect()
    if (await joinServer(client)) return client
  } catch (error) {
    if (!isConnectionLoss(error) && sqlState(error) !== unknownDatabase) throw error
  }
  await client.end().catch(() => {})
  return undefined
}

/** SQLSTATE of "database does not exist": whoever made the cluster died before making it. */
const unknownDatabase = '3D000'

async function hasSafeSocket(place: Place, connection: ClientConfig): Promise<boolean> {
  try {
    await checkSocketFolder(connection.host ?? '', await ownerOf(place))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/**
 * Makes the home, closed to other users. A folder that was there is closed while it is empty; later it may be anything
 * (SLUICE_HOME=/tmp), and what Sluice puts into it is closed by itself.
 */
export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 })
    if ((await readdir(home)).length === 0) await chmod(home, 0o700)
  } catch (error) {
    throw failure('home.not_writable', { path: home, detail: (error as Error).message }, { cause: error })
  }
}
