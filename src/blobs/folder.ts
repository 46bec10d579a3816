// A blob store in a folder: every write goes to a temporary file first and appears by one rename.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { failure } from '../core/problems.ts'
import { checkKey, type BlobStore } from './store.ts'

// No key can begin with a dot.
const temporaryFolder = '.new'
const blockBytes = 256 * 1024

/** Opens the store; the folder is made, closed to other users, when the first blob is written. */
export function folderStore(root: string): BlobStore {
  const pathOf = (key: string) => join(root, ...checkKey(key).split('/'))
  return {
    write: (key, content) => write(root, pathOf(key), content),
    read: (key, offset, length, signal) => read(key, pathOf(key), offset, length, signal),
    stream: (key, signal) => stream(key, pathOf(key), signal),
    size: (key) => sizeOf(pathOf(key)),
    remove: (key) => rm(pathOf(key), { force: true }),
    removeFolder: (folder) => rm(pathOf(folder), { recursive: true, force: true }),
    list: (folder) => list(root, pathOf(folder)),
    sweep: (before) => sweep(join(root, temporaryFolder), before),
  }
}

async function write(root: string, path: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  const temporary = join(root, temporaryFolder, randomBytes(12).toString('hex'))
  try {
    await makeFolder(dirname(temporary))
    const bytes = await writeDurably(temporary, content)
    await makeFolder(dirname(path))
    await rename(temporary, path)
    await flushFolder(dirname(path))
    return bytes
  } catch (error) {
    // Before the half-written file gives its room back.
    const meaning = await meaningOf(error, root)
    await rm(temporary, { force: true }).catch(() => {})
    throw meaning
  }
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    let bytes = 0
    for await (const block of content) {
      await writeWhole(file, block)
      bytes += block.length
    }
    await file.sync()
    return bytes
  } finally {
    await file.close()
  }
}

/** One write may take less than it was given, on a nearly full disk for instance. */
async function writeWhole(file: FileHandle, block: Uint8Array): Promise<void> {
  let done = 0
  while (done < block.length) done += (await file.write(block, done)).bytesWritten
}

/** Makes the folder and flushes the names of those that are new: a file is not safe while its folder's name is not. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await flushFolder(dirname(made))
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A full disk or quota is a problem that passes; the content's own errors go through as they are. */
async function meaningOf(error: unknown, root: string): Promise<unknown> {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return failure('storage_full', { path: root, free: await freeSpace(root) }, { cause: error })
  if (code === 'EACCES' || code === 'EROFS' || code === 'EIO')
    return failure('blob.unusable', { detail: (error as Error).message }, { cause: error })
  return error
}

async function freeSpace(root: string): Promise<string> {
  const { bavail, bsize } = await statfs(root)
  return `${Math.floor((bavail * bsize) / 1_000_000)} MB`
}

async function openBlob(key: string, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw failure('blob.missing', { key }, { cause: error })
    throw failure('blob.unusable', { detail: (error as Error).message }, { cause: error })
  }
}

async function read(
  key: string,
  path: string,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted()
  const file = await openBlob(key, path)
  try {
    const block = Buffer.allocUnsafeSlow(length)
    return block.subarray(0, await readInto(file, block, offset))
  } finally {
    await file.close()
  }
}

/** Fills the block; answers how much there was. */
async function readInto(file: FileHandle, block: Uint8Array, offset: number): Promise<number> {
  let done = 0
  while (done < block.length) {
    const { bytesRead } = await file.read(block, done, block.length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}

async function* stream(key: string, path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await openBlob(key, path)
  try {
    for (let offset = 0; ;) {
      signal?.throwIfAborted()
      const block = Buffer.allocUnsafeSlow(blockBytes)
      const length = await readInto(file, block, offset)
      if (length > 0) yield block.subarray(0, length)
      if (length < blockBytes) return
      offset += length
    }
  } finally {
    await file.close()
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(unlessMissing)
  return stats?.isFile() === true ? stats.size : undefined
}

async function* list(root: string, folder: string): AsyncGenerator<string> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessMissing)) ?? []
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) yield relative(root, file).split(sep).join('/')
}

async function sweep(folder: string, before: number): Promise<number> {
  let removed = 0
  for (const name of (await readdir(folder).catch(unlessMissing)) ?? []) {
    const path = join(folder, name)
    const stats = await stat(path).catch(unlessMissing)
    if (stats === undefined || stats.mtimeMs >= before) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}
