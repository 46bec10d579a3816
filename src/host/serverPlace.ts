// Where the API server of a home is found: its socket, its token, its logs.
import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure } from '../core/problems.ts'

// sockaddr_un holds 104 bytes on macOS and 108 on Linux, with a closing NUL.
const socketBytesMax = 100

export interface ServerPlace {
  readonly home: string
  readonly socket: string
  /** Held while a server starts, so that of two only one does. */
  readonly lock: string
  readonly token: string
  readonly tokenFile: string
  readonly logs: string
}

/** Reads the place, making what is missing (the home must exist). */
export async function serverPlaceIn(home: string): Promise<ServerPlace> {
  const tokenFile = join(home, 'token')
  const token = await tokenIn(tokenFile)
  const logs = join(home, 'logs')
  await mkdir(logs, { recursive: true, mode: 0o700 })
  return { home, socket: socketOf(home, token), lock: join(home, 'server.lock'), token, tokenFile, logs }
}

/** A short folder where the home's path is too long; its name comes from the secret too, so nobody can be there first. */
function socketOf(home: string, token: string): string {
  const inHome = join(home, 'api.sock')
  if (Buffer.byteLength(inHome) <= socketBytesMax) return inHome
  const name = createHash('sha256').update(`${home}\napi\n${token}`).digest('hex').slice(0, 16)
  return `/tmp/sluice-api-${name}/api.sock`
}

/** Makes the folder of the socket, or throws `socket.unsafe` where it is not ours alone. */
export async function makeSocketFolder({ home, socket }: ServerPlace): Promise<void> {
  const folder = dirname(socket)
  if (folder === home) return
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const stats = await lstat(folder)
  const foreign = process.getuid !== undefined && stats.uid !== process.getuid()
  if (!stats.isDirectory() || foreign || (stats.mode & 0o077) !== 0)
    throw failure('socket.unsafe', { path: folder, detail: 'it is not ours alone' })
}

/** The secret of the TCP port; made once. Of two processes that make it, the first wins. */
async function tokenIn(file: string): Promise<string> {
  const present = await readFile(file, 'utf8').catch(() => '')
  if (present.length >= 32) return present.trim()
  const token = randomBytes(24).toString('base64url')
  try {
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(token)
    await handle.close()
    return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw failure(
        'home.not_writable',
        { path: dirname(file), detail: (error as Error).message },
        { cause: error },
      )
    return waitForToken(file)
  }
}

async function waitForToken(file: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const token = await readFile(file, 'utf8').catch(() => '')
    if (token.length >= 32) return token.trim()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw failure('home.not_writable', {
    path: dirname(file),
    detail: 'the file "token" in it is empty; remove it',
  })
}
