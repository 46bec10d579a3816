// Guesses delimiter, quote and escape of a CSV file: the shape under which most records have the same width.
import type { Dialect, RawRecord } from '../core/dialect.ts'
import type { DetectNote } from './detectNote.ts'
import { readAll } from './reader.ts'

/** In order of preference where two fit equally well. */
const delimiters = [
  ',',
  ';',
  '\t',
  '|',
  '\u001f',
  '\u001e',
  '\u0001',
  '||',
  '::',
  ';;',
  '|~|',
  '^|^',
  '~|~',
  '#|#',
  '^',
  '~',
  ' ',
]

const named: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'space',
  '\u001e': 'record separator (1E)',
  '\u001f': 'unit separator (1F)',
  '\u0001': 'start of heading (01)',
}

export interface Shape {
  readonly dialect: Dialect
  readonly records: readonly RawRecord[]
  /** Fields that most records have. */
  readonly width: number
  readonly notes: DetectNote[]
}

interface Candidate {
  readonly dialect: Dialect
  readonly records: readonly RawRecord[]
  readonly width: number
  /** Share of the records that have this width. */
  readonly share: number
}

const sampleRecords = 500
/** Below this share no delimiter is believed: the file has a single column. */
const believed = 0.6

export function guessShape(bytes: Uint8Array, text: string, base: Dialect, hints: Partial<Dialect>): Shape {
  const rows = { ...base, rowDelimiter: hints.rowDelimiter ?? rowDelimiterOf(text) }
  const tried =
    hints.delimiter === undefined
      ? delimiters.filter((d) => text.includes(d) && fits(d, rows))
      : [hints.delimiter]
  const candidates = tried.map((delimiter) => withQuotes(bytes, text, { ...rows, delimiter }, hints))
  const best = pick(candidates) ?? (hints.delimiter === undefined ? null : candidates[0]!)
  if (best === null) return singleColumn(bytes, text, rows, hints)
  const { dialect, records, width, share } = best
  const delimiter = named[dialect.delimiter] ?? JSON.stringify(dialect.delimiter)
  const certainty = hints.delimiter !== undefined || share >= 0.95 ? 'sure' : 'likely'
  const notes: DetectNote[] = [{ about: 'delimiter', certainty, text: `${delimiter}, ${width} fields` }]
  if (dialect.quote !== '"' || dialect.escape !== '"') notes.push(quoteNote(dialect))
  return { dialect, records, width, notes }
}

function fits(delimiter: string, dialect: Dialect): boolean {
  return delimiter !== dialect.rowDelimiter && !(dialect.quote !== '' && delimiter.includes(dialect.quote))
}

/** The separators that ASCII has for this, where there is no line end at all. */
function rowDelimiterOf(text: string): string {
  return /[\r\n]/.test(text) || !text.includes('\u001e') || !text.includes('\u001f') ? 'auto' : '\u001e'
}

function quoteNote(dialect: Dialect): DetectNote {
  if (dialect.quote === '') return { about: 'quote', certainty: 'likely', text: 'quotes are plain text' }
  const how = dialect.escape === dialect.quote ? 'doubled' : `escaped by ${dialect.escape}`
  return { about: 'quote', certainty: 'likely', text: `${dialect.quote}, ${how} inside` }
}

function measure(bytes: Uint8Array, dialect: Dialect): Candidate {
  const records = readAll(bytes, dialect, { columns: [], limit: sampleRecords })
  const counts = new Map<number, number>()
  for (const { cells } of records)
    if (cells !== null) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [width, most] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0]
  return { dialect, records, width, share: records.length === 0 ? 0 : most / records.length }
}

/** The best quoting for one delimiter. Another than the usual must be clearly better. */
function withQuotes(bytes: Uint8Array, text: string, base: Dialect, hints: Partial<Dialect>): Candidate {
  const quote = hints.quote ?? '"'
  const escape = hints.escape ?? (quote === '' ? '' : quote)
  let best = measure(bytes, { ...base, quote, escape })
  const attempt = (dialect: Dialect, gain: number): void => {
    if (best.width > 1 && best.share === 1 && gain > 0) return
    const other = measure(bytes, dialect)
    if (other.width > 1 && other.share >= best.share + gain) best = other
  }
  if (hints.escape === undefined && quote !== '' && text.includes(`\\${quote}`))
    attempt({ ...base, quote, escape: '\\' }, 0.001)
  if (hints.quote === undefined) {
    if (singleQuoted(text, base.delimiter)) attempt({ ...base, quote: "'", escape: hints.escape ?? "'" }, 0)
    if (quotesAreText(text, best)) attempt({ ...base, quote: '', escape: '' }, 0.2)
  }
  return best
}

/** More records are broken by a quote than fields begin with one. */
function quotesAreText(text: string, { dialect, records }: Candidate): boolean {
  const broken = records.filter((record) => record.bad?.code.startsWith('read.quote') === true).length
  return broken > text.split(`${dialect.delimiter}"`).length - 1
}

/** Apostrophes around most fields of the first lines, and no other quotes. */
function singleQuoted(text: string, delimiter: string): boolean {
  if (text.includes('"')) return false
  const starts = text.split(`${delimiter}'`).length - 1
  const ends = text.split(`'${delimiter}`).length - 1
  return starts >= 2 && starts + ends >= 4 && Math.abs(starts - ends) <= (starts + ends) / 2
}

function pick(candidates: readonly Candidate[]): Candidate | null {
  const plausible = candidates.filter(
    (c) =>
      c.width > 1 && c.share >= believed && (c.dialect.delimiter !== ' ' || (c.width > 2 && c.share === 1)),
  )
  const rated = plausible.map((c) => ({ c, rate: c.share * (headerFits(c) ? 1 : 0.8) }))
  const best = Math.max(...rated.map(({ rate }) => rate))
  const close = rated.filter(({ rate }) => rate >= best - 0.02).map(({ c }) => c)
  const other = close.filter((c) => c.dialect.delimiter !== ' ')
  const among = other.length > 0 ? other : close
  const widest = among.toSorted((a, b) => b.width - a.width)[0]
  if (widest === undefined) return null
  // With the half of a doubled delimiter every second field is empty.
  return (
    among.find(
      (c) => c.dialect.delimiter === widest.dialect.delimiter.repeat(2) && c.width * 2 - 1 === widest.width,
    ) ?? widest
  )
}

/** The first record that may be a header has the width of the rest. */
function headerFits(candidate: Candidate): boolean {
  const first = candidate.records.find((record) => record.cells === null || record.cells.length > 1)
  return first?.cells?.length === candidate.width
}

function singleColumn(bytes: Uint8Array, text: string, base: Dialect, hints: Partial<Dialect>): Shape {
  const delimiter =
    [',', ';', '\t', '|', '\u001f', '\u001e'].find((d) => !text.includes(d) && d !== base.rowDelimiter) ?? ','
  const { dialect, records } = withQuotes(bytes, text, { ...base, delimiter }, hints)
  const note: DetectNote = { about: 'delimiter', certainty: 'likely', text: 'none: a single column' }
  return { dialect, records, width: 1, notes: [note] }
}
