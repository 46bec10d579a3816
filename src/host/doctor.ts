// The doctor: what could keep Sluice from working on this machine, and what to do about it. Findings are plain data.
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Client } from 'pg'
import { SluiceError } from '../core/problem.ts'
import { adviceFor } from '../core/problems.ts'
import { processesOn, serverSettings } from '../db/server.ts'
import type { Config } from './config.ts'
import { ensurePostgres, oldestMajor, type Postgres } from './postgres/ensure.ts'
import { makeHome } from './postgres/join.ts'

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do; only where something is to be done. */
  readonly advice?: string
}

export interface Examination {
  readonly config: Config
  /** Which migrations are missing, and which the database has from a newer Sluice. */
  readonly migrations: (client: Client) => Promise<{ pending: string[]; unknown: string[] }>
  /** Process version, 'v24.21.0'. */
  readonly nodeVersion?: string
}

const gigabyte = 1e9

/** Looks at everything; a check that fails never hides the ones after it. */
export async function examine(examination: Examination): Promise<Finding[]> {
  const { config, migrations, nodeVersion = process.version } = examination
  const home = await guarded('Data folder', () => homeFinding(config.home))
  const machine = [
    nodeFinding(nodeVersion),
    home,
    await guarded('Disk space', () => diskFinding(config.home)),
    await guarded('File store', () => blobFinding(config.blobFolder)),
  ]
  return [...machine, ...(await databaseFindings(config, migrations))]
}

const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found })
const warn = (check: string, found: string, advice: string): Finding => ({
  check,
  state: 'warn',
  found,
  advice,
})
const fail = (check: string, found: string, advice: string): Finding => ({
  check,
  state: 'fail',
  found,
  advice,
})

/** Turns what a check throws into its finding. */
async function guarded(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    return failed(check, error)
  }
}

function failed(check: string, error: unknown): Finding {
  if (error instanceof SluiceError) return fail(check, error.message, adviceFor(error.problem))
  return fail(check, (error as Error).message, 'Correct that, then type sluice doctor again.')
}

export function nodeFinding(version: string): Finding {
  const major = Number.parseInt(version.slice(1), 10)
  if (major >= 24) return ok('Node', version)
  return fail('Node', `${version} is too old`, 'Start Sluice with ./sluice, which brings its own Node.')
}

async function homeFinding(home: string): Promise<Finding> {
  await makeHome(home)
  await access(home, constants.R_OK | constants.W_OK | constants.X_OK)
  const { uid, mode } = await stat(home)
  const me = process.getuid?.() ?? uid
  if (uid !== me)
    return warn(
      'Data folder',
      `${home} belongs to another user`,
      'Run Sluice as its owner, or choose another SLUICE_HOME.',
    )
  if ((mode & 0o077) !== 0)
    return warn('Data folder', `${home} can be opened by other users`, `Type chmod 700 ${home}`)
  return ok('Data folder', `${home}, closed to other users`)
}

async function diskFinding(home: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(home)
  return spaceFinding(bavail * bsize)
}

/** `free` in bytes. An import needs room for the landing, the database and its log. */
export function spaceFinding(free: number): Finding {
  const found = `${(free / gigabyte).toFixed(1)} GB free`
  if (free < gigabyte / 2)
    return fail('Disk space', found, 'Make room: imports sleep while the disk is full.')
  if (free < 5 * gigabyte) return warn('Disk space', found, 'Make room before a large import.')
  return ok('Disk space', found)
}

async function blobFinding(folder: string): Promise<Finding> {
  const there = await stat(folder).catch(() => undefined)
  await access(there === undefined ? dirname(folder) : folder, constants.W_OK | constants.X_OK)
  if (there === undefined) return ok('File store', `${folder}, made with the first import`)
  if ((there.mode & 0o077) === 0) return ok('File store', folder)
  return warn('File store', `${folder} can be opened by other users`, `Type chmod 700 ${folder}`)
}

async function databaseFindings(config: Config, migrations: Examination['migrations']): Promise<Finding[]> {
  let postgres: Postgres
  try {
    postgres = await ensurePostgres({ home: config.home, databaseUrl: config.databaseUrl, role: 'doctor' })
  } catch (error) {
    return [failed('PostgreSQL', error)]
  }
  const client = new Client({ ...postgres.connection, application_name: 'sluice doctor' })
  client.on('error', () => {})
  try {
    await client.connect()
    return [
      versionFinding(postgres),
      await guarded('Durability', () => durabilityFinding(client)),
      await guarded('Tables', async () => tablesFinding(await migrations(client))),
      ...(postgres.embedded
        ? [await guarded('Servers', async () => serversFinding(await processesOn(client)))]
        : []),
    ]
  } catch (error) {
    return [failed('PostgreSQL', error)]
  } finally {
    await client.end().catch(() => {})
    await postgres.release()
  }
}

function versionFinding({ version, embedded, connection }: Postgres): Finding {
  const release = `${Math.floor(version / 10_000)}.${version % 10_000}`
  if (embedded) return ok('PostgreSQL', `${release}, embedded; its socket is in ${connection.host}`)
  return ok('PostgreSQL', `${release} of SLUICE_DATABASE_URL (${oldestMajor} or newer is needed)`)
}

async function durabilityFinding(client: Client): Promise<Finding> {
  return durabilityOf(await serverSettings(client, ['fsync', 'full_page_writes', 'synchronous_commit']))
}

/** Whether a power cut can take back what was reported as done. */
export function durabilityOf(settings: ReadonlyMap<string, string>): Finding {
  const off = [...settings].filter(([, value]) => value === 'off').map(([name]) => name)
  if (off.length === 0) return ok('Durability', 'what is reported as done survives a power cut')
  return warn('Durability', `${off.join(', ')} is off`, `Switch it on: alter system set ${off[0]} = 'on'`)
}

export function tablesFinding({ pending, unknown }: { pending: string[]; unknown: string[] }): Finding {
  if (unknown.length > 0)
    return fail(
      'Tables',
      `made by a newer Sluice (${unknown.join(', ')})`,
      'Update this Sluice to that version.',
    )
  if (pending.length > 0)
    return warn('Tables', `${pending.length} migrations are missing`, 'Type sluice up: it applies them.')
  return ok('Tables', 'up to date')
}

/** `roles` of all processes on the embedded PostgreSQL, the doctor's own left out of the count. */
export function serversFinding(roles: readonly string[]): Finding {
  const servers = roles.filter((role) => role === 'server').length
  const others = roles.filter((role) => role !== 'doctor')
  if (servers > 1)
    return warn('Servers', `${servers} servers use this data folder`, 'Type sluice down, then sluice up.')
  return ok('Servers', others.length === 0 ? 'none is running' : `running: ${others.join(', ')}`)
}
