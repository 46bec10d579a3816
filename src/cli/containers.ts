// Sheets, tables and archived files as sources of a command: which of them, and where their content comes from.
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { failure } from '../core/problems.ts'
import { inflate } from '../formats/compression.ts'
import {
  headBytes,
  isContainer,
  partHints,
  type ContainerInfo,
  type Part,
} from '../formats/containers/kind.ts'
import { peek } from '../formats/peek.ts'
import { fileSource, type FileSource } from './sources.ts'
import { note } from './terminal.ts'

export interface PartOptions {
  readonly sheet?: readonly string[]
  readonly member?: readonly string[]
}

/** What a command does about several sheets that nobody chose among. */
export type Several = (sheets: readonly Part[]) => Promise<readonly Part[]>

/** Takes all of them. */
export const allSheets: Several = (sheets) => Promise.resolve(sheets)

/** The parts to take. Throws `container.part_missing`, `container.nothing_inside`, and what `several` throws. */
export async function chosenParts(
  file: string,
  { kind, parts }: ContainerInfo,
  { sheet, member }: PartOptions,
  several: Several,
): Promise<readonly Part[]> {
  if (kind === 'parquet') return parts
  if (kind === 'zip') return chosenFiles(file, parts, member)
  if (sheet !== undefined) return sheet.map((wanted) => namedSheet(file, parts, wanted))
  const filled = parts.filter(({ hidden, empty }) => !hidden && !empty)
  if (filled.length > 1) return several(filled)
  if (filled.length === 0)
    throw failure('container.nothing_inside', { kind, found: 'only empty or hidden sheets' })
  return filled
}

function namedSheet(file: string, parts: readonly Part[], wanted: string): Part {
  const same = (name: string): boolean => name.toLowerCase() === wanted.toLowerCase()
  const found =
    parts.find(({ name }) => name === wanted) ??
    parts.find(({ name }) => same(name)) ??
    (/^\d+$/.test(wanted) ? parts[Number(wanted) - 1] : undefined)
  return found ?? missing('sheet', wanted, file, parts)
}

/** What an archive holds besides data, by the look of its name. */
const data = /\.(csv|tsv|tab|psv|txt|dat|json|jsonl|ndjson|xlsx|parquet)(\.(gz|zst))?$/i
const remarks = /(^|\/)(readme|license|licence|manifest|checksums?|changelog)[^/]*$/i

function chosenFiles(file: string, parts: readonly Part[], patterns: readonly string[] | undefined): Part[] {
  const likely = parts.filter(({ name }) => data.test(name) && !remarks.test(name))
  const wanted =
    patterns === undefined
      ? likely.length > 0
        ? likely
        : parts
      : patterns.flatMap((pattern) => {
          const found = parts.filter(({ name }) => fits(pattern, name))
          return found.length > 0 ? found : missing('file', pattern, file, parts)
        })
  const taken = [...new Set(wanted)].filter(({ empty }) => !empty)
  const left = parts.filter((part) => !taken.includes(part))
  if (patterns === undefined && left.length > 0)
    note(
      `${file}: passed over ${names(left)}${left.every(({ empty }) => empty) ? ' (empty)' : '; --member takes a file all the same'}.`,
    )
  if (taken.length === 0)
    throw failure('container.nothing_inside', { kind: 'zip', found: 'only empty files' })
  return taken
}

/** `*` and `?` as in a shell; a pattern without a folder is held against the name alone. */
function fits(pattern: string, name: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  const whole = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i')
  return whole.test(name) || (!pattern.includes('/') && whole.test(name.split('/').at(-1)!))
}

function missing(noun: string, wanted: string, file: string, parts: readonly Part[]): never {
  throw failure('container.part_missing', { noun, wanted, file, names: names(parts) })
}

/** The first few names, for a sentence. */
export function names(parts: readonly Part[]): string {
  const shown = parts.slice(0, 10).map(({ name }) => name)
  return parts.length > shown.length
    ? `${shown.join(', ')} and ${parts.length - shown.length} more`
    : shown.join(', ')
}

/** True for a file that is imported in parts. Its beginning is read; `source` must be one that can be opened again. */
export async function isPacked(source: FileSource): Promise<boolean> {
  return (await packing(source)).packed
}

async function packing(source: FileSource): Promise<{ packed: boolean; compressed: boolean }> {
  const { compression, content } = await inflate(source.open())
  const { sample, close } = await peek(content, headBytes)
  await close()
  return { packed: isContainer(sample), compressed: compression !== 'none' }
}

/**
 * Calls `use` with the sources, each container replaced by its chosen parts. Everything can be opened again and
 * again until `use` ends.
 */
export async function withParts<T>(
  sources: readonly FileSource[],
  options: PartOptions,
  use: (sources: readonly FileSource[]) => Promise<T>,
): Promise<T> {
  const scratch = new Scratch()
  try {
    const parts: FileSource[] = []
    for (const source of sources) parts.push(...(await expanded(source, options, scratch)))
    return await use(parts)
  } finally {
    await scratch.clear()
  }
}

async function expanded(
  source: FileSource,
  options: PartOptions,
  scratch: Scratch,
  inside = false,
): Promise<FileSource[]> {
  const file = source.bytes === null ? await scratch.keep(source, source.open()) : source
  const { packed, compressed } = await packing(file)
  if (!packed) return [file]
  const { fileBytes } = await import('../formats/containers/bytes.ts')
  const { lookInside, unpackPart } = await import('../formats/containers/unpack.ts')
  const plain = compressed
    ? await scratch.keep(file, Readable.from((await inflate(file.open())).content))
    : file
  const bytes = await fileBytes(plain.at!)
  scratch.later(() => bytes.close())
  const info = await lookInside(bytes)
  if (inside && info.kind === 'zip') throw failure('container.nested', { name: source.name })
  const parts: FileSource[] = []
  for (const part of await chosenParts(source.name, info, options, allSheets)) {
    const one: FileSource = {
      ...partNames(source, info, part),
      path: source.path,
      bytes: null,
      hints: partHints(part.noun),
      open: () => Readable.from(unpackPart(bytes, part.name)),
    }
    parts.push(...(part.noun === 'file' ? await expanded(one, options, scratch, true) : [one]))
  }
  return parts
}

/** The table of a Parquet file and the only sheet of a workbook are called like their file. */
function partNames(source: FileSource, { parts }: ContainerInfo, part: Part): { name: string; flag: string } {
  const visible = parts.filter(({ hidden, empty }) => !hidden && !empty)
  const alone =
    part.noun === 'table' || (part.noun === 'sheet' && visible.length === 1 && visible[0] === part)
  if (alone) return { name: source.name, flag: source.flag ?? '' }
  const flag = ` --${part.noun === 'sheet' ? 'sheet' : 'member'} ${JSON.stringify(part.name)}`
  return { name: `${source.name}/${part.name}`, flag: `${source.flag ?? ''}${flag}` }
}

/** Temporary files and what else is to be let go when a command ends. */
class Scratch {
  readonly #ends: (() => Promise<void>)[] = []

  later(end: () => Promise<void>): void {
    this.#ends.push(end)
  }

  /** The same source with its content in a temporary file. */
  async keep(source: FileSource, content: Readable): Promise<FileSource> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-input-'))
    this.later(() => rm(folder, { recursive: true, force: true }))
    const at = join(folder, 'input')
    await pipeline(content, createWriteStream(at, { mode: 0o600 }))
    const { size } = await stat(at)
    const kept = fileSource(at, size)
    return { ...source, bytes: size, at, open: () => kept.open() }
  }

  async clear(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}
