// Headers of files that are much the same: what makes two equal, how similar two are, and which column is which.
import type { Dialect } from './dialect.ts'
import { errorColumnsOf } from './errorColumns.ts'
import { nearest } from './nearest.ts'
import { meaningOf, plainHeader } from './synonyms.ts'

/** A header as mapping memory keeps it. */
export interface HeaderKey {
  /** `csv` or `json`: the same names in both are similar, not equal. */
  readonly format: string
  /** Normalised names, each once, in the order of the alphabet: the order of columns does not matter. */
  readonly names: readonly string[]
  /** What the columns mean, to find similar headers by; empty: this one is never similar. */
  readonly meanings: readonly string[]
}

/** Without case, accents, blanks and signs; a name in another script stays as it is. */
export function headerName(column: string): string {
  const plain = plainHeader(column)
  return plain === '' ? column.normalize('NFKC').trim().toLowerCase() : plain
}

function meaningName(column: string): string {
  return meaningOf(column)?.key ?? headerName(column)
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort()

/**
 * What mapping memory keeps a header under; null: it is not kept. An error file that comes back has a mapping of its
 * own. A file without a header is only known again by its name, digits aside.
 */
export function headerKey(
  columns: readonly string[],
  { format, headerLines }: Pick<Dialect, 'format' | 'headerLines'>,
  file: string,
): HeaderKey | null {
  if (columns.length === 0 || errorColumnsOf(columns).size > 0) return null
  const kind = format === 'jsonl' ? 'json' : format
  const names = sorted(columns.map(headerName))
  const isTable = format === 'csv' || format === 'rows'
  if (!isTable || headerLines > 0) return { format: kind, names, meanings: sorted(columns.map(meaningName)) }
  const known = file
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim()
  return { format: `${kind}, no header, ${known}`, names, meanings: [] }
}

/** How a column of one header was found in another. */
export type Likeness =
  /** The very same name. */
  | 'same'
  /** The same but for case, accents, blanks and signs; or two names for one thing (core/synonyms.ts). */
  | 'renamed'
  /** Nearly the same name: a person should say whether it is the same column. */
  | 'near'

export interface Pair {
  readonly now: string
  readonly before: string
  readonly likeness: Likeness
}

/** Which column of an earlier header each column now is; columns without a partner are left out. Each is used once. */
export function pairColumns(now: readonly string[], before: readonly string[]): Pair[] {
  const pairs: Pair[] = []
  const open = new Set(now)
  const free = new Set(before)
  const pair = (one: string, other: string, likeness: Likeness): void => {
    pairs.push({ now: one, before: other, likeness })
    open.delete(one)
    free.delete(other)
  }
  for (const column of now) if (free.has(column)) pair(column, column, 'same')
  for (const nameOf of [headerName, meaningName])
    for (const [one, other] of onlyOnes(open, free, nameOf)) pair(one, other, 'renamed')
  // Typing errors are looked for among a few names; thousands are another file altogether.
  if (open.size * free.size > comparisonsMax) return pairs
  for (const column of open) {
    const other = nearest(column, [...free])
    if (other !== undefined && isSlip(column, other) && nearest(other, [...open]) === column)
      pair(column, other, 'near')
  }
  return pairs
}

/** Columns that share a name under `nameOf` with exactly one of the other side, and are the only ones here. */
function onlyOnes(
  open: ReadonlySet<string>,
  free: ReadonlySet<string>,
  nameOf: (column: string) => string,
): [string, string][] {
  const of = (columns: ReadonlySet<string>): Map<string, string[]> => Map.groupBy(columns, nameOf)
  const others = of(free)
  return [...of(open)].flatMap(([name, [one, second]]): [string, string][] => {
    const [other, another] = others.get(name) ?? []
    const single = second === undefined && another === undefined
    return one !== undefined && other !== undefined && single ? [[one, other]] : []
  })
}

const comparisonsMax = 100_000
const shortest = 4

/** phone1 and phone2 differ by a letter and are two things all the same; so are short names. */
function isSlip(a: string, b: string): boolean {
  const digits = (text: string): string => text.replaceAll(/\D/g, '')
  return digits(a) === digits(b) && Math.min(headerName(a).length, headerName(b).length) >= shortest
}

/** Share of names that two headers have in common, of the longer one: 0 to 1. */
export const similarShare = 0.6
