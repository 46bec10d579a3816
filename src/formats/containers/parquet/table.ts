// Reads a Parquet file as lines of JSON: the first names the columns, each further one is a row.
import type { FileMetaData, RowGroup, SchemaTree } from 'hyparquet'
import { caps } from '../../../core/caps.ts'
import { SluiceError } from '../../../core/problem.ts'
import { failure } from '../../../core/problems.ts'
import type { RandomBytes } from '../bytes.ts'
import { ColumnPages, damaged, loadHyparquet, tooLarge, type Page } from './pages.ts'
import { valueKind, type ValueKind } from './values.ts'

type Hyparquet = Awaited<ReturnType<typeof loadHyparquet>>

/** A file's directory is far smaller; one of this size is no directory. */
const directoryMax = 64 * 2 ** 20
/** Lists and maps of a row group are held as a whole. */
const repeatedMax = 256 * 2 ** 20
const blockChars = 1 << 17

/** A column of the landing: one leaf of the file's schema, or a field with lists in it as JSON. */
interface Column {
  readonly name: string
  readonly node: SchemaTree
  readonly repeated: boolean
}

interface Table {
  readonly lib: Hyparquet
  readonly metadata: FileMetaData
  readonly root: SchemaTree
  readonly columns: readonly Column[]
}

/** Rows of the file, as its directory says. Throws `container.damaged`, `container.encrypted`, `container.too_large`. */
export function tableSize(bytes: RandomBytes): Promise<number> {
  return told(async () => Number((await openTable(bytes)).metadata.num_rows))
}

/** The lines of the landing. Throws also `container.bomb`. */
export async function* tableRows(bytes: RandomBytes): AsyncGenerator<Uint8Array> {
  const table = await told(() => openTable(bytes))
  yield Buffer.from(`${JSON.stringify(table.columns.map(({ name }) => name))}\n`)
  for (const group of table.metadata.row_groups) {
    const sources = await told(() =>
      Promise.all(table.columns.map((column) => sourceOf(table, bytes, group, column))),
    )
    yield* groupLines(sources, Number(group.num_rows))
  }
}

async function* groupLines(sources: readonly CellSource[], rows: number): AsyncGenerator<Uint8Array> {
  let lines = ''
  for (let row = 0; row < rows; row++) {
    let line = ''
    for (const source of sources) {
      if (source.at >= source.cells.length) await told(() => source.refill())
      // A row that is too large is cut: the reader refuses it for its size.
      if (line.length <= caps.recordBytes) line += `${line === '' ? '' : ','}${source.cells[source.at]!}`
      source.at++
    }
    lines += `[${line}]\n`
    if (lines.length < blockChars) continue
    yield Buffer.from(lines)
    lines = ''
  }
  if (lines !== '') yield Buffer.from(lines)
}

async function openTable(bytes: RandomBytes): Promise<Table> {
  const end = Buffer.from(await bytes.read(bytes.size - 8, bytes.size))
  if (end.toString('latin1', 4) === 'PARE') throw failure('container.encrypted', { name: 'The Parquet file' })
  if (bytes.size < 12 || end.toString('latin1', 4) !== 'PAR1') throw damaged('its end is missing')
  if (end.readUInt32LE(0) > directoryMax) throw tooLarge('a directory', end.readUInt32LE(0), directoryMax)
  const lib = await loadHyparquet()
  const file = {
    byteLength: bytes.size,
    slice: async (from: number, to = bytes.size) => Uint8Array.from(await bytes.read(from, to)).buffer,
  }
  const metadata = await lib.parquetMetadataAsync(file, { geoparquet: false })
  const root = lib.parquetSchema(metadata)
  const columns = root.children.flatMap((child) => columnsOf(lib, child))
  if (columns.length === 0)
    throw failure('container.nothing_inside', { kind: 'Parquet', found: 'no columns' })
  return { lib, metadata, root, columns }
}

/** Fields of a structure get the names of both, with a dot; a field with lists or maps in it stays one column. */
function columnsOf(lib: Hyparquet, node: SchemaTree): Column[] {
  const repeats = (one: SchemaTree): boolean =>
    one.element.repetition_type === 'REPEATED' || one.children.some(repeats)
  if (repeats(node)) return [{ name: node.path.join('.'), node, repeated: true }]
  if (node.children.length === 0) return [{ name: node.path.join('.'), node, repeated: false }]
  return node.children.flatMap((child) => columnsOf(lib, child))
}

/** Cells of one column as JSON, a page at a time. */
interface CellSource {
  cells: readonly string[]
  at: number
  refill(): Promise<void>
}

