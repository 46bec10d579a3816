// A folder below the root given at start: files that arrive there. Nothing in it is ever moved, changed or deleted.
import { constants } from 'node:fs'
import { lstat, open, opendir, realpath, stat, type FileHandle } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { isPassedOver, matchName, parseFilePattern, type FilePattern } from '../core/filePattern.ts'
import { failure } from '../core/problems.ts'
import { folderSchema, leadsDown, type FolderSource } from '../core/setup/source.ts'
import {
  sameVersion,
  type FileVersion,
  type Findings,
  type PassedOverWhy,
  type SourceFile,
} from '../core/sourceFile.ts'
import type { Connector, OpenedFile, SourceIo } from './contract.ts'

const blockBytes = 256 * 1024

export const folder: Connector<FolderSource> = {
  kind: 'folder',
  title: 'Files in a folder',
  summary: 'A folder below the root the server was started with: another program puts files there.',
  capabilities: { editableWhileActive: true, canSample: true, canArrive: true },
  options: folderSchema,
  check: async (options, io) => void (await locate(options, io)),
  find,
  open: openFile,
}

/** The folder as it really is, below the real root; both without links. */
interface Place {
  readonly root: string
  readonly folder: string
}

async function locate({ path, pattern }: FolderSource, io: SourceIo): Promise<Place> {
  patternOf(pattern)
  if (io.root === null) throw failure('source.no_root')
  const root = await realpath(io.root).catch((error: unknown) => {
    throw failure('source.root_unusable', { root: io.root, detail: reason(error) }, { cause: error })
  })
  if (!leadsDown(path)) throw failure('source.path_invalid', { path })
  const given = join(root, path)
  const found = await realpath(given).catch((error: unknown) => refuse(error, path, io.root!))
  if (!isInside(root, found)) throw failure('source.outside', { path })
  if (await isOfOthers(root, found, io)) throw failure('source.of_others', { path })
  if (!(await stat(found)).isDirectory()) throw failure('source.folder_missing', { path, root: io.root })
  return { root, folder: found }
}

function patternOf(pattern: string): FilePattern {
  const parsed = parseFilePattern(pattern)
  if (typeof parsed === 'string') throw failure('source.pattern_invalid', { pattern, detail: parsed })
  return parsed
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** Whose a file or folder is, is told by where it lies, behind all links. */
async function isOfOthers(root: string, path: string, io: SourceIo): Promise<boolean> {
  const first = relative(root, path).split(sep)[0]!
  return first !== '' && io.ofOthers(first)
}

function refuse(error: unknown, path: string, root: string): never {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR')
    throw failure('source.folder_missing', { path: path === '' ? '.' : path, root }, { cause: error })
  throw failure('source.unreadable', { path, detail: reason(error) }, { cause: error })
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return 'Sluice may not read it.'
  if (code === 'ENOENT') return 'it is not there.'
  if (code === 'ELOOP') return 'it is a link.'
  if (code === 'EIO' || code === 'ESTALE') return 'the disk or share does not answer.'
  return message
}

interface Candidate {
  readonly name: string
  readonly date: string | null
}

async function find(options: FolderSource, io: SourceIo, signal?: AbortSignal): Promise<Findings> {
  const place = await locate(options, io)
  const names = await namesIn(place, options, signal)
  const pattern = patternOf(options.pattern)
  const markers = markersOf(options.marker, names)
  const files: SourceFile[] = []
  const passedOver: { path: string; why: PassedOverWhy }[] = []
  for (const name of names) {
    const match = isPassedOver(name, options.pattern) ? null : matchName(pattern, name)
    if (match === null || markers.has(name)) continue
    signal?.throwIfAborted()
    const found = await look(place, options, { name, date: match.date }, io)
    const path = pathOf(options, name)
    if (typeof found === 'string') passedOver.push({ path, why: found })
    else if (found !== null) files.push(found)
  }
  files.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.path < b.path ? -1 : 1))
  return { files, passedOver }
}

