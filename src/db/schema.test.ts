// The migrations leave exactly the schema that is written down in schema.txt (`npx vitest run src/db/schema.test.ts -u`).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSql } from '../core/machine.ts'
import { runMachine } from '../core/run.ts'
import { describeSchema } from '../../test/support/describeSchema.ts'
import { testDatabase } from '../../test/postgres.ts'
import { openDatabase, type Database } from './client.ts'
import { createNamespace, migrate, migrationState } from './migrate.ts'

const database = testDatabase()
let db: Database
beforeAll(() => {
  db = openDatabase(database.connection, 'test')
})
afterAll(() => db.end())

test('the schema after all migrations is the committed one', async () => {
  const text = `${await describeSchema(db.pool, 'sluice')}\n${await describeSchema(db.pool, 'sluice_main')}`
  await expect(text).toMatchFileSnapshot('./schema.txt')
})

test('migrating again changes nothing, also ten at once', async () => {
  const counts = await Promise.all(Array.from({ length: 10 }, () => db.withClient(migrate)))
  expect(counts).toEqual(Array.from({ length: 10 }, () => 0))
  expect(await db.withClient(migrationState)).toEqual({ pending: [], unknown: [] })
})

test('a new namespace has a data schema of its own', async () => {
  await db.withClient((client) => createNamespace(client, 'canada'))
  const own = await describeSchema(db.pool, 'sluice_canada')
  const main = await describeSchema(db.pool, 'sluice_main')
  expect(own.replaceAll('sluice_canada', 'sluice_main')).toBe(main)
})

test('the database refuses an illegal move and an illegal first state', async () => {
  expect(checkSql(runMachine)).toContain(`('queued','validating')`)
  const { rows } = await db.pool.query<{ def: string }>(
    `select pg_get_constraintdef(oid) as def from pg_constraint where conname = 'run_moves'`,
  )
  expect(rows[0]!.def).toContain('state_from')
  const insert = (state: string, from: string | null): Promise<unknown> =>
    db.transaction(async (client) => {
      await client.query(`insert into sluice.job (namespace_id, name, kind) values (1, 'x', 'one_time')`)
      await client.query(`insert into sluice.job_version (job_id, version, definition, definition_hash)
        select max(id), 1, '{}', '' from sluice.job`)
      await client.query(
        `insert into sluice.run (namespace_id, id, job_id, job_version, number, state, state_from, same_as)
         select 1, 1, max(id), 1, 1, $1, $2, '' from sluice.job`,
        [state, from],
      )
      throw new Error('legal')
    })
  await expect(insert('queued', null)).rejects.toThrow('legal')
  await expect(insert('completed', null)).rejects.toThrow('run_moves')
  await expect(insert('completed', 'queued')).rejects.toThrow('run_moves')
  await expect(insert('completed', 'processing')).rejects.toThrow('legal')
})
