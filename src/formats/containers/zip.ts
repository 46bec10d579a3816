// Reads an archive: its directory is checked before anything is unpacked, and every byte that comes out is counted.
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { caps } from '../../core/caps.ts'
import { SluiceError } from '../../core/problem.ts'
import { failure } from '../../core/problems.ts'
import type { RandomBytes } from './bytes.ts'

export interface ArchiveEntry {
  /** A text to show and to choose by, with / between folders; never used as a path. */
  readonly name: string
  readonly folder: boolean
  /** Unpacked, as the directory says; unpacking fails where that is not true. */
  readonly bytes: number
  readonly entry: Entry
}

export interface Archive {
  readonly entries: readonly ArchiveEntry[]
  /** The content of one file. Throws `container.damaged`, `container.encrypted`, `file.inflated_too_large`. */
  content(entry: ArchiveEntry): AsyncGenerator<Uint8Array>
}

const blockBytes = 1 << 18

/** Throws `container.damaged`, `container.too_many_entries` and, for entries that share bytes, `container.bomb`. */
export async function openArchive(bytes: RandomBytes): Promise<Archive> {
  const yauzl = await import('yauzl')
  const reader = new (class extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(blocks(bytes, start, end), { objectMode: false })
    }
  })()
  const entries: ArchiveEntry[] = []
  let zip: ZipFile
  try {
    zip = await yauzl.fromRandomAccessReaderPromise(reader, bytes.size, {
      autoClose: false,
      decodeStrings: false,
    })
    if (zip.entryCount > caps.archiveEntries)
      throw failure('container.too_many_entries', { count: zip.entryCount, limit: caps.archiveEntries })
    for await (const entry of zip.eachEntry()) entries.push(entryOf(entry, yauzl.getFileNameLowLevel))
  } catch (error) {
    throw damaged(error)
  }
  refuseOverlaps(entries)
  return { entries, content: (entry) => contentOf(zip, entry) }
}

async function* blocks(bytes: RandomBytes, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += blockBytes) yield await bytes.read(at, Math.min(end, at + blockBytes))
}

type NameOf = (flags: number, name: Buffer, extra: Entry['extraFields'], strict: boolean) => string

function entryOf(entry: Entry, nameOf: NameOf): ArchiveEntry {
  const text = nameOf(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
  const parts = text.replaceAll('\\', '/').split('/')
  const name = parts
    .filter((part) => !/^\.{0,2}$/.test(part))
    .join('/')
    .replaceAll(/\p{Cc}/gu, '?')
  return { name, folder: parts.at(-1) === '', bytes: entry.uncompressedSize, entry }
}

/** Files of an archive stand one after the other; where many share the same bytes, little unpacks to endlessly much. */
function refuseOverlaps(entries: readonly ArchiveEntry[]): void {
  const spans = entries.map(({ entry }) => ({
    start: entry.relativeOffsetOfLocalHeader,
    end: entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameLength + entry.compressedSize,
  }))
  spans.sort((a, b) => a.start - b.start)
  for (let i = 1; i < spans.length; i++)
    if (spans[i]!.start < spans[i - 1]!.end)
      throw failure('container.bomb', {
        kind: 'zip',
        detail: 'several of its files are made of the same bytes',
      })
}

async function* contentOf(zip: ZipFile, { name, entry }: ArchiveEntry): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) throw failure('container.encrypted', { name })
  if (!entry.canDecodeFileData())
    throw failure('container.not_supported', {
      what: `an archive that compresses ${name} by method ${entry.compressionMethod}`,
    })
  let found = 0
  let sum = 0
  try {
    const stream = await zip.openReadStreamPromise(entry)
    for await (const block of stream as AsyncIterable<Buffer>) {
      found += block.length
      sum = crc32(block, sum)
      refuseTooMuch(found, entry.compressedSize)
      yield block
    }
  } catch (error) {
    throw damaged(error)
  }
  if (sum !== entry.crc32) throw damaged(new Error(`the check sum of ${name} is wrong`))
}

/** Design section 12: so many bytes at most, and so many per byte of the file. */
export function refuseTooMuch(bytes: number, packed: number): void {
  const ratio = bytes / Math.max(packed, 1)
  const bomb = bytes > caps.ratioFloor && ratio > caps.inflatedRatio
  if (bytes <= caps.inflatedBytes && !bomb) return
  const limit = bytes > caps.inflatedBytes ? caps.inflatedBytes : bytes
  throw failure('file.inflated_too_large', { limit, ratio: Math.round(ratio) })
}

function damaged(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return failure(
    'container.damaged',
    { kind: 'zip', detail: `${detail.replace(/\.+$/, '')}.` },
    { cause: error },
  )
}
