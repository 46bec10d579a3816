// The folder store: whole blobs or none, closed to others, never outside its root.
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { folderStore } from './folder.ts'
import type { BlobStore } from './store.ts'

const base = mkdtempSync(join(tmpdir(), 'sluice-blobs-'))
afterAll(() => rmSync(base, { recursive: true }))

async function* bytes(...blocks: string[]): AsyncGenerator<Uint8Array> {
  for (const block of blocks) yield Buffer.from(block)
}

async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half')
  throw error
}

async function text(store: BlobStore, key: string): Promise<string> {
  const blocks: Uint8Array[] = []
  for await (const block of store.stream(key)) blocks.push(block)
  return Buffer.concat(blocks).toString()
}

function fresh(): { root: string; store: BlobStore } {
  const root = join(mkdtempSync(join(base, 'store-')), 'blobs')
  return { root, store: folderStore(root) }
}

async function keys(store: BlobStore, folder: string): Promise<string[]> {
  const found: string[] = []
  for await (const key of store.list(folder)) found.push(key)
  return found
}

test('what is written is read back, whole or in part', async () => {
  const { store } = fresh()
  expect(await store.write('runs/1/landing', bytes('hello ', 'world'))).toBe(11)
  expect(await text(store, 'runs/1/landing')).toBe('hello world')
  expect(Buffer.from(await store.read('runs/1/landing', 6, 3)).toString()).toBe('wor')
  expect((await store.read('runs/1/landing', 9, 100)).length).toBe(2)
  expect(await store.size('runs/1/landing')).toBe(11)
})

test('a second write replaces the first', async () => {
  const { store } = fresh()
  await store.write('a', bytes('first and longer'))
  await store.write('a', bytes('second'))
  expect(await text(store, 'a')).toBe('second')
})

test('a blob of several blocks comes back whole', async () => {
  const { store } = fresh()
  const content = 'x'.repeat(256 * 1024) + 'y'.repeat(256 * 1024) + 'z'
  await store.write('long', bytes(content))
  expect(await text(store, 'long')).toBe(content)
})

test('files and folders are closed to other users', async () => {
  const { root, store } = fresh()
  await store.write('runs/1/landing', bytes('secret'))
  const mode = (path: string) => statSync(join(root, path)).mode & 0o777
  expect([mode('.'), mode('runs'), mode('runs/1'), mode('runs/1/landing')]).toEqual([
    0o700, 0o700, 0o700, 0o600,
  ])
})

test('a source that fails leaves the old blob and no temporary file', async () => {
  const { root, store } = fresh()
  await store.write('a', bytes('old'))
  await expect(store.write('a', failing(new Error('cut off')))).rejects.toThrow('cut off')
  expect(await text(store, 'a')).toBe('old')
  expect(readdirSync(join(root, '.new'))).toEqual([])
})

test('a full disk is storage_full and says which folder', async () => {
  const { root, store } = fresh()
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  await expect(store.write('a', failing(full))).rejects.toMatchObject({
    problem: { code: 'storage_full', details: { path: root } },
  })
})

test.each(['../a', 'a/../b', '/a', 'a//b', '', '.new/a', 'a/.hidden', 'a\0b', 'a\\b', 'a b'])(
  'the key %j never reaches the disk',
  async (key) => {
    const { store } = fresh()
    await expect(async () => store.write(key, bytes('x'))).rejects.toThrow('not a blob key')
    await expect(async () => store.read(key, 0, 1)).rejects.toThrow('not a blob key')
  },
)

describe('a blob that is not there', () => {
  test('is named when read', async () => {
    const { store } = fresh()
    const missing = { problem: { code: 'blob.missing', details: { key: 'gone' } } }
    await expect(store.read('gone', 0, 1)).rejects.toMatchObject(missing)
    await expect(text(store, 'gone')).rejects.toMatchObject(missing)
  })
  test('has no size, and removing it is no error', async () => {
    const { store } = fresh()
    expect(await store.size('gone')).toBeUndefined()
    await expect(store.remove('gone')).resolves.toBeUndefined()
    expect(await keys(store, 'gone')).toEqual([])
  })
})

test('a folder lists its keys in order', async () => {
  const { store } = fresh()
  for (const key of ['runs/2/errors', 'runs/1/landing', 'runs/1/errors', 'other'])
    await store.write(key, bytes('x'))
  expect(await keys(store, 'runs/1')).toEqual(['runs/1/errors', 'runs/1/landing'])
  await store.remove('runs/1/errors')
  expect(await keys(store, 'runs')).toEqual(['runs/1/landing', 'runs/2/errors'])
})

test('a folder is removed with all it holds; one that is not there is no error', async () => {
  const { store } = fresh()
  await store.write('landings/try_a/one', bytes('x'))
  await store.write('landings/try_ab/two', bytes('y'))
  await store.removeFolder('landings/try_a')
  await store.removeFolder('landings/try_a')
  expect(await keys(store, 'landings')).toEqual(['landings/try_ab/two'])
  expect(() => store.removeFolder('../..')).toThrow('not a blob key')
})

test('sweep removes what crashed writers left, by age', async () => {
  const { root, store } = fresh()
  await store.write('kept', bytes('x'))
  const left = (name: string, seconds: number) => {
    writeFileSync(join(root, '.new', name), 'half')
    utimesSync(join(root, '.new', name), seconds, seconds)
  }
  left('old', 1000)
  left('young', 3000)
  expect(await store.sweep(2_000_000)).toBe(1)
  expect(readdirSync(join(root, '.new'))).toEqual(['young'])
  expect(await text(store, 'kept')).toBe('x')
})
