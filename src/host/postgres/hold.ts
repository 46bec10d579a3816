// Keeps this process counted among the users of the embedded server, and the server running while it is.
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { serverVersion } from '../../db/server.ts'
import { joinOrStart, tryJoin, type Joining } from './join.ts'
import { ensureKeeper } from './keeping.ts'

export interface Hold {
  /** Of the server, as a number: 180004 for 18.4. */
  readonly version: number
  /** Leaves; returns when the session is closed. */
  release(): Promise<void>
}

const retryEvery = 1000

/**
 * Holds a session until released. When it is lost (the server was killed), the server is started again, unless
 * somebody stopped it on purpose: then this waits until somebody starts it.
 */
export async function holdServer(joining: Joining, grace: number): Promise<Hold> {
  const leaving = new AbortController()
  let session = await joinOrStart(joining)
  const version = await serverVersion(session)
  await ensureKeeper(session, joining.place, grace)
  const watch = (client: Client) => client.once('end', () => void rejoin())
  const rejoin = async () => {
    while (!leaving.signal.aborted) {
      const client = await joinAgain(joining)
      if (client === undefined) {
        await sleep(retryEvery, undefined, { signal: leaving.signal }).catch(() => {})
        continue
      }
      session = client
      watch(client)
      if (leaving.signal.aborted) await client.end()
      else await ensureKeeper(client, joining.place, grace).catch(() => {})
      return
    }
  }
  watch(session)
  return {
    version,
    release: async () => {
      if (leaving.signal.aborted) return
      // Somebody must be left to stop the server.
      await ensureKeeper(session, joining.place, grace).catch(() => {})
      leaving.abort()
      await session.end().catch(() => {})
    },
  }
}

async function joinAgain(joining: Joining): Promise<Client | undefined> {
  try {
    const stopped = await stat(joining.place.downMark).catch(() => undefined)
    return await (stopped === undefined ? joinOrStart(joining) : tryJoin(joining))
  } catch {
    // Whatever it is (a full disk, a crash loop), the next attempt or the doctor will say; work waits meanwhile.
    return undefined
  }
}
