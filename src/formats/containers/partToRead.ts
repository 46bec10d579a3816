// Which part of a workbook or an archive a job reads: the one it names, or the only one with content.
import { failure } from '../../core/problems.ts'
import type { ContainerInfo, Part } from './kind.ts'
import { nameList } from './parts.ts'

/**
 * The part to read. Throws `source.several_sheets` where nobody chose among several, `container.part_missing` and
 * `container.nothing_inside`.
 */
export function partToRead(file: string, { kind, parts }: ContainerInfo, wanted: string | null): Part {
  if (wanted !== null) {
    const same = (name: string): boolean => name.toLowerCase() === wanted.toLowerCase()
    const found = parts.find(({ name }) => name === wanted) ?? parts.find(({ name }) => same(name))
    if (found !== undefined) return found
    const noun = kind === 'zip' ? 'file' : 'sheet'
    throw failure('container.part_missing', { noun, wanted, file, names: nameList(parts) })
  }
  const filled = parts.filter(({ hidden, empty }) => !hidden && !empty)
  if (filled.length > 1) throw failure('source.several_sheets', { file, names: nameList(filled) })
  if (filled[0] === undefined)
    throw failure('container.nothing_inside', { kind, found: 'only empty or hidden parts' })
  return filled[0]
}

/** The table of a Parquet file and the only sheet of a workbook are called like their file. */
export function partFileName(fileName: string, { parts }: ContainerInfo, part: Part): string {
  if (part.noun === 'table') return fileName
  const seen = parts.filter(({ hidden, empty }) => !hidden && !empty)
  const only = part.noun === 'sheet' && seen.length === 1 && seen[0]!.name === part.name
  return only ? fileName : `${fileName}/${part.name}`
}
