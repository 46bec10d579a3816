// `sluice up`: PostgreSQL, migrations, the API server and a worker process, until told to stop or nobody needs it.
import { chmod, rm } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { makeServer } from '../api/server.ts'
import type { ApiContext } from '../api/context.ts'
import type { Access } from '../api/place.ts'
import { linkUrl } from '../api/users.ts'
import { folderStore } from '../blobs/folder.ts'
import { systemClock } from '../core/clock.ts'
import { failure } from '../core/problems.ts'
import { openDatabase, type Database } from '../db/client.ts'
import { makeLink } from '../db/links.ts'
import { migrate } from '../db/migrate.ts'
import { firstAdmin } from '../db/users.ts'
import { duties } from '../engine/duties.ts'
import { dropExpired, dropNamespace } from '../engine/dropNamespace.ts'
import type { ChoreContext } from '../engine/chores/chore.ts'
import { sourceIo } from '../engine/sourceIo.ts'
import { runChores } from './chores.ts'
import type { Config } from './config.ts'
import { runDuties } from './duties.ts'
import { explaining } from './explain.ts'
import { letThreadsGiveWay } from './giveWay.ts'
import { processed } from './processed.ts'
import { lingering } from './linger.ts'
import { linesOf } from './recordLines.ts'
import { openLog, type Log } from './log.ts'
import { processing, settling } from './records.ts'
import { correcting, retrying } from './retrying.ts'
import { ensurePostgres } from './postgres/ensure.ts'
import { makeHome } from './postgres/join.ts'
import { withLock } from './postgres/lock.ts'
import { probe } from './probe.ts'
import { makeSocketFolder, serverPlaceIn, type ServerPlace } from './serverPlace.ts'
import { openVault, type Vault } from './vault.ts'
import { checkRoot } from './root.ts'
import { verify } from './verify.ts'
import { version } from './version.ts'
import { startWorker } from './workerProcess.ts'

export interface UpOptions {
  readonly config: Config
  /** TCP port on 127.0.0.1 for browsers; 0: any free one; undefined: the socket only. */
  readonly port: number | undefined
  /** Seconds without connections and active runs after which it ends; undefined: stays. */
  readonly linger: number | undefined
  /** The root was named by the person who starts it. */
  readonly typedRoot?: boolean
  /** Worker processes. */
  readonly workers: number
  /** The program's own file, to start the workers with. */
  readonly main: string
}

export interface Up {
  readonly place: ServerPlace
  readonly port: number | null
  /** A one-time link for the first admin, where there is nobody yet and a port to open it at. */
  readonly welcome: string | null
  /** Resolves when everything is shut down. */
  readonly ended: Promise<void>
  stop(): void
}

/** Brings everything up. Throws `server.running` when there is a server on this home already. */
export async function up(options: UpOptions): Promise<Up> {
  await makeHome(options.config.home)
  await checkRoot(options.config, options.typedRoot === true)
  const place = await serverPlaceIn(options.config.home)
  return withLock(place.lock, () => start(place, options))
}

