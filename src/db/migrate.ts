// Forward-only migrations: numbered SQL files, run once each, for the control schema and for every namespace's data schema.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { applyMachineChecks } from './machineChecks.ts'
import { ensurePartitions } from './partitions.ts'
import { dataSchemas } from './read/namespaces.ts'
import { quoteName } from './sql.ts'

interface MigrationFile {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

async function readMigrations(folder: 'control' | 'data'): Promise<MigrationFile[]> {
  const base = new URL(`./migrations/${folder}/`, import.meta.url)
  const names = (await readdir(base)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, base), 'utf8')
      const checksum = createHash('sha256').update(sql).digest('hex').slice(0, 16)
      return { number: Number(name.slice(0, 3)), name, sql, checksum }
    }),
  )
}

/**
 * Brings one schema up to date. The migration's row is written first, in the same transaction: of two processes that
 * race, the loser waits on the key and then finds the work done.
 */
async function migrateSchema(
  client: pg.ClientBase,
  schema: string,
  folder: 'control' | 'data',
): Promise<number> {
  let applied = 0
  for (const file of await readMigrations(folder)) {
    await client.query('begin')
    try {
      const { rowCount } = await client.query(
        `insert into sluice.migration (schema, number, name, checksum) values ($1, $2, $3, $4) on conflict do nothing`,
        [schema, file.number, file.name, file.checksum],
      )
      if (rowCount === 1) {
        await client.query(`set local search_path to ${quoteName(schema)}`)
        await client.query(file.sql)
        applied++
      }
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }
  return applied
}

const bootstrap = `
  create schema if not exists sluice;
  create table if not exists sluice.migration (
    schema text not null, number int not null, name text not null, checksum text not null,
    at timestamptz not null default now(), primary key (schema, number))`

/** Makes or upgrades everything; safe to call from many processes at once. Answers how many files were applied. */
export async function migrate(client: pg.ClientBase): Promise<number> {
  // "create schema if not exists" can still collide with itself in two sessions, so the bootstrap takes a lock.
  await client.query(`select pg_advisory_lock(7305230)`)
  try {
    await client.query(bootstrap)
    let applied = await migrateSchema(client, 'sluice', 'control')
    await applyMachineChecks(client)
    await createNamespace(client, 'main')
    for (const schema of await dataSchemas(client)) applied += await makeDataSchema(client, schema)
    return applied
  } finally {
    await client.query(`select pg_advisory_unlock(7305230)`)
  }
}

/** Makes a namespace with its data schema, or does nothing where it exists. */
export async function createNamespace(client: pg.ClientBase, name: string): Promise<void> {
  const schema = `sluice_${name}`
  await client.query(
    `insert into sluice.namespace (name, data_schema) values ($1, $2) on conflict do nothing`,
    [name, schema],
  )
  await makeDataSchema(client, schema)
}

/** Makes or upgrades the data schema of a namespace; answers how many files were applied. */
export async function makeDataSchema(client: pg.ClientBase, schema: string): Promise<number> {
  await client.query(`create schema if not exists ${quoteName(schema)}`)
  const applied = await migrateSchema(client, schema, 'data')
  await ensurePartitions(client, schema)
  return applied
}

/** Which migration files this program has and the database has not, and the other way round; for doctor. */
export async function migrationState(
  client: pg.ClientBase,
): Promise<{ pending: string[]; unknown: string[] }> {
  const { rows: exists } = await client.query<{ there: boolean }>(
    `select to_regclass('sluice.migration') is not null as there`,
  )
  const known = await readMigrations('control')
  if (!exists[0]?.there) return { pending: known.map((m) => m.name), unknown: [] }
  const { rows } = await client.query<{ name: string }>(
    `select name from sluice.migration where schema = 'sluice'`,
  )
  const applied = new Set(rows.map((row) => row.name))
  return {
    pending: known.filter((m) => !applied.has(m.name)).map((m) => m.name),
    unknown: [...applied].filter((name) => !known.some((m) => m.name === name)),
  }
}
