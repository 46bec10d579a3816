// Where an embedded PostgreSQL lives: its folders under the home, its password, and its socket.
import { createHash } from 'node:crypto'
import { chown, lstat, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { failure } from '../../core/problems.ts'

export const databaseName = 'sluice'
export const superuser = 'sluice'

// sockaddr_un holds 104 bytes on macOS and 108 on Linux; the file name and a closing NUL need 20 of them.
const socketFolderBytesMax = 80

export interface Place {
  readonly home: string
  /** 0700 and ours; appears whole (by rename) when the first process has made the cluster. */
  readonly folder: string
  /** PostgreSQL's own; as root it belongs to a user of its own. */
  readonly data: string
  readonly passwordFile: string
  readonly log: string
  /** Held while anyone makes, starts or stops the server. */
  readonly lock: string
  /** Present after `sluice down`: nobody starts the server again by themselves. */
  readonly downMark: string
}

export function placeIn(home: string): Place {
  const folder = join(home, 'postgres')
  return {
    home,
    folder,
    data: join(folder, 'data'),
    passwordFile: join(folder, 'password'),
    log: join(folder, 'log'),
    lock: join(home, 'postgres.lock'),
    downMark: join(folder, 'down'),
  }
}

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Who PostgreSQL runs as: the owner of its data, decided once when the cluster was made. */
export async function ownerOf(place: Place): Promise<Owner> {
  const { uid, gid } = await lstat(place.data)
  return { uid, gid }
}

/** True where PostgreSQL runs as another user than we do, so that it may not reach our folders by path. */
export function isForeign(owner: Owner): boolean {
  return process.getuid !== undefined && process.getuid() !== owner.uid
}

/** The generated password, or undefined while there is no cluster yet. */
export async function passwordOf(place: Place): Promise<string | undefined> {
  try {
    return await readFile(place.passwordFile, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failure(
      'home.not_writable',
      { path: place.home, detail: (error as Error).message },
      { cause: error },
    )
  }
}

/**
 * The folder of the socket: in the home, or a short one where that path is too long or PostgreSQL may not reach it.
 * The short name comes from the secret too, so no other user can be there first.
 */
export function socketFolderOf(place: Place, password: string, owner: Owner): string {
  const inHome = join(place.folder, 'socket')
  if (!isForeign(owner) && Buffer.byteLength(inHome) <= socketFolderBytesMax) return inHome
  const name = createHash('sha256').update(`${place.home}\n${password}`).digest('hex').slice(0, 16)
  return `/tmp/sluice-${name}`
}

/** Makes the socket folder where it is missing. */
export async function makeSocketFolder(folder: string, owner: Owner): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const { uid } = await lstat(folder)
  if (isForeign(owner) && uid === process.getuid?.()) await chown(folder, owner.uid, owner.gid)
  await checkSocketFolder(folder, owner)
}

/** Throws `postgres.socket_folder` unless the folder is PostgreSQL's and closed to others: a stranger's server could ask for passwords. */
export async function checkSocketFolder(folder: string, owner: Owner): Promise<void> {
  const stats = await lstat(folder)
  if (!stats.isDirectory())
    throw failure('postgres.socket_folder', { path: folder, detail: 'it is no folder' })
  if (stats.uid !== owner.uid)
    throw failure('postgres.socket_folder', { path: folder, detail: 'it belongs to another user' })
  if ((stats.mode & 0o077) !== 0)
    throw failure('postgres.socket_folder', { path: folder, detail: 'other users can open it' })
}

/** How to connect, once there is a cluster. */
export async function connectionOf(place: Place): Promise<ClientConfig | undefined> {
  const password = await passwordOf(place)
  if (password === undefined) return undefined
  const owner = await ownerOf(place)
  const host = socketFolderOf(place, password, owner)
  return { host, port: 5432, user: superuser, password, database: databaseName, ssl: false }
}
