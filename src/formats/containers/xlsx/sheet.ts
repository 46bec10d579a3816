// Reads one sheet as lines of JSON: line 18 is row 18 of the sheet, and an empty row is an empty line.
import { caps } from '../../../core/caps.ts'
import { cellError, uncalculated } from '../../rowText.ts'
import { attribute, broken, textOf, XmlWalk, type XmlHandler } from '../xml.ts'
import type { ArchiveEntry } from '../zip.ts'
import { cellText } from './cellText.ts'
import { readStrings, unescaped } from './strings.ts'
import { readLooks, type Look } from './styles.ts'
import type { Workbook } from './workbook.ts'

/** Rows of the largest sheet there is. */
const rowsMax = 1_048_576
const blockChars = 1 << 17
/** The rows of a sheet in blocks of text. Throws `container.damaged`, `container.too_large`, `container.bomb`. */
export async function* sheetRows(workbook: Workbook, sheet: ArchiveEntry): AsyncGenerator<Uint8Array> {
  const rows = new SheetRows(await readStrings(workbook), await readLooks(workbook), workbook.from1904)
  const walk = new XmlWalk(rows)
  // What follows the rows is not looked at, but unpacked: only then is it known to be undamaged.
  for await (const text of textOf(workbook.archive.content(sheet))) {
    if (rows.done) continue
    for (let more = text; !walk.push(more); more = '') yield rows.take()
  }
  if (!rows.done) walk.finish()
  if (rows.lines !== '') yield rows.take()
}

/** False as soon as the beginning of the sheet has a value; a sheet of a megabyte of formats is taken as filled. */
export async function isEmptySheet(workbook: Workbook, sheet: ArchiveEntry): Promise<boolean> {
  let filled = false
  let inValue = false
  let read = 0
  const walk = new XmlWalk({
    open: (name) => (inValue = name === 'v' || name === 't'),
    close: () => (inValue = false),
    text: (text) => (filled ||= inValue && text !== ''),
  })
  for await (const text of textOf(workbook.archive.content(sheet))) {
    walk.push(text)
    read += text.length
    if (filled || read > 1 << 20) return false
  }
  return true
}

class SheetRows implements XmlHandler {
  /** What is read and not yet taken. */
  lines = ''
  done = false
  readonly #strings: readonly (string | null)[]
  readonly #looks: readonly Look[]
  readonly #from1904: boolean
  #row = 0
  #cells: string[] = []
  #length = 0
  #column = 0
  #type = 'n'
  #look: Look = 'number'
  #value: string | null = null
  #formula = false
  #spoken = 0
  #capture = false

  constructor(strings: readonly (string | null)[], looks: readonly Look[], from1904: boolean) {
    this.#strings = strings
    this.#looks = looks
    this.#from1904 = from1904
  }

  take(): Uint8Array {
    const block = Buffer.from(this.lines)
    this.lines = ''
    return block
  }

  full(): boolean {
    return this.lines.length > blockChars
  }

  open(name: string, attributes: string): void {
    if (name === 'c') this.#openCell(attributes)
    else if (name === 'v' || name === 't') {
      this.#capture = this.#spoken === 0
      if (this.#capture) this.#value ??= ''
    } else if (name === 'f') this.#formula = true
    else if (name === 'row') this.#openRow(attributes)
    else if (name === 'rPh') this.#spoken++
  }

  close(name: string): void {
    if (name === 'c') this.#closeCell()
    else if (name === 'v' || name === 't') this.#capture = false
    else if (name === 'row') this.#closeRow()
    else if (name === 'rPh') this.#spoken--
    else if (name === 'sheetData') this.done = true
  }

  text(piece: string): void {
    if (this.#capture && this.#value !== null && this.#value.length <= caps.fieldBytes) this.#value += piece
  }

  #openRow(attributes: string): void {
    const given = attribute(attributes, 'r')
    const row = given === undefined ? this.#row + 1 : Number(given)
    if (!(row > this.#row && row <= rowsMax)) throw broken(`row ${given} follows row ${this.#row}`)
    this.lines += '\n'.repeat(row - this.#row - 1)
    this.#row = row
    this.#cells = []
    this.#length = 0
    this.#column = 0
  }

  #openCell(attributes: string): void {
    const place = attribute(attributes, 'r')
    this.#column = place === undefined ? this.#column + 1 : columnOf(place)
    this.#type = attribute(attributes, 't') ?? 'n'
    this.#look = this.#looks[Number(attribute(attributes, 's') ?? 0)] ?? 'number'
    this.#value = null
    this.#formula = false
  }

  #closeCell(): void {
    const cell = this.#cell()
    // A row that is too large is left unfinished; the reader refuses it for its size or its number of cells.
    if (cell === null || this.#length > caps.recordBytes || this.#cells.length > caps.columns) return
    if (this.#column <= this.#cells.length) throw broken(`row ${this.#row} has its cells in disorder`)
    while (this.#cells.length < Math.min(this.#column - 1, caps.columns)) this.#cells.push('null')
    this.#cells.push(cell)
    this.#length += cell.length + 1
  }

  #closeRow(): void {
    this.lines += this.#cells.length === 0 ? '\n' : `[${this.#cells.join(',')}]\n`
  }

  /** The cell as JSON; null: it is empty. */
  #cell(): string | null {
    const value = this.#value
    if (this.#formula && (value ?? '') === '' && this.#type !== 'str')
      return JSON.stringify({ [cellError]: uncalculated })
    if (value === null || value === '') return null
    switch (this.#type) {
      case 's':
        return this.#shared(value)
      case 'b':
        return value === '0' || value === 'false' ? '"false"' : '"true"'
      case 'e':
        return JSON.stringify({ [cellError]: value })
      case 'str':
      case 'inlineStr':
        return JSON.stringify(unescaped(value))
      case 'd':
        return JSON.stringify(value)
      default:
        return jsonOf(cellText(value, this.#look, this.#from1904))
    }
  }

  #shared(number: string): string | null {
    const text = this.#strings[Number(number)]
    if (text === undefined) throw broken(`row ${this.#row} names text ${number}, which is not there`)
    return text
  }
}

function jsonOf(text: string): string | null {
  return text === '' ? null : JSON.stringify(text)
}

/** `AB12` → 28. */
function columnOf(place: string): number {
  let column = 0
  for (let i = 0; i < place.length; i++) {
    const letter = place.charCodeAt(i) & 0xdf
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  if (column === 0 || column > 16_384) throw broken(`there is no cell ${place.slice(0, 20)}`)
  return column
}
