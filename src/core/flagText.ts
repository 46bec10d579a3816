// Reading `COLUMN=VALUE` flags: which column is meant, and what to type instead of what does not fit.
import type { ColumnMapping } from './mapping.ts'
import { nearest } from './nearest.ts'
import { failure } from './problems.ts'
import type { SluiceError } from './problem.ts'

/** `mapping.flag_invalid` with what to type instead. */
export function invalidFlag(flag: string, value: string, detail: string, example: string): SluiceError {
  return failure('mapping.flag_invalid', { flag, value, detail, example })
}

/** Splits `COLUMN=VALUE` at the equals sign that leaves a column's name before it; the last one otherwise. */
export function splitFlag(
  text: string,
  columns: readonly ColumnMapping[],
): { name: string | null; value: string } {
  for (let at = text.lastIndexOf('='); at > 0; at = text.lastIndexOf('=', at - 1)) {
    const name = text.slice(0, at)
    if (columns.some(({ column }) => column === name)) return { name, value: text.slice(at + 1) }
  }
  const at = text.lastIndexOf('=')
  return at <= 0 ? { name: null, value: text } : { name: text.slice(0, at), value: text.slice(at + 1) }
}

/** The column of this name; capitals may differ where only one column is meant. */
export function columnNamed(
  columns: readonly ColumnMapping[],
  name: string,
  flag: string,
  example: string,
): ColumnMapping {
  const exact = columns.find(({ column }) => column === name)
  if (exact !== undefined) return exact
  const lower = columns.filter(({ column }) => column.toLowerCase() === name.toLowerCase())
  if (lower.length === 1) return lower[0]!
  const near = nearest(
    name,
    columns.map(({ column }) => column),
  )
  const hint = near === undefined ? '' : `; is it "${near}"?`
  throw invalidFlag(
    flag,
    name,
    `the file has no column "${name}"${hint}`,
    near === undefined ? example : example.replace(/ "?[^= ]+/, ` "${near}`),
  )
}
