// The dialect flags, the same on import, inspect and convert.
import type { Dialect } from '../core/dialect.ts'
import { failure } from '../core/problems.ts'
import { codecFor } from './encoding.ts'

export interface DialectFlag<K extends keyof Dialect = keyof Dialect> {
  /** Without the dashes; its camel case is the key of the dialect. */
  readonly flag: string
  readonly key: K
  readonly argument: string
  readonly description: string
  /** Throws `file.flag_invalid`. */
  readonly parse: (text: string) => Dialect[K]
}

/** Texts for characters that are hard to type. */
const words: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
  space: ' ',
  colon: ':',
  rs: '\u001e',
  us: '\u001f',
  lf: '\n',
  crlf: '\r\n',
  cr: '\r',
  auto: 'auto',
  none: '',
  double: '"',
  single: "'",
  backslash: '\\',
}

/** A character as it can be typed: itself, a word (`tab`), or an escape (`\t`, `\x1f`, `\u001f`). */
export function spelled(text: string): string {
  const word = words[text.toLowerCase()]
  if (word !== undefined) return word
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([tnr0\\]))/g,
    (_, x?: string, u?: string, c?: string) =>
      c === undefined
        ? String.fromCharCode(Number.parseInt((x ?? u)!, 16))
        : ({ t: '\t', n: '\n', r: '\r', 0: '\0' }[c] ?? '\\'),
  )
}

function characters(flag: string, least: number, most: number) {
  return (text: string): string => {
    // A single backslash is itself, not the beginning of an escape.
    const value = text === '\\' ? text : spelled(text)
    if (value.length >= least && value.length <= most) return value
    const detail =
      most === 1 ? 'it takes one character, or none.' : `it takes ${least} to ${most} characters.`
    throw failure('file.flag_invalid', { flag, value: text, detail })
  }
}

function count(flag: string, most: number) {
  return (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value <= most) return value
    throw failure('file.flag_invalid', {
      flag,
      value: text,
      detail: `it takes a whole number from 0 to ${most}.`,
    })
  }
}

function onBad(text: string): Dialect['onBad'] {
  if (text === 'quarantine' || text === 'pad') return text
  throw failure('file.flag_invalid', { flag: 'on-bad', value: text, detail: 'it takes quarantine or pad.' })
}

export const dialectFlags: readonly DialectFlag[] = [
  {
    flag: 'encoding',
    key: 'encoding',
    argument: 'NAME',
    parse: (text) => codecFor(text).name,
    description: 'utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, shift_jis, …',
  },
  {
    flag: 'delimiter',
    key: 'delimiter',
    argument: 'TEXT',
    parse: characters('delimiter', 1, 16),
    description: 'between fields: , ; tab pipe space \\x1f, or several characters such as ||',
  },
  {
    flag: 'quote',
    key: 'quote',
    argument: 'CHAR',
    parse: characters('quote', 0, 1),
    description: 'around fields; none: quotes are plain text',
  },
  {
    flag: 'escape',
    key: 'escape',
    argument: 'CHAR',
    parse: characters('escape', 0, 1),
    description: 'before a quote inside a quoted field: the quote itself, or backslash',
  },
  {
    flag: 'row-delimiter',
    key: 'rowDelimiter',
    argument: 'TEXT',
    parse: characters('row-delimiter', 1, 16),
    description: 'between rows: auto (LF, CRLF and CR), lf, crlf, cr, or own characters',
  },
  {
    flag: 'header-lines',
    key: 'headerLines',
    argument: 'N',
    parse: count('header-lines', 16),
    description: 'lines of the header; 0: there is none',
  },
  {
    flag: 'skip-lines',
    key: 'skipLines',
    argument: 'N',
    parse: count('skip-lines', 1_000_000),
    description: 'lines before the header that are no records',
  },
  {
    flag: 'on-bad',
    key: 'onBad',
    argument: 'HOW',
    parse: onBad,
    description: 'a wrong number of fields: quarantine (to the error file) or pad',
  },
]

/** The dialect that flags name, by flag (`row-delimiter`) or by key (`rowDelimiter`). Throws `file.flag_invalid`. */
export function parseDialectFlags(given: Readonly<Record<string, string | undefined>>): Partial<Dialect> {
  const dialect: Record<string, unknown> = {}
  for (const { flag, key, parse } of dialectFlags) {
    const text = given[flag] ?? given[key]
    if (text !== undefined) dialect[key] = parse(text)
  }
  return dialect
}