async function namesIn(
  { folder: path }: Place,
  options: FolderSource,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  try {
    for await (const entry of await opendir(path, { bufferSize: 256 })) {
      signal?.throwIfAborted()
      if (!entry.isDirectory()) names.add(entry.name)
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw failure('source.unreadable', { path: options.path, detail: reason(error) }, { cause: error })
  }
  return names
}

function pathOf({ path }: FolderSource, name: string): string {
  const folderPath = path.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
  return folderPath === '' || folderPath === '.' ? name : `${folderPath}/${name}`
}

function markerOf(marker: string, name: string): string {
  return marker.replaceAll('{name}', name).replaceAll('{stem}', name.replace(/\.[^.]*$/, ''))
}

/** The names that are markers of what lies there: they fit a pattern such as * themselves. */
function markersOf(marker: string | null, names: ReadonlySet<string>): ReadonlySet<string> {
  if (marker === null) return new Set()
  return new Set([...names].map((name) => markerOf(marker, name)))
}

/** The file, why it is not taken, or null where it went away meanwhile. */
async function look(
  place: Place,
  options: FolderSource,
  { name, date }: Candidate,
  io: SourceIo,
): Promise<SourceFile | PassedOverWhy | null> {
  const real = await realpath(join(place.folder, name)).catch(() => null)
  if (real === null) return null
  if (!isInside(place.root, real)) return 'outside'
  if (dirname(real) !== place.folder && (await isOfOthers(place.root, real, io))) return 'outside'
  const stats = await lstat(real, { bigint: true }).catch(() => null)
  if (stats === null) return null
  if (!stats.isFile()) return 'not_a_file'
  const version = versionOf(stats)
  if (version.bytes === 0) return 'empty'
  const { maxAgeHours, marker } = options
  if (maxAgeHours !== null && io.now() * 1000 - version.modified > maxAgeHours * 3_600e6) return 'too_old'
  if (marker !== null && !(await isMarked(place, markerOf(marker, name), version))) return 'no_marker'
  const order = date ?? String(version.modified).padStart(17, '0')
  return { path: pathOf(options, name), name, version, order }
}

/** A marker that is older than its file belongs to the file that was there before. */
async function isMarked(place: Place, name: string, version: FileVersion): Promise<boolean> {
  const stats = await lstat(join(place.folder, name), { bigint: true }).catch(() => null)
  return stats !== null && versionOf(stats).modified >= version.modified
}

function versionOf(stats: BigIntStats): FileVersion {
  return { bytes: Number(stats.size), modified: Number(stats.mtimeNs / 1000n) }
}

/**
 * Opens a file so that nobody can put another one in its place: links are not followed, and what was opened is the
 * very file that stands below the root.
 */
async function openFile(options: FolderSource, file: SourceFile, io: SourceIo): Promise<OpenedFile> {
  const { root, folder: path } = await locate(options, io)
  const real = await realpath(join(path, file.name)).catch((error: unknown) => gone(file, error))
  if (!isInside(root, real)) throw failure('source.outside', { path: file.path })
  if (dirname(real) !== path && (await isOfOthers(root, real, io)))
    throw failure('source.of_others', { path: file.path })
  // Without O_NONBLOCK, a named pipe would be waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(real, flags).catch((error: unknown) => gone(file, error))
  try {
    const stats = await handle.stat({ bigint: true })
    const again = await realpath(real).catch((error: unknown) => gone(file, error))
    const there = await lstat(again, { bigint: true }).catch((error: unknown) => gone(file, error))
    if (!isInside(root, again)) throw failure('source.outside', { path: relative(root, real) })
    if (there.ino !== stats.ino || there.dev !== stats.dev)
      throw failure('source.changed', { path: file.path })
    if (!stats.isFile())
      throw failure('source.unreadable', { path: file.path, detail: 'it is not a regular file.' })
    return opened(handle, { ...file, version: versionOf(stats) })
  } catch (error) {
    await handle.close()
    throw error
  }
}

function gone(file: SourceFile, error: unknown): never {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    throw failure('source.file_gone', { path: file.path }, { cause: error })
  throw failure('source.unreadable', { path: file.path, detail: reason(error) }, { cause: error })
}

function opened(handle: FileHandle, file: SourceFile): OpenedFile {
  const version = file.version!
  return {
    file,
    content: (signal) => content(handle, file, version, signal),
    random: {
      size: version.bytes,
      read: (start, end) => readAt(handle, start, Math.min(end, version.bytes) - start),
    },
    close: () => handle.close(),
  }
}

async function* content(
  handle: FileHandle,
  file: SourceFile,
  version: FileVersion,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (;;) {
    signal?.throwIfAborted()
    const block = await readAt(handle, at, blockBytes).catch((error: unknown) => gone(file, error))
    if (block.length === 0) break
    at += block.length
    yield block
  }
  const now = versionOf(await handle.stat({ bigint: true }))
  if (at !== version.bytes || !sameVersion(now, version)) throw failure('source.changed', { path: file.path })
}

async function readAt(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(Math.max(0, length))
  let filled = 0
  while (filled < block.length) {
    const { bytesRead } = await handle.read(block, filled, block.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return block.subarray(0, filled)
}
