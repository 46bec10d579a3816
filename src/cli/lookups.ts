// `--lookup COLUMN=FILE`: a table of two columns, read before the flags are applied; it is stored with the mapping.
import { readFile, stat } from 'node:fs/promises'
import { failure } from '../core/problems.ts'
import type { LookupFlag, TransformFlags } from '../core/transformFlags.ts'
import { lookupEntriesMax } from '../core/transform/stepSchema.ts'

const bytesMax = 8 << 20

/** The options with their lookup tables read. Throws `lookup.unusable` and `usage.file_unreadable`. */
export async function withLookups<T extends { readonly lookup?: readonly string[] }>(
  options: T,
): Promise<T & Pick<TransformFlags, 'lookupTables'>> {
  if (options.lookup === undefined) return options
  const lookupTables: LookupFlag[] = []
  for (const text of options.lookup) lookupTables.push(await lookupOf(text))
  return { ...options, lookupTables }
}

async function lookupOf(text: string): Promise<LookupFlag> {
  const at = text.indexOf('=')
  if (at <= 0)
    throw failure('mapping.flag_invalid', {
      flag: '--lookup',
      value: text,
      detail: 'it needs a column, an equals sign, and a file',
      example: '--lookup "Country=countries.csv"',
    })
  const file = text.slice(at + 1)
  return { column: text.slice(0, at), table: await tableIn(file) }
}

/** The first column is what stands in the cell, the second what it becomes; there is a header. */
async function tableIn(file: string): Promise<Record<string, string>> {
  const bytes = await bytesOf(file)
  const { detectDialect } = await import('../formats/detect.ts')
  const { readAll } = await import('../formats/reader.ts')
  const { dialect, columns } = detectDialect(bytes, {}, { whole: true })
  if (columns.length !== 2)
    throw failure('lookup.unusable', { file, detail: `it has ${columns.length} columns, not two` })
  const table = new Map<string, string>()
  for (const { cells, line } of readAll(bytes, dialect, { columns: [...columns] })) {
    const [from, to] = cells?.map((cell) => cell?.trim() ?? '') ?? []
    if (from === undefined || from === '') continue
    if (table.has(from) && table.get(from) !== to)
      throw failure('lookup.unusable', {
        file,
        detail: `"${from}" stands in it twice (again in line ${line})`,
      })
    table.set(from, to ?? '')
    if (table.size > lookupEntriesMax)
      throw failure('lookup.unusable', { file, detail: `it has more than ${lookupEntriesMax} lines` })
  }
  return Object.fromEntries(table)
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > bytesMax) throw failure('lookup.unusable', { file, detail: 'it is larger than 8 MB' })
    return await readFile(file)
  } catch (error) {
    if (!(error instanceof Error) || !('errno' in error)) throw error
    throw failure('usage.file_unreadable', { file, detail: error.message })
  }
}
