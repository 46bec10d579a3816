// One PostgreSQL for all database tests of a run, started by the first that needs it; a fresh database per test file.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { testPostgresMajor } from '../src/host/config.ts'
import type { Binaries } from '../src/host/postgres/binaries.ts'
import { ensurePostgres, type Postgres } from '../src/host/postgres/ensure.ts'
import { stopPostgres } from '../src/host/postgres/stop.ts'
import { migrate } from '../src/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresHome: string
  }
}

/** vitest's globalSetup: only a folder, so that runs without database tests pay nothing. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join('/tmp', 'sluice-test-'))
  project.provide('postgresHome', home)
  return async () => {
    await stopPostgres(home)
    await rm(home, { recursive: true, force: true })
  }
}

/** SLUICE_TEST_PG=15 runs the same tests on Debian's PostgreSQL of that version. */
export function testBinaries(major: number = testPostgresMajor()): { binaries: Binaries } | undefined {
  if (major === 18) return undefined
  return { binaries: { folder: `/usr/lib/postgresql/${major}`, major, release: `debian-${major}` } }
}

/** The server of this test run. Nothing of it needs to survive a power cut. */
export function testServer(home: string = inject('postgresHome')): Promise<Postgres> {
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '128MB',
  }
  return ensurePostgres({ home, role: 'test', settings, grace: 10_000, ...testBinaries() })
}

export interface TestDatabase {
  /** Set before the first test of the file runs. */
  readonly connection: ClientConfig
}

const template = 'sluice_template'

/** To be called at the top of a test file: a database of its own, migrated unless told otherwise, dropped afterwards. */
export function testDatabase(options: { empty?: boolean } = {}): TestDatabase {
  const name = `test_${randomBytes(6).toString('hex')}`
  let server: Postgres | undefined
  beforeAll(async () => {
    server = await testServer()
    await onDatabase(server, 'postgres', async (client) => {
      if (options.empty === true) await client.query(`create database ${name}`)
      else await cloneTemplate(server!, client, name)
    })
  })
  afterAll(async () => {
    if (server === undefined) return
    await onDatabase(server, 'postgres', (client) =>
      client.query(`drop database if exists ${name} with (force)`),
    )
    await server.release()
  })
  return {
    get connection() {
      return { ...server?.connection, database: name }
    },
  }
}

/** A copy of a migrated database takes milliseconds; migrating takes longer with every migration. */
async function cloneTemplate(server: Postgres, client: Client, name: string): Promise<void> {
  // One at a time: a template cannot be copied while somebody is connected to it.
  await client.query('select pg_advisory_lock(1)')
  const found = await client.query('select from pg_database where datname = $1', [template])
  if (found.rowCount === 0) await makeTemplate(server, client)
  await client.query(`create database ${name} template ${template}`)
  await client.query('select pg_advisory_unlock(1)')
}

async function makeTemplate(server: Postgres, client: Client): Promise<void> {
  const fresh = `${template}_new`
  await client.query(`drop database if exists ${fresh} with (force)`)
  await client.query(`create database ${fresh}`)
  await onDatabase(server, fresh, migrate)
  await client.query(`alter database ${fresh} rename to ${template}`)
}

async function onDatabase<T>(
  server: Postgres,
  database: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ ...server.connection, database })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
