// The files a command works on: names, patterns, or - for standard input.
import { createReadStream } from 'node:fs'
import { glob, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import type { UploadView } from '../client/types.gen.ts'
import type { Dialect } from '../core/dialect.ts'
import { failure } from '../core/problems.ts'

export interface FileSource {
  /** As it is shown and as the job is called. */
  readonly name: string
  readonly path: string | null
  /** Bytes; null: standard input, nobody knows. */
  readonly bytes: number | null
  /** Where its bytes are on this machine, when they can be read at any place. */
  readonly at?: string
  /** Of a part of a container: the flags that choose it, and how it is read whatever else is said. */
  readonly flag?: string
  readonly hints?: Partial<Dialect>
  /** The upload it is already. */
  readonly landed?: UploadView
  open(): Readable
}

/** Every file the arguments mean, in their order. Throws `usage.file_missing` for one that is not there. */
export async function sourcesOf(args: readonly string[]): Promise<FileSource[]> {
  const sources: FileSource[] = []
  for (const arg of args) sources.push(...(arg === '-' ? [standardInput] : await filesOf(arg)))
  return sources
}

const standardInput: FileSource = { name: 'stdin', path: null, bytes: null, open: () => process.stdin }

async function filesOf(arg: string): Promise<FileSource[]> {
  const stats = await stat(arg).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw failure('usage.file_unreadable', { file: arg, detail: error.message })
  })
  if (stats === undefined) return matches(arg)
  // A pipe such as <(zcat …) is a file that tells no size.
  if (stats.isDirectory())
    throw failure('usage.file_unreadable', { file: arg, detail: `it is a folder; try ${arg}/*` })
  return [fileSource(arg, stats.isFile() ? stats.size : null)]
}

async function matches(pattern: string): Promise<FileSource[]> {
  const found: FileSource[] = []
  if (/[*?[{]/.test(pattern))
    for await (const path of glob(pattern)) {
      const stats = await stat(path)
      if (stats.isFile()) found.push(fileSource(path, stats.size))
    }
  if (found.length === 0) throw failure('usage.file_missing', { file: pattern })
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A file of this machine; `bytes` is null for a pipe, which can be read but once. */
export function fileSource(path: string, bytes: number | null): FileSource {
  return {
    name: basename(path),
    path,
    bytes,
    ...(bytes === null ? {} : { at: path }),
    open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
  }
}
