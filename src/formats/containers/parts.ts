// Opens a container: what is inside, and the content of one part as it lands.
import type { SluiceError } from '../../core/problem.ts'
import { failure } from '../../core/problems.ts'
import type { RandomBytes } from './bytes.ts'
import type { ContainerInfo, Part } from './kind.ts'
import { tableRows, tableSize } from './parquet/table.ts'
import { openArchive, refuseTooMuch, type Archive } from './zip.ts'
import { isEmptySheet, sheetRows } from './xlsx/sheet.ts'
import { isWorkbook, openWorkbook, type Workbook } from './xlsx/workbook.ts'

/** What archives carry along that nobody put there: folders of macOS, thumbnails of Windows. */
const litter = /(^|\/)(__MACOSX\/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)/i

type Opened =
  | { readonly kind: 'parquet' }
  | { readonly kind: 'xlsx'; readonly workbook: Workbook }
  | { readonly kind: 'zip'; readonly archive: Archive }

/** What is inside. Throws `container.damaged` and the other problems of containers. */
export async function describeContainer(bytes: RandomBytes): Promise<ContainerInfo> {
  const opened = await openContainer(bytes)
  const parts = await partsOf(opened, bytes)
  if (parts.length > 0) return { kind: opened.kind, parts }
  const found = opened.kind === 'xlsx' ? 'no sheets' : 'no files'
  throw failure('container.nothing_inside', { kind: opened.kind, found })
}

/**
 * The content of a part: of a sheet and a table rows of cells, of an archive's file its bytes. Throws
 * `container.part_missing`, and while reading `container.damaged`, `container.bomb`, `file.inflated_too_large`…
 */
export async function* partContent(bytes: RandomBytes, name: string): AsyncGenerator<Uint8Array> {
  const opened = await openContainer(bytes)
  let found = 0
  for await (const block of contentOf(opened, bytes, name)) {
    found += block.length
    refuseTooMuch(found, bytes.size)
    yield block
  }
}

async function openContainer(bytes: RandomBytes): Promise<Opened> {
  const head = Buffer.from(await bytes.read(0, 8))
  if (head.toString('latin1', 0, 3) === 'PAR') return { kind: 'parquet' }
  if (head[0] === 0xd0) throw await compoundProblem(bytes)
  const archive = await openArchive(bytes)
  if (!isWorkbook(archive)) return { kind: 'zip', archive }
  return { kind: 'xlsx', workbook: await openWorkbook(archive) }
}

/** The container that Excel used before 2007 and still uses around a workbook with a password. */
async function compoundProblem(bytes: RandomBytes): Promise<SluiceError> {
  const head = Buffer.from(await bytes.read(0, 1 << 20)).toString('latin1')
  const tail = Buffer.from(await bytes.read(Math.max(0, bytes.size - (1 << 20)), bytes.size)).toString(
    'latin1',
  )
  // Names of its parts are in UTF-16.
  const has = (name: string): boolean => [head, tail].some((text) => text.includes(name.split('').join('\0')))
  if (has('EncryptedPackage')) return failure('container.encrypted', { name: 'The workbook' })
  if (has('Workbook') || has('Book')) return failure('container.old_excel')
  return failure('container.not_supported', { what: 'an old Office document' })
}

async function partsOf(opened: Opened, bytes: RandomBytes): Promise<Part[]> {
  if (opened.kind === 'parquet')
    return [
      { name: 'table', noun: 'table', hidden: false, empty: (await tableSize(bytes)) === 0, bytes: null },
    ]
  if (opened.kind === 'zip')
    return files(opened.archive).map((entry) => ({
      name: entry.name,
      noun: 'file',
      hidden: false,
      empty: entry.bytes === 0,
      bytes: entry.bytes,
    }))
  const parts: Part[] = []
  for (const { name, hidden, entry } of opened.workbook.sheets)
    parts.push({
      name,
      noun: 'sheet',
      hidden,
      empty: await isEmptySheet(opened.workbook, entry),
      bytes: null,
    })
  return parts
}

function files({ entries }: Archive): Archive['entries'] {
  return entries.filter(({ name, folder }) => !folder && name !== '' && !litter.test(name))
}

function contentOf(opened: Opened, bytes: RandomBytes, name: string): AsyncGenerator<Uint8Array> {
  if (opened.kind === 'parquet') return tableRows(bytes)
  if (opened.kind === 'xlsx') {
    const { workbook } = opened
    const sheet = workbook.sheets.find((one) => one.name === name) ?? missing('sheet', name, workbook.sheets)
    return sheetRows(workbook, sheet.entry)
  }
  const { archive } = opened
  const file = files(archive).find((one) => one.name === name) ?? missing('file', name, files(archive))
  return archive.content(file)
}

function missing(noun: string, wanted: string, there: readonly { readonly name: string }[]): never {
  throw failure('container.part_missing', { noun, wanted, file: 'the file', names: nameList(there) })
}

/** The first few names, for a sentence. */
export function nameList(parts: readonly { readonly name: string }[]): string {
  const names = parts.slice(0, 20).map(({ name }) => name)
  return parts.length > names.length
    ? `${names.join(', ')} and ${parts.length - names.length} more`
    : names.join(', ')
}
