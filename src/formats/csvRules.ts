// A dialect compiled for scanning: one table says what each unit may be, so that most are passed by a single look.
import type { Dialect } from '../core/dialect.ts'
import { failure } from '../core/problems.ts'
import type { Codec } from './encoding.ts'
import type { Units } from './window.ts'

/** What a unit may be. Ordinary units cost one look; `several` begins something longer than itself. */
export const kinds = {
  ordinary: 0,
  high: 1,
  lead: 2,
  nul: 3,
  quote: 4,
  escape: 5,
  delimiter: 6,
  lf: 7,
  cr: 8,
  several: 9,
} as const

export interface CsvRules {
  readonly codec: Codec
  readonly table: Uint8Array
  readonly delimiter: readonly number[]
  /** Null for auto: LF, CRLF and CR alike. */
  readonly row: readonly number[] | null
  /** -1: none. */
  readonly quote: number
  /** -1: none. The quote itself where quotes are doubled. */
  readonly escape: number
  readonly quoteText: string
  readonly escapeText: string
  /** A line feed that ends no row still ends a physical line (rows end with CRLF). */
  readonly countsLf: boolean
}

const auto = 'auto'

export function csvRules(dialect: Dialect, codec: Codec): CsvRules {
  const quoted = dialect.quote !== ''
  const rules = {
    codec,
    table: new Uint8Array(codec.width === 1 ? 0x100 : 0x10000),
    delimiter: unitsOf(dialect.delimiter, codec),
    row: dialect.rowDelimiter === auto ? null : unitsOf(dialect.rowDelimiter, codec),
    quote: quoted ? single(dialect.quote, 'quote', codec) : -1,
    escape: quoted && dialect.escape !== '' ? single(dialect.escape, 'escape', codec) : -1,
    quoteText: dialect.quote,
    escapeText: dialect.escape,
    countsLf: dialect.rowDelimiter.length > 1 && dialect.rowDelimiter.includes('\n'),
  }
  refuseClashes(dialect)
  fillTable(rules)
  return rules
}

function unitsOf(text: string, codec: Codec): number[] {
  const bytes = codec.encode(text)
  if (codec.width === 1) return [...bytes]
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(i * 2)).map((unit) =>
    codec.bigEndian ? ((unit & 0xff) << 8) | (unit >> 8) : unit,
  )
}

function single(text: string, what: string, codec: Codec): number {
  const units = unitsOf(text, codec)
  if (units.length !== 1) {
    const detail = `the ${what} ${text} takes several bytes in ${codec.name}; it must take one.`
    throw failure('file.dialect_invalid', { detail })
  }
  return units[0]!
}

function refuseClashes(dialect: Dialect): void {
  const { delimiter, quote, rowDelimiter } = dialect
  const rows = rowDelimiter === auto ? ['\n', '\r'] : [rowDelimiter]
  const clash =
    (quote !== '' && delimiter.includes(quote) && 'the delimiter has the quote in it.') ||
    (quote !== '' && rows.some((row) => row.includes(quote)) && 'the row delimiter has the quote in it.') ||
    (rows.some((row) => delimiter.startsWith(row)) && 'the delimiter begins like the end of a row.')
  if (clash !== false) throw failure('file.dialect_invalid', { detail: clash })
}

function fillTable(rules: CsvRules): void {
  const { table, codec, row, delimiter } = rules
  if (codec.width === 1) markBytes(table, codec)
  // Half a surrogate pair is no character: cells with surrogates are checked.
  else table.fill(kinds.high, 0xd800, 0xe000)
  table[0] = kinds.nul
  if (rules.escape >= 0) table[rules.escape] = kinds.escape
  if (rules.quote >= 0) table[rules.quote] = kinds.quote
  table[delimiter[0]!] = delimiter.length === 1 ? kinds.delimiter : kinds.several
  if (row === null) {
    table[10] = kinds.lf
    table[13] = kinds.cr
  } else {
    if (rules.countsLf) table[10] = kinds.several
    table[row[0]!] = kinds.several
  }
}

function markBytes(table: Uint8Array, codec: Codec): void {
  for (let byte = 0; byte < 256; byte++)
    table[byte] =
      codec.lead?.[byte] === 1 ? kinds.lead : codec.plain[byte] === 1 ? kinds.ordinary : kinds.high
}

/** -1: the units end before it can be decided. */
export function matches(units: Units, at: number, end: number, wanted: readonly number[]): 1 | 0 | -1 {
  for (let k = 0; k < wanted.length; k++) {
    if (at + k >= end) return -1
    if (units[at + k] !== wanted[k]) return 0
  }
  return 1
}

/** Whether a unit may be the second half of a two-byte character: never a comma, quote or line end. */
export function isTrail(unit: number | undefined, gb: boolean): boolean {
  return unit !== undefined && ((unit >= 0x40 && unit !== 0x7f) || (gb && unit >= 0x30 && unit <= 0x39))
}
