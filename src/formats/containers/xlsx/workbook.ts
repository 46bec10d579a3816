// Opens an Excel workbook: which sheets it has, where their parts are, and how its dates count.
import { failure } from '../../../core/problems.ts'
import { attribute, broken, walkXml } from '../xml.ts'
import type { Archive, ArchiveEntry } from '../zip.ts'

export interface SheetPlace {
  readonly name: string
  readonly hidden: boolean
  readonly entry: ArchiveEntry
}

export interface Workbook {
  readonly archive: Archive
  readonly sheets: readonly SheetPlace[]
  readonly strings: ArchiveEntry | null
  readonly styles: ArchiveEntry | null
  /** Days are counted from 1904, as old Macs did. */
  readonly from1904: boolean
}

interface Relation {
  /** The last word of its type: worksheet, sharedStrings, styles… */
  readonly type: string
  readonly target: string
}

/** True for an archive that is a workbook of this kind. Throws `container.not_supported` for its relatives. */
export function isWorkbook({ entries }: Archive): boolean {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name)
  const refuse = (what: string): never => {
    throw failure('container.not_supported', { what })
  }
  if (has('xl/workbook.bin')) refuse('a binary Excel workbook (.xlsb)')
  if (has('word/document.xml')) refuse('a Word document')
  if (has('ppt/presentation.xml')) refuse('a PowerPoint presentation')
  if (has('mimetype') && has('content.xml')) refuse('an OpenDocument file (.ods)')
  if (has('Index/Document.iwa')) refuse('an Apple Numbers or Pages document')
  return has('[Content_Types].xml') && entries.some(({ name }) => name.startsWith('xl/'))
}

/** Throws `container.damaged` where a part that it names is missing. */
export async function openWorkbook(archive: Archive): Promise<Workbook> {
  const root = await relationsOf(archive, '_rels/.rels', '')
  const main = [...root.values()].find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const relations = await relationsOf(archive, `${folder}_rels/${main.slice(folder.length)}.rels`, folder)
  const listed: { name: string; hidden: boolean; relation: string }[] = []
  let from1904 = false
  await walkXml(archive.content(entryOf(archive, main)), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet') return
      const state = attribute(attributes, 'state') ?? 'visible'
      listed.push({
        name: attribute(attributes, 'name') ?? `Sheet${listed.length + 1}`,
        hidden: state !== 'visible',
        relation: attribute(attributes, 'id') ?? '',
      })
    },
    close() {},
    text() {},
  })
  // Charts stand among the sheets too.
  const sheets = listed.flatMap(({ name, hidden, relation }) => {
    const found = relations.get(relation)
    return found?.type === 'worksheet' ? [{ name, hidden, entry: entryOf(archive, found.target) }] : []
  })
  const part = (type: string): ArchiveEntry | null => {
    const found = [...relations.values()].find((one) => one.type === type)
    return archive.entries.find(({ name }) => name === found?.target) ?? null
  }
  return { archive, sheets, strings: part('sharedStrings'), styles: part('styles'), from1904 }
}

function entryOf(archive: Archive, name: string): ArchiveEntry {
  const found = archive.entries.find((entry) => entry.name === name)
  if (found === undefined) throw broken(`its part ${name} is missing`)
  return found
}

async function relationsOf(archive: Archive, file: string, folder: string): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>()
  const entry = archive.entries.find(({ name }) => name === file)
  if (entry === undefined) return relations
  await walkXml(archive.content(entry), {
    open(name, attributes) {
      if (name !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return
      const target = attribute(attributes, 'Target') ?? ''
      relations.set(attribute(attributes, 'Id') ?? '', {
        type: (attribute(attributes, 'Type') ?? '').split('/').at(-1)!,
        target: target.startsWith('/') ? target.slice(1) : resolved(folder, target),
      })
    },
    close() {},
    text() {},
  })
  return relations
}

function resolved(folder: string, target: string): string {
  const parts: string[] = []
  for (const part of `${folder}${target}`.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  return parts.join('/')
}
