// Names of columns: every column has one, and no two the same.

/** Trims header cells, names the empty ones by position, and tells equal ones apart (`name`, `name_2`). */
export function nameColumns(header: readonly (string | null)[]): string[] {
  const names = header.map((cell, i) => (cell ?? '').replaceAll('\ufeff', '').trim() || `column_${i + 1}`)
  const taken = new Set(names)
  const seen = new Set<string>()
  return names.map((name) => {
    let unique = name
    for (let n = 2; seen.has(unique); n++) {
      const next = `${name}_${n}`
      if (!taken.has(next)) unique = next
    }
    seen.add(unique)
    return unique
  })
}

/** Names where there is no header. */
export function numberedColumns(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `column_${i + 1}`)
}

/** The n-th column beyond the header (with `--on-bad pad`). */
export function extraName(columns: readonly string[], n: number): string {
  const name = `_extra_${n}`
  return columns.includes(name) ? `${name}_` : name
}

/** How many columns at the end of a list are such extras, so that a list once extended can be passed in again. */
export function extrasOf(columns: readonly string[]): number {
  let extras = 0
  while (extras < columns.length && /^_extra_\d+_?$/.test(columns[columns.length - 1 - extras]!)) extras++
  return extras
}
