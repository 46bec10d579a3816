// The keys that secrets are sealed with: from the environment, or made once and kept in a file only its owner can read.
import { createHash, randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../core/problems.ts'
import type { KeyRing, MasterKey } from '../db/sealing.ts'

export interface MasterKeys extends KeyRing {
  /** A fresh key becomes the current one; earlier ones stay until `forget`. Throws `secret.key_fixed` for keys given from outside. */
  readonly renew: () => Promise<void>
  /** Forgets every key but the current one. */
  readonly forget: () => Promise<void>
  /** Whether the key is given from outside. */
  readonly fixed: boolean
}

export interface KeySettings {
  readonly home: string
  /** Base64 or hex of 32 bytes; undefined: the file is used. */
  readonly key: string | undefined
  /** The one before, until everything is sealed with the new one. */
  readonly keyBefore: string | undefined
}

export function masterKeys({ home, key, keyBefore }: KeySettings): MasterKeys {
  return key === undefined ? keysOfFile(join(home, 'secrets.key')) : keysGiven(key, keyBefore)
}

function keysGiven(key: string, before: string | undefined): MasterKeys {
  const current = parseKey(key, 'SLUICE_KEY')
  const all = before === undefined ? [current] : [current, parseKey(before, 'SLUICE_KEY_BEFORE')]
  return {
    fixed: true,
    current: () => Promise.resolve(current),
    find: (id) => Promise.resolve(all.find((one) => one.id === id)),
    renew: () => Promise.reject(failure('secret.key_fixed')),
    forget: () => Promise.resolve(),
  }
}

/** The current key on the first line, earlier ones below. Read anew each time: another process may have renewed it. */
function keysOfFile(path: string): MasterKeys {
  const all = async (): Promise<MasterKey[]> => {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw failure('secret.key_invalid', { place: path, detail: error.message })
    })
    if (text === null) return makeFile(path)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => parseKey(line, path))
  }
  const first = (keys: readonly MasterKey[]): MasterKey => {
    if (keys[0] === undefined) throw failure('secret.key_invalid', { place: path, detail: 'it is empty' })
    return keys[0]
  }
  return {
    fixed: false,
    current: async () => first(await all()),
    find: async (id) => (await all()).find((one) => one.id === id),
    renew: async () => replaceFile(path, [makeKey(), ...(await all())]),
    forget: async () => replaceFile(path, [first(await all())]),
  }

  /** Of two that make it at the same moment the first one counts. */
  async function makeFile(target: string): Promise<MasterKey[]> {
    const spare = await writeSpare(target, [makeKey()])
    await link(spare, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    await rm(spare, { force: true })
    return all()
  }
}

async function replaceFile(path: string, keys: readonly MasterKey[]): Promise<void> {
  await rename(await writeSpare(path, keys), path)
}

/** On the disk for good before anything is sealed with it: what is lost with its key is lost. */
async function writeSpare(path: string, keys: readonly MasterKey[]): Promise<string> {
  const spare = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(spare, 'wx', 0o600)
  try {
    await file.writeFile(keys.map(({ key }) => `${Buffer.from(key).toString('base64')}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  return spare
}

function makeKey(): MasterKey {
  return named(randomBytes(32))
}

function named(key: Uint8Array): MasterKey {
  return { id: createHash('sha256').update('sluice key id').update(key).digest('hex').slice(0, 12), key }
}

function parseKey(text: string, place: string): MasterKey {
  const plain = text.trim()
  const key = /^[0-9a-f]{64}$/i.test(plain) ? Buffer.from(plain, 'hex') : Buffer.from(plain, 'base64')
  if (key.length !== 32 || !/^[A-Za-z0-9+/=]+$/.test(plain))
    throw failure('secret.key_invalid', { place, detail: 'it is not 32 bytes in base64 or hex' })
  return named(key)
}
