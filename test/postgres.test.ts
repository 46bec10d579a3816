// The tests' own databases: migrated, separate, on the PostgreSQL asked for.
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { testPostgresMajor } from '../src/host/config.ts'
import { testDatabase } from './postgres.ts'

const one = testDatabase()
const two = testDatabase()
const empty = testDatabase({ empty: true })

async function ask(connection: object, query: string): Promise<unknown> {
  const client = new Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

test('a test file has databases of its own', async () => {
  await ask(one.connection, 'create table mine ()')
  expect(await ask(one.connection, `select to_regclass('mine') is not null`)).toBe(true)
  expect(await ask(two.connection, `select to_regclass('mine') is not null`)).toBe(false)
})

test('they are migrated unless asked to be empty', async () => {
  const migrated = `select to_regclass('sluice.run') is not null`
  expect(await ask(one.connection, migrated)).toBe(true)
  expect(await ask(empty.connection, migrated)).toBe(false)
})

test('the server is of the version asked for', async () => {
  const major = `select current_setting('server_version_num')::int / 10000`
  expect(await ask(one.connection, major)).toBe(testPostgresMajor())
})
