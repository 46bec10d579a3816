// Finds the server of a home, or starts one in the background for as long as anyone needs it.
import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../core/problems.ts'
import { SluiceError, type Problem } from '../core/problem.ts'
import type { Config } from './config.ts'
import { makeHome } from './postgres/join.ts'
import { probe, type ServerInfo } from './probe.ts'
import { serverPlaceIn, type ServerPlace } from './serverPlace.ts'

/** Seconds a server started on demand stays after the last need. */
const lingerSeconds = 60

// Megabytes: what the launcher says for an `up` in the foreground.
const memory = ['--max-semi-space-size=8']

/** What a background `up` tells the process that started it. */
export type UpMessage = { readonly ready: true } | { readonly problem: Problem }

export interface Reached {
  readonly place: ServerPlace
  readonly info: ServerInfo
}

/** The server of this home; started for as long as it is needed when there is none. */
export function reachServer(config: Config, main: string, onStart: () => void): Promise<Reached> {
  const args = ['--linger', String(lingerSeconds)]
  return reach(config, onStart, (place) => startInBackground(place, main, args))
}

/** The server of this home; started to stay, with a port for browsers, when there is none. */
export function reachServerOnPort(config: Config, main: string, onStart: () => void): Promise<Reached> {
  return reach(config, onStart, async (place) => {
    try {
      await startInBackground(place, main, ['--port', String(config.port)])
    } catch (error) {
      if (!(error instanceof SluiceError) || error.problem.code !== 'port.taken') throw error
      await startInBackground(place, main, ['--port', '0'])
    }
  })
}

async function reach(
  config: Config,
  onStart: () => void,
  start: (place: ServerPlace) => Promise<void>,
): Promise<Reached> {
  await makeHome(config.home)
  const place = await serverPlaceIn(config.home)
  const running = await probe(place.socket)
  if (running !== undefined) return { place, info: running }
  onStart()
  await start(place)
  const info = await probe(place.socket)
  if (info === undefined)
    throw failure('server.not_started', { detail: 'it ended at once', log: logOf(place) })
  return { place, info }
}

/** The server of this home, or undefined. */
export async function findServer(config: Config): Promise<Reached | undefined> {
  await makeHome(config.home)
  const place = await serverPlaceIn(config.home)
  const info = await probe(place.socket)
  return info === undefined ? undefined : { place, info }
}

function logOf(place: ServerPlace): string {
  return join(place.logs, 'up.log')
}

/** Starts `up` in a session of its own (a terminal's Ctrl-C never reaches it) and waits until it is ready. */
async function startInBackground(place: ServerPlace, main: string, args: readonly string[]): Promise<void> {
  const output = await open(logOf(place), 'w', 0o600)
  try {
    const child = spawn(process.execPath, [...memory, main, 'up', '--background', ...args], {
      detached: true,
      stdio: ['ignore', output.fd, output.fd, 'ipc'],
      cwd: place.home,
    })
    const message = await new Promise<UpMessage>((resolve, reject) => {
      child.once('message', (sent) => resolve(sent as UpMessage))
      child.once('error', reject)
      child.once('exit', (code) =>
        reject(failure('server.not_started', { detail: `it ended with code ${code}`, log: logOf(place) })),
      )
    })
    child.removeAllListeners('exit')
    if (child.connected) child.disconnect()
    child.unref()
    // Somebody else started one at the same moment: as good as ours.
    if ('problem' in message && message.problem.code !== 'server.running')
      throw new SluiceError(message.problem)
  } finally {
    await output.close()
  }
}