async function start(place: ServerPlace, options: UpOptions): Promise<Up> {
  await refuseSecond(place)
  const log = openLog(place.logs, options.config.logLevel)
  const closers: (() => Promise<void>)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of closers.reverse())
      await close().catch((error: unknown) => log.error(error, 'closing'))
  }
  try {
    const database = await openStore(options.config, closers)
    const vault = openVault(database, options.config)
    const signal = new AbortController()
    const listening = { port: null as number | null }
    const context = makeContext({
      place,
      options,
      database,
      vault,
      log,
      stop: () => signal.abort(),
      port: () => listening.port,
    })
    const access = accessOf(place, options.config)
    const app = await makeServer(context, access)
    closers.push(() => app.close())
    await listenOnSocket(app, place)
    closers.push(() => rm(place.socket, { force: true }))
    listening.port = await listenOnPort(context, access, options.port, closers)
    const stopWorkers = Array.from({ length: options.workers }, () =>
      startWorker(options.main, options.config.root, log),
    )
    closers.push(async () => void (await Promise.all(stopWorkers.map((stop) => stop()))))
    closers.push(await runChores(choreContext(context, vault, options.config, log)))
    closers.push(runDuties({ db: database, store: context.blobs, root: options.config.root, log }, duties))
    if (options.linger !== undefined)
      closers.push(lingering(app.server, database, options.linger, context.stop))
    letThreadsGiveWay()
    log.info({ pid: process.pid, port: listening.port, version }, 'up')
    const ended = until(signal.signal).then(closeAll)
    const welcome = await welcomeLink(context, access)
    return { place, port: listening.port, welcome, ended, stop: context.stop }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function accessOf({ token, tokenFile }: ServerPlace, config: Config): Access {
  const { baseUrl, mail, streams, signOn, outboundAllow } = config
  return {
    token,
    tokenFile,
    baseUrl,
    signOn,
    outboundAllow,
    mail: mail !== null,
    streams: { all: streams },
  }
}

/** While nobody can sign in, every start makes a fresh link in place of the one before. */
async function welcomeLink(context: ApiContext, access: Access): Promise<string | null> {
  const { pool } = context.database
  if (context.about.port() === null || (await firstAdmin(pool)) !== undefined) return null
  const { key } = await makeLink(pool, { kind: 'first_admin' }, { by: 'local', now: context.now() })
  return linkUrl(context, access, key)
}

async function refuseSecond(place: ServerPlace): Promise<void> {
  const running = await probe(place.socket)
  if (running === undefined) return
  const where = running.port === null ? '' : `, http://127.0.0.1:${running.port}`
  throw failure('server.running', { home: place.home, pid: running.pid, where })
}

async function openStore(config: Config, closers: (() => Promise<void>)[]): Promise<Database> {
  const postgres = await ensurePostgres({
    home: config.home,
    databaseUrl: config.databaseUrl,
    role: 'server',
  })
  closers.push(() => postgres.release())
  const database = openDatabase(postgres.connection, 'server')
  closers.push(() => database.end())
  await database.withClient(migrate)
  return database
}

interface ContextParts {
  readonly place: ServerPlace
  readonly options: UpOptions
  readonly database: Database
  readonly vault: Vault
  readonly log: Log
  readonly stop: () => void
  readonly port: () => number | null
}

function makeContext({ place, options, database, vault, log, stop, port }: ContextParts): ApiContext {
  const blobs = folderStore(options.config.blobFolder)
  return {
    database,
    blobs,
    now: () => new Date(systemClock.now()).toISOString(),
    about: { version, pid: process.pid, home: place.home, port },
    web: options.config.webFolder,
    stop,
    linesOf: (namespace, records) => linesOf(database, blobs, namespace, records),
    verify: (namespace, run) => verify(database, namespace, run),
    explain: explaining(database, blobs, systemClock),
    processed: processed(database, blobs),
    corrections: correcting(database, blobs),
    retry: retrying(database, blobs),
    process: processing(database, blobs, systemClock),
    settle: settling(database, blobs),
    namespaces: {
      drop: (name, how) => dropNamespace({ db: database, store: blobs, clock: systemClock }, name, how),
      dropExpired: () => dropExpired({ db: database, store: blobs, clock: systemClock }, log),
    },
    secrets: vault,
    sourceIo: (namespace) =>
      sourceIo({ db: database, clock: systemClock, root: options.config.root }, namespace),
    logFault: (error) => log.error(error, 'request failed'),
  }
}

function choreContext({ database, blobs }: ApiContext, vault: Vault, config: Config, log: Log): ChoreContext {
  const { mail, baseUrl, outboundAllow: allowed } = config
  return {
    db: database,
    store: blobs,
    clock: systemClock,
    log: { ...log, warn: (details, message) => log.info(details, message) },
    outside: { mail, baseUrl, allowed, secret: vault.read },
  }
}

/** The file of a server that was killed is in the way; the lock and the probe say that nobody is behind it. */
async function listenOnSocket(app: FastifyInstance, place: ServerPlace): Promise<void> {
  await makeSocketFolder(place)
  await rm(place.socket, { force: true })
  await app.listen({ path: place.socket })
  await chmod(place.socket, 0o600)
}

/** A second listener with the same routes: fastify listens on one address per instance. */
async function listenOnPort(
  context: ApiContext,
  access: Access,
  port: number | undefined,
  closers: (() => Promise<void>)[],
): Promise<number | null> {
  if (port === undefined) return null
  const app = await makeServer(context, access)
  closers.push(() => app.close())
  try {
    await app.listen({ host: '127.0.0.1', port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw failure('port.taken', { port })
    throw error
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
