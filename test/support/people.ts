// Customer files for the fault tests: seeded, with duplicates, bad rows, people known by e-mail only, and merges.
import { importDefinitionSchema, type ImportDefinition } from '../../src/core/job.ts'

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from 0 to `below` - 1. */
export function pick(random: () => number, below: number): number {
  return Math.floor(random() * below)
}

/** The same rows in another order. */
export function shuffled<T>(rows: readonly T[], random: () => number): T[] {
  return rows
    .map((row) => ({ row, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row)
}

export const header = 'customer_id,email,city,score,seen'

const cities = ['Berlin', 'Wien', 'Zürich', 'Sankt Gallen', '']

/** One line of a file: the cells in the order of the header. */
export function line(cells: readonly (string | number)[]): string {
  return cells.join(',')
}

/** `2026-03-01T00:00:00Z` and so many seconds more: an as-of of its own for every row. */
export function seenAt(seconds: number): string {
  return new Date(Date.UTC(2026, 2, 1) + seconds * 1000).toISOString()
}

function oneRow(random: () => number, i: number): string {
  const known = pick(random, Math.max(1, i))
  const [city, score] = [cities[pick(random, cities.length)]!, pick(random, 100)]
  const kind = pick(random, 100)
  if (kind < 3) return line([`c${i}`, 'not an address', city, score, ''])
  if (kind < 5) return line([`c${i}`, `p${i}@example.com`, city])
  if (kind < 7) return line([`c${i}`, `p${i}@example.com`, city, 'many', ''])
  if (kind < 9) return line(['', '', city, score, ''])
  // Somebody again, by one name or by both: the second joins what the first two rows kept apart.
  if (kind < 20) return line([`c${known}`, '', city, score, ''])
  if (kind < 31) return line(['', `p${known}@example.com`, city, score, ''])
  if (kind < 42) return line([`c${known}`, `p${known}@example.com`, city, score, ''])
  if (kind < 60) return line(['', `p${i}@example.com`, city, score, ''])
  return line([`c${i}`, kind < 80 ? `p${i}@example.com` : '', city, score, ''])
}

/** A file of so many rows that looks like life. `from` moves the people: two files overlap where their ranges do. */
export function mixedFile(seed: number, rows: number, from = 0): string {
  const random = seeded(seed)
  return fileOf(Array.from({ length: rows }, (_, i) => oneRow(random, from + i)))
}

export function fileOf(rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`
}

const attribute = (column: string, type: string) => ({
  column,
  target: { to: 'attribute', key: column, type },
})
const identifier = (kind: string) => ({ column: kind, target: { to: 'identifier', kind } })

/** How the files above are read. Without a breaker: these files are bad on purpose. */
export const definition: ImportDefinition = importDefinitionSchema.parse({
  dialect: { format: 'csv', encoding: 'utf-8' },
  columns: header.split(','),
  mapping: {
    columns: [
      identifier('customer_id'),
      identifier('email'),
      attribute('city', 'text'),
      attribute('score', 'integer'),
      { column: 'seen', target: { to: 'as_of' } },
    ],
  },
  breaker: null,
})
