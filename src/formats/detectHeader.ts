// Tells header, preamble and trailer of a CSV sample from its records.
import type { RawRecord } from '../core/dialect.ts'
import type { DetectNote } from './detectNote.ts'

const numberLike = /^[+-]?[\d.,' ]*\d[%€$£]?$/
const dateLike = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ].*)?$/
const emailLike = /^[^@\s]+@[^@\s]+\.[^@\s]+$/
const idLike = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i
const flagLike = /^(true|false|yes|no|ja|nein|y|n)$/i

type Look = 'number' | 'date' | 'email' | 'id' | 'flag' | 'text' | 'blank'

function lookOf(cell: string): Look {
  const value = cell.trim()
  if (value === '') return 'blank'
  if (dateLike.test(value)) return 'date'
  if (numberLike.test(value)) return 'number'
  if (emailLike.test(value)) return 'email'
  if (idLike.test(value)) return 'id'
  return flagLike.test(value) ? 'flag' : 'text'
}

const looked = 100

/** 1 or 0 header lines: a header looks unlike the values below it. In doubt there is one, as files for people have. */
export function guessHeader(records: readonly RawRecord[], notes: DetectNote[]): number {
  const [first, ...rest] = records.slice(0, looked)
  const cells = first?.cells
  if (cells === undefined || cells === null) return 1
  const below = rest.flatMap((record) => (record.cells?.length === cells.length ? [record.cells] : []))
  const votes = cells.map((cell, k) =>
    vote(
      cell ?? '',
      below.map((row) => row[k] ?? ''),
    ),
  )
  const sum = votes.reduce((a, b) => a + b, 0)
  const header = sum === 0 ? !cells.some((cell) => isData(cell ?? '')) : sum > 0
  const certainty = sum === 0 ? 'open' : 'likely'
  notes.push({ about: 'header', certainty, text: header ? 'the first line names the columns' : 'no header' })
  return header ? 1 : 0
}

function isData(cell: string): boolean {
  const look = lookOf(cell)
  return look === 'number' || look === 'date' || look === 'email' || look === 'id'
}

/** Positive: the first cell names the column. Negative: it is one of its values. */
function vote(first: string, below: readonly string[]): number {
  const look = lookOf(first)
  const looks = below.map(lookOf).filter((l) => l !== 'blank')
  if (looks.length === 0) return isData(first) ? -1 : 0
  const alike = looks.filter((l) => l === look).length / looks.length
  if (look === 'text') {
    if (alike <= 0.2) return 2
    return below.includes(first) ? -1 : 0
  }
  if (look === 'blank') return 0
  return alike >= 0.5 ? -2 : alike <= 0.2 ? 1 : 0
}

/** Lines before the header: those of another width, or with a single cell filled where the header has all. */
export function preambleLines(
  records: readonly RawRecord[],
  width: number,
  delimiter: string,
  notes: DetectNote[],
): number {
  const head = records.slice(0, 30)
  const at = head.findIndex((record) => record.cells?.length === width && (width < 3 || filled(record) > 1))
  if (at <= 0 || head.slice(0, at).some((record) => isDamagedHeader(record, width, delimiter))) return 0
  const lines = head[at]!.line - 1
  const text = `${lines} ${lines === 1 ? 'line' : 'lines'} before the header`
  notes.push({ about: 'preamble', certainty: 'likely', text })
  return lines
}

function filled(record: RawRecord): number {
  return record.cells?.filter((cell) => (cell ?? '').trim() !== '').length ?? 0
}

/** Nearly as wide as the rest: a header off by a field, or with a broken quote, must not be passed over. */
function isDamagedHeader(record: RawRecord, width: number, delimiter: string): boolean {
  if (record.cells !== null) return record.cells.length > Math.max(1, width / 2) && filled(record) > 2
  const fields = Buffer.from(record.raw!).toString('latin1').split(delimiter).length
  return fields > Math.max(1, width / 2)
}

const closing =
  /^\W*((grand |sub)?totals?|sum|summe|gesamt|insgesamt|count|anzahl|records?|rows?|end of (file|report|data)|eof|trailer|trl?)\b|^\(\d+ rows?\)/i

/** Lines at the end that sum up; told by their words, since a short last line may as well be a file cut off. */
export function trailerLines(records: readonly RawRecord[], width: number, notes: DetectNote[]): number {
  const last = records.at(-1)
  const tail = records.slice(1).slice(-3)
  const first = tail.find((record) => isTrailer(record, width))
  if (last === undefined || first === undefined) return 0
  const lines = last.line - first.line + 1
  notes.push({
    about: 'trailer',
    certainty: 'likely',
    text: lines === 1 ? '1 line at the end is no record' : `${lines} lines at the end are no records`,
  })
  return lines
}

function isTrailer(record: RawRecord, width: number): boolean {
  const cells = record.cells
  if (cells === null || cells.length === 0) return false
  const blank = cells.filter((cell) => (cell ?? '').trim() === '').length
  const sparse = cells.length !== width || blank * 2 >= width
  return sparse && width > 1 && closing.test((cells[0] ?? '').trim())
}