async function sourceOf(
  table: Table,
  bytes: RandomBytes,
  group: RowGroup,
  column: Column,
): Promise<CellSource> {
  const leaves = group.columns.flatMap(({ meta_data: meta }) =>
    meta !== undefined && column.node.path.every((part, i) => meta.path_in_schema[i] === part) ? [meta] : [],
  )
  if (leaves.length === 0) throw damaged(`its column ${column.name} is missing`)
  const pages = leaves.map((meta) => new ColumnPages(table.lib, bytes, meta, table.root))
  if (column.repeated) return { cells: await nestedCells(table.lib, pages, column), at: 0, refill: ended }
  const [leaf] = pages
  const kind = valueKind(column.node.element)
  let words: { of: readonly unknown[]; cells: readonly string[] } = { of: [], cells: [] }
  const source: CellSource = {
    cells: [],
    at: 0,
    async refill() {
      const page = await leaf!.next()
      if (page === null) return ended()
      if (words.of !== leaf!.dictionary)
        words = { of: leaf!.dictionary, cells: leaf!.dictionary.map((raw) => cellOf(raw, kind)) }
      source.cells = flatCells(page, leaf!.definitionMax, kind, words.cells)
      source.at = 0
      if (source.cells.length === 0) await source.refill()
    },
  }
  return source
}

async function ended(): Promise<void> {
  await Promise.reject(damaged('a column has fewer rows than the others'))
}

function cellOf(raw: unknown, { text }: ValueKind): string {
  const value = text(raw)
  return value === null ? 'null' : JSON.stringify(value.isWellFormed() ? value : value.toWellFormed())
}

function flatCells(page: Page, definitionMax: number, kind: ValueKind, words: readonly string[]): string[] {
  const { values, definition, byDictionary, count } = page
  const cells: string[] = []
  let next = 0
  for (let i = 0; i < count; i++) {
    if (definition !== null && definition[i] !== definitionMax) cells.push('null')
    else {
      const raw = values[next++]
      if (raw === undefined) throw damaged('a page has fewer values than it says')
      const cell = byDictionary ? words[raw as number] : cellOf(raw, kind)
      if (cell === undefined) throw damaged('a page names a value that its dictionary does not have')
      cells.push(cell)
    }
  }
  return cells
}

/** Lists, maps and structures around them, each row's as one JSON text. */
async function nestedCells(
  lib: Hyparquet,
  leaves: readonly ColumnPages[],
  column: Column,
): Promise<string[]> {
  const assembled = new Map<string, unknown[]>()
  let held = 0
  for (const leaf of leaves) {
    const kind = valueKind(leaf.path.at(-1)!.element)
    const rows: unknown[] = []
    for (let page = await leaf.next(); page !== null; page = await leaf.next()) {
      const values = Array.from(page.values, (raw) => {
        const word = page.byDictionary ? leaf.dictionary[raw as number] : raw
        const text = jsonOf(word, kind)
        held += text.length + 16
        return text
      })
      if (held > repeatedMax) throw tooLarge(`a column ${column.name} with lists`, held, repeatedMax)
      lib.assembleLists(rows, [...(page.definition ?? [])], [...page.repetition], values, leaf.path)
    }
    assembled.set(
      leaf.path
        .slice(1)
        .map(({ element }) => element.name)
        .join('.'),
      rows,
    )
  }
  lib.assembleNested(assembled as never, column.node, null as never)
  const rows = assembled.get(column.node.path.join('.'))
  if (rows === undefined) throw damaged(`its column ${column.name} cannot be put together`)
  return rows.map((row) => (row === null || row === undefined ? 'null' : JSON.stringify(jsonText(row))))
}

/** A value as JSON: what `jsonText` joins. */
function jsonOf(raw: unknown, { text, literal }: ValueKind): string {
  const value = text(raw)
  if (value === null) return 'null'
  return literal && value !== 'Infinity' && value !== '-Infinity' ? value : JSON.stringify(value)
}

/** Joins values that are JSON already; keys of maps among them. */
function jsonText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (value === null || typeof value !== 'object') return 'null'
  const members = Object.entries(value).map(([key, one]) => {
    const name = /^".*"$/s.test(key) ? key : JSON.stringify(key)
    return `${name}:${jsonText(one)}`
  })
  return `{${members.join(',')}}`
}

/** What the library throws is about the file. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SluiceError) throw error
    throw failure(
      'container.damaged',
      { kind: 'Parquet', detail: `${error instanceof Error ? error.message : String(error)}.` },
      { cause: error },
    )
  }
}
