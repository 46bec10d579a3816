// Settings from the environment: the only file that reads process.env. Everything else is given what it needs.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { failure } from '../core/problems.ts'

/** The variables Sluice reads; nothing else in the environment changes what it does. */
const environmentSchema = z.object({
  SLUICE_HOME: z.string().optional(),
  SLUICE_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'it must begin with postgres://')
    .optional(),
  SLUICE_BLOBS: z.string().optional(),
  SLUICE_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SLUICE_PORT: z.coerce.number().int().min(0).max(65_535).default(7788),
})

export interface Config {
  /** Folder of everything Sluice keeps: the database, blobs, keys, logs, the API's socket. */
  readonly home: string
  /** A PostgreSQL of the user's own; undefined: the embedded one. */
  readonly databaseUrl: string | undefined
  readonly blobFolder: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** TCP port for browsers, on loopback; 0: any free one. */
  readonly port: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads and checks the settings; throws `config.invalid` naming the variable. */
export function readConfig(environment: Environment = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) throw invalid(parsed.error)
  const settings = parsed.data
  const home = resolve(settings.SLUICE_HOME ?? defaultHome(given))
  return {
    home,
    databaseUrl: settings.SLUICE_DATABASE_URL,
    blobFolder: resolve(settings.SLUICE_BLOBS ?? join(home, 'blobs')),
    logLevel: settings.SLUICE_LOG,
    port: settings.SLUICE_PORT,
  }
}

function invalid(error: z.ZodError): Error {
  const issue = error.issues[0]
  return failure('config.invalid', { name: String(issue?.path[0]), detail: issue?.message ?? 'unknown' })
}

/** The platform's user data folder (XDG Base Directory Specification; Apple and Microsoft conventions). */
function defaultHome(environment: Environment): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Sluice')
  if (process.platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Sluice')
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'sluice')
}

/** Which PostgreSQL the tests run on: 18 is the embedded one, another major is looked up in Debian's place. */
export function testPostgresMajor(environment: Environment = process.env): number {
  return Number(environment['SLUICE_TEST_PG'] ?? 18)
}
