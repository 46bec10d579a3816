// The way to the database: the user's own PostgreSQL, or the embedded one, started when needed.
import { Client, type ClientConfig } from 'pg'
import { failure } from '../../core/problems.ts'
import { serverVersion } from '../../db/server.ts'
import { holdServer } from './hold.ts'
import type { Joining } from './join.ts'
import { connectionOf, placeIn } from './place.ts'

/** The oldest PostgreSQL Sluice runs on, as a major version. */
export const oldestMajor = 15

export interface PostgresOptions extends Omit<Joining, 'place'> {
  readonly home: string
  readonly databaseUrl?: string | undefined
  /** How long the embedded server runs on after the last process left, in milliseconds; a minute unless told. */
  readonly grace?: number
}

export interface Postgres {
  /** What `pg` takes. */
  readonly connection: ClientConfig
  readonly embedded: boolean
  /** As a number, 180004 for 18.4. */
  readonly version: number
  /** Leaves; the last Sluice process to leave has the embedded server stopped a while later. */
  release(): Promise<void>
}

/** Answers once the database takes sessions. */
export function ensurePostgres(options: PostgresOptions): Promise<Postgres> {
  return options.databaseUrl === undefined ? ensureEmbedded(options) : ensureExternal(options.databaseUrl)
}

async function ensureEmbedded(options: PostgresOptions): Promise<Postgres> {
  const place = placeIn(options.home)
  const hold = await holdServer({ ...options, place }, options.grace ?? 60_000)
  const connection = (await connectionOf(place)) ?? {}
  return { connection, embedded: true, version: hold.version, release: () => hold.release() }
}

async function ensureExternal(databaseUrl: string): Promise<Postgres> {
  const connection = { connectionString: databaseUrl }
  const version = await versionAt(connection)
  if (version < oldestMajor * 10_000)
    throw failure('postgres.too_old', { version: Math.floor(version / 10_000), needed: oldestMajor })
  return { connection, embedded: false, version, release: async () => {} }
}

async function versionAt(connection: ClientConfig): Promise<number> {
  const client = new Client({
    ...connection,
    application_name: 'sluice check',
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await serverVersion(client)
  } catch (error) {
    // The driver's message names host and port, never the password.
    throw failure('postgres.unreachable', { detail: (error as Error).message }, { cause: error })
  } finally {
    await client.end().catch(() => {})
  }
}
