// Writes CSV: RFC 4180 with line feeds, UTF-8, commas.

const special = /[",\r\n]/

/** A cell as CSV; null and undefined are empty. */
export function csvCell(value: string | null | undefined): string {
  if (value === null || value === undefined) return ''
  return special.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** A line with its line feed. */
export function csvLine(cells: readonly (string | null | undefined)[]): string {
  // A single empty cell would otherwise be a blank row, which is no record.
  if (cells.length === 1 && (cells[0] ?? '') === '') return '""\n'
  let line = ''
  for (let k = 0; k < cells.length; k++) {
    if (k > 0) line += ','
    line += csvCell(cells[k])
  }
  return `${line}\n`
}
