// What kind of container a file is, by its first bytes: names and extensions are not believed.
import type { Dialect } from '../../core/dialect.ts'
import { failure } from '../../core/problems.ts'

/** Excel workbook, Parquet table, archive of files. */
export type ContainerKind = 'xlsx' | 'parquet' | 'zip'

/** One thing inside a container that can be imported by itself. */
export interface Part {
  readonly name: string
  readonly noun: 'sheet' | 'table' | 'file'
  /** Hidden by whoever made the workbook; taken only when it is named. */
  readonly hidden: boolean
  readonly empty: boolean
  /** Bytes when unpacked, as the container says; null: it does not say. */
  readonly bytes: number | null
}

export interface ContainerInfo {
  readonly kind: ContainerKind
  readonly parts: readonly Part[]
}

/** What is known of how a part is read, whatever a person says: its cells are text already. */
export function partHints(noun: Part['noun']): Partial<Dialect> {
  if (noun === 'file') return {}
  const rows = { format: 'rows', encoding: 'utf-8' } as const
  return noun === 'sheet' ? rows : { ...rows, skipLines: 0, headerLines: 1, trailerLines: 0 }
}

/** So many first bytes tell what kind of file it is. */
export const headBytes = 16

/**
 * True for a file that must be unpacked in parts: what it is exactly is known when it is opened.
 * Throws `container.not_supported` for kinds of files that are known by their beginning and cannot be read.
 */
export function isContainer(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, headBytes)).toString('latin1')
  if (containers.some((start) => start.test(text))) return true
  const known = others.find(([start]) => start.test(text))
  if (known !== undefined) throw failure('container.not_supported', { what: known[1] })
  return false
}

// Bytes that no text file begins with: a CSV file may well begin with PAR1 or ORC.
// oxlint-disable no-control-regex
const containers = [
  // An archive may begin with its first file, with the mark of a part, or, when empty, with its directory.
  /^PK(\x03\x04|\x05\x06|\x07\x08)/,
  /^PAR[1E][\x00-\x08\x0e-\x1f\x80-\xff]/,
  /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/,
]

const others: readonly (readonly [RegExp, string])[] = [
  [/^7z\xbc\xaf\x27\x1c/, 'a 7-Zip archive'],
  [/^Rar!\x1a\x07/, 'a RAR archive'],
  [/^%PDF-\d/, 'a PDF document'],
  [/^Obj\x01/, 'an Avro file'],
  [/^ORC[\x00-\x08\x0e-\x1f\x80-\xff]/, 'an ORC file'],
  [/^ARROW1\x00/, 'an Arrow file'],
  [/^BZh[1-9]1AY&SY/, 'compressed with bzip2'],
  [/^\xfd7zXZ\x00/, 'compressed with xz'],
  [/^SQLite format 3\x00/, 'a SQLite database'],
]
// oxlint-enable no-control-regex
