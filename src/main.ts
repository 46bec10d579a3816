// Wires the program: the command line, and what the machine offers to it. Everything heavy is loaded on use.
import { fileURLToPath } from 'node:url'
import type { Finding, Host, RunningUp, UpRequest } from './cli/host.ts'
import type { RunningServer } from './cli/client.ts'
import { main } from './cli/program.ts'
import { version } from './host/version.ts'

const self = fileURLToPath(import.meta.url)

async function config() {
  return (await import('./host/config.ts')).readConfig()
}

async function reach(onStart: () => void): Promise<RunningServer> {
  const { reachServer } = await import('./host/serverProcess.ts')
  const { place, info } = await reachServer(await config(), self, onStart)
  return { home: place.home, socket: place.socket, port: info.port }
}

async function find(): Promise<RunningServer | undefined> {
  const { findServer } = await import('./host/serverProcess.ts')
  const { existsSync } = await import('node:fs')
  const settings = await config()
  // A look leaves nothing behind, not even a folder.
  if (!existsSync(settings.home)) return undefined
  const found = await findServer(settings)
  return found && { home: found.place.home, socket: found.place.socket, port: found.info.port }
}

async function reachOnPort(onStart: () => void): Promise<RunningServer> {
  const { reachServerOnPort } = await import('./host/serverProcess.ts')
  const { place, info } = await reachServerOnPort(await config(), self, onStart)
  return { home: place.home, socket: place.socket, port: info.port }
}

/** The settings, with a root that was typed in place of the environment's. */
async function rooted(root: string | undefined) {
  const settings = await config()
  if (root === undefined) return settings
  return { ...settings, root: (await import('node:path')).resolve(root) }
}

async function up({ port, linger, workers, root }: UpRequest): Promise<RunningUp> {
  const host = await import('./host/up.ts')
  const settings = await rooted(root)
  const typedRoot = root !== undefined
  const running = await host.up({ config: settings, port, linger, workers, typedRoot, main: self })
  const { home, socket, tokenFile } = running.place
  return {
    home,
    socket,
    tokenFile,
    port: running.port,
    welcome: running.welcome,
    root: settings.root,
    ended: running.ended,
    stop: () => running.stop(),
  }
}

async function doctor(): Promise<readonly Finding[]> {
  const { examine } = await import('./host/doctor.ts')
  const { migrationState } = await import('./db/migrate.ts')
  return examine({ config: await config(), migrations: migrationState })
}

const host: Host = {
  version,
  reach,
  find,
  reachOnPort,
  up,
  down: async (stopRuns) => (await import('./host/down.ts')).down(await config(), stopRuns),
  doctor,
  worker: async (root) => (await import('./host/worker.ts')).runWorkerProcess(await rooted(root)),
  blobPath: async (key) => (await import('node:path')).join((await config()).blobFolder, ...key.split('/')),
  example: fileURLToPath(new URL('../examples/messy-crm/contacts.csv', import.meta.url)),
}

await main(host, process.argv.slice(2))
