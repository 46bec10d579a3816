// Secrets: written, listed by name, rotated; never answered, logged or stored in the clear (design section 12).
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { openVault, type Vault } from '../host/vault.ts'
import type { SecretList } from './secrets.ts'

const canary = 'canary-7f3a91c2-do-not-tell'
const database = testDatabase()
let api: ApiServer
let home: string
let vault: Vault
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  home = await mkdtemp('/tmp/sluice-vault-test-')
})
beforeEach(async () => {
  await api.harness.db.pool.query('truncate sluice.secret')
  vault = openVault(api.harness.db, { home, key: undefined, keyBefore: undefined })
})
afterAll(async () => {
  await api.close()
  await rm(home, { recursive: true, force: true })
})

const key = (letter: string): string => Buffer.alloc(32, letter).toString('base64')
const withKeys = (now: string, before?: string): Vault =>
  openVault(api.harness.db, { home, key: now, keyBefore: before })
const write = (to: Vault, name = 'crm', value = canary): Promise<boolean> =>
  to.write(api.harness.namespace, { name, value, by: 'ada' }, () => {})
const read = (from: Vault, name = 'crm'): Promise<string> => from.read(api.harness.namespace.id, name)

async function everything(): Promise<string> {
  const { rows } = await api.harness.db.pool.query<{ all: string }>(
    `select string_agg(to_jsonb(s)::text, ' ') || (select coalesce(string_agg(to_jsonb(l)::text, ' '), '') from sluice.log l) as all from sluice.secret s`,
  )
  return rows[0]!.all
}

test('a canary is in no answer, in no row and in no log', async () => {
  const put = await api.ask('PUT', '/secrets/crm', { json: { value: canary } })
  expect(put).toMatchObject({ status: 200, body: { secret: 'crm', new: true } })
  const answers = [
    put,
    await api.ask('PUT', '/secrets/crm', { json: { value: canary } }),
    await api.ask('GET', '/secrets'),
    await api.ask('GET', '/secrets/crm'),
    await api.ask('PUT', '/secrets/NOT%20A%20NAME', { json: { value: canary } }),
    await api.ask('PUT', '/secrets/crm', { json: { value: [canary] } }),
    await api.ask('PUT', '/secrets/crm', {
      bytes: `{"value":"${canary}`,
      headers: { 'content-type': 'application/json' },
    }),
    await api.ask('POST', '/v1/secrets/rotate', { json: {} }),
  ]
  expect(JSON.stringify([answers, api.faults.map(String)])).not.toContain(canary)
  const dump = await everything()
  expect(dump).not.toContain(canary)
  // Bytes are printed in hex.
  expect(dump).not.toContain(Buffer.from(canary).toString('hex'))
})

test('secrets are listed by name, replaced and forgotten', async () => {
  for (const name of ['b', 'a', 'c']) await api.ask('PUT', `/secrets/${name}`, { json: { value: 'x' } })
  const { body } = await api.ask<SecretList>('GET', '/secrets?limit=2')
  expect(body.secrets.map(({ name }) => name)).toEqual(['a', 'b'])
  const rest = await api.ask<SecretList>('GET', `/secrets?limit=2&cursor=${body.next}`)
  expect(rest.body).toMatchObject({ secrets: [{ name: 'c', createdBy: 'local' }], next: null })
  expect(await api.ask('DELETE', '/secrets/a')).toMatchObject({ body: { removed: 'a' } })
  expect(await api.ask('DELETE', '/secrets/a')).toMatchObject({
    status: 404,
    body: { code: 'secret.missing' },
  })
  expect(await api.ask('PUT', '/secrets/d', { json: { value: '' } })).toMatchObject({
    body: { code: 'secret.empty' },
  })
})

test('what was written can be read by who speaks to the other system', async () => {
  expect(await write(vault)).toBe(true)
  expect(await read(vault)).toBe(canary)
  expect(await write(vault, 'crm', 'schlüssel 🔑')).toBe(false)
  expect(await read(vault)).toBe('schlüssel 🔑')
  await expect(read(vault, 'other')).rejects.toMatchObject({ problem: { code: 'secret.missing' } })
})

test('the key file is its owner’s alone', async () => {
  await write(vault)
  expect((await stat(join(home, 'secrets.key'))).mode & 0o777).toBe(0o600)
})

describe('a secret is bound to its row', () => {
  test('moved to another name or namespace, it cannot be opened', async () => {
    await write(vault, 'mine')
    await write(vault, 'other', 'something else')
    const { pool } = api.harness.db
    await pool.query(`update sluice.secret o set sealed = m.sealed, wrapped_key = m.wrapped_key from sluice.secret m
      where m.name = 'mine' and o.name = 'other'`)
    await expect(read(vault, 'other')).rejects.toMatchObject({ problem: { code: 'secret.damaged' } })
    expect(await read(vault, 'mine')).toBe(canary)
  })

  test('changed by a single bit, it cannot be opened', async () => {
    await write(vault)
    await api.harness.db.pool.query(
      `update sluice.secret set sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1)`,
    )
    await expect(read(vault)).rejects.toMatchObject({ problem: { code: 'secret.damaged' } })
  })
})

describe('rotation', () => {
  test('a fresh key in the file; the old one is gone, the secrets are not', async () => {
    await write(vault)
    await write(vault, 'two', 'second')
    const before = await readFile(join(home, 'secrets.key'), 'utf8')
    expect(await vault.rotate()).toBe(2)
    const after = await readFile(join(home, 'secrets.key'), 'utf8')
    expect(after.trim().split('\n')).toHaveLength(1)
    expect(after).not.toBe(before)
    expect([await read(vault), await read(vault, 'two')]).toEqual([canary, 'second'])
    // Another process, which opened its vault before, finds the new key.
    await writeFile(join(home, 'other.key'), before)
    await expect(read(withKeys(before.trim()))).rejects.toMatchObject({
      problem: { code: 'secret.key_missing' },
    })
  })

  test('with keys from outside: the new one and the one before', async () => {
    const [one, two] = [key('1'), key('2')]
    await write(withKeys(one))
    await expect(read(withKeys(two))).rejects.toMatchObject({ problem: { code: 'secret.key_missing' } })
    expect(await read(withKeys(two, one))).toBe(canary)
    expect(await withKeys(two, one).rotate()).toBe(1)
    expect(await read(withKeys(two))).toBe(canary)
    await expect(withKeys(two).rotate()).rejects.toMatchObject({ problem: { code: 'secret.key_fixed' } })
  })

  test('writers beside it lose nothing', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`)
    const writing = names.map((name) => write(vault, name, name))
    const rotating = Array.from({ length: 3 }, () => vault.rotate())
    await Promise.all([...writing, ...rotating])
    for (const name of names) expect(await read(vault, name)).toBe(name)
  })
})

test('a key that is none is refused, and not repeated', () => {
  expect(() => withKeys(canary)).toThrow('SLUICE_KEY')
  expect(() => withKeys(canary)).not.toThrow(canary)
})
