// Looks at the beginning of a file and says how it is to be read. Every guess can be overridden by a hint.
import { dialectSchema, type Dialect } from '../core/dialect.ts'
import { failure } from '../core/problems.ts'
import type { DetectNote } from './detectNote.ts'
import { nameColumns, numberedColumns } from './columns.ts'
import { detectEncoding } from './detectEncoding.ts'
import { codecFor } from './encoding.ts'
import { guessHeader, preambleLines, trailerLines } from './detectHeader.ts'
import { detectRows, looksLikeRows } from './detectRows.ts'
import { guessShape } from './detectShape.ts'
import { readAll } from './reader.ts'

export type { DetectNote } from './detectNote.ts'

export interface Detected {
  readonly dialect: Dialect
  /** Distinct names, in the order of the file; for JSON the keys seen in the sample. */
  readonly columns: string[]
  readonly notes: readonly DetectNote[]
}

export interface DetectOptions {
  /** The sample is the whole file: only then are trailer lines looked for. */
  readonly whole?: boolean
}

/** More than this says nothing new about a file's shape. */
const sampleBytes = 1 << 18

/**
 * The dialect and columns of a file that begins with `sample` (inflated; 64 KiB or more is good).
 * Throws `file.empty`, `file.header_broken`, `file.encoding_unknown`, `file.dialect_invalid`.
 */
export function detectDialect(
  sample: Uint8Array,
  hints: Partial<Dialect> = {},
  options: DetectOptions = {},
): Detected {
  const notes: DetectNote[] = []
  const whole = options.whole === true && sample.length <= sampleBytes
  const encoding = encodingOf(sample, hints, notes)
  const bytes = wholeLines(sample.subarray(0, sampleBytes), whole, codecFor(encoding).width)
  const text = codecFor(encoding).decode(Buffer.from(bytes)) ?? Buffer.from(bytes).toString('latin1')
  if (text.replace(/^\ufeff/, '').trim() === '') throw failure('file.empty')
  const format = hints.format ?? formatOf(text)
  if (format === 'rows') {
    notes.push({ about: 'format', certainty: 'sure', text: 'rows of cells' })
    return { ...detectRows(bytes, { ...hints, format, encoding }, notes, whole), notes }
  }
  if (format !== 'csv') return detectJson(bytes, { ...hints, format, encoding }, notes)
  return detectCsv(bytes, text.replace(/^\ufeff/, ''), { ...hints, format, encoding }, notes, whole)
}

/** The same with everything given: only the columns are read. */
export function columnsOf(sample: Uint8Array, dialect: Dialect): string[] {
  return detectDialect(sample, dialect).columns
}

function encodingOf(sample: Uint8Array, hints: Partial<Dialect>, notes: DetectNote[]): string {
  const guess = detectEncoding(sample.subarray(0, sampleBytes))
  if (hints.encoding !== undefined) {
    const { name } = codecFor(hints.encoding)
    // UTF-16 is named without its byte order as a rule; the file's mark knows it.
    return name.startsWith('utf-16') && guess.bom && guess.encoding.startsWith('utf-16')
      ? guess.encoding
      : name
  }
  const text = guess.bom ? `${guess.encoding}, marked as such` : guess.encoding
  notes.push({ about: 'encoding', certainty: guess.certainty, text })
  return guess.encoding
}

/** Leaves out the line that the end of the sample cuts, unless it is the only one. */
function wholeLines(sample: Uint8Array, whole: boolean, width: 1 | 2): Uint8Array {
  if (whole) return sample
  const end = Math.max(sample.lastIndexOf(10), width === 1 ? sample.lastIndexOf(13) : -1) + 1
  if (end === 0) return sample.subarray(0, sample.length - (sample.length % width))
  return sample.subarray(0, end + (end % width))
}

function formatOf(text: string): Dialect['format'] {
  const start = text.replace(/^\ufeff/, '').trimStart()
  if (looksLikeRows(start)) return 'rows'
  if (/^\[\s*(\{|\]\s*$)/.test(start)) return 'json'
  if (!/^\{\s*("|\}|$)/.test(start)) return 'csv'
  const firstLine = start.slice(0, start.search(/[\r\n]|$/)).trimEnd()
  return firstLine.endsWith('}') ? 'jsonl' : 'json'
}

function detectJson(bytes: Uint8Array, hints: Partial<Dialect>, notes: DetectNote[]): Detected {
  const dialect = dialectSchema.parse(hints)
  const columns: string[] = []
  readAll(bytes, dialect, { columns, limit: 1000 })
  const text = dialect.format === 'json' ? 'a JSON list of objects' : 'JSON, one object a line'
  notes.push({ about: 'format', certainty: 'sure', text })
  return { dialect, columns, notes }
}

function detectCsv(
  bytes: Uint8Array,
  text: string,
  hints: Partial<Dialect>,
  notes: DetectNote[],
  whole: boolean,
): Detected {
  const excel = /^sep=([^\r\n]{1,16})(\r\n|\r|\n)/i.exec(text)
  const base = dialectSchema.parse({
    ...hints,
    skipLines: hints.skipLines ?? (excel === null ? 0 : 1),
    headerLines: 0,
    trailerLines: 0,
    onBad: 'quarantine',
  })
  const shape = guessShape(bytes, text, base, {
    ...hints,
    ...(excel === null || hints.delimiter !== undefined ? {} : { delimiter: excel[1]! }),
  })
  const { records, width } = shape
  notes.push(...shape.notes)
  const skipped =
    hints.skipLines === undefined ? preambleLines(records, width, shape.dialect.delimiter, notes) : 0
  const body = records.filter((record) => record.line > skipped)
  const headerLines = hints.headerLines ?? guessHeader(body, notes)
  const trailer = hints.trailerLines ?? (whole ? trailerLines(body, width, notes) : 0)
  const dialect: Dialect = {
    ...shape.dialect,
    skipLines: Math.max(base.skipLines, skipped),
    headerLines,
    trailerLines: trailer,
    onBad: hints.onBad ?? 'quarantine',
  }
  const first = body[0]
  if (headerLines === 0) return { dialect, columns: numberedColumns(width), notes }
  if (first === undefined) throw failure('file.empty')
  if (first.bad !== null) throw failure('file.header_broken', { line: first.line, detail: first.bad.message })
  return { dialect, columns: nameColumns(first.cells!), notes }
}
