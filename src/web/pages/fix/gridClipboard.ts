// Cells to and from a spreadsheet: what is pasted goes down and to the right from the cell that has the focus.
import type { At } from './gridKeys.ts'
import type { CellEdit } from './useFixes.ts'

/** Lines and tabs, as spreadsheets put cells on the clipboard. */
export function cellsOf(text: string): string[][] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t'))
}

interface Pasted {
  readonly edits: readonly CellEdit[]
  /** Lines that found no row: behind the last one, or not read yet. */
  readonly left: number
}

/** What pasting means. `recordAt`: the record of a row; null where it cannot be changed. */
export function pasted(
  cells: readonly (readonly string[])[],
  at: At,
  columns: readonly string[],
  recordAt: (row: number) => number | null,
): Pasted {
  const found = cells.map((line, i) => {
    const record = recordAt(at.row + i)
    if (record === null) return null
    const to = columns.slice(at.column, at.column + line.length)
    return to.map((column, j) => ({ record, column, value: line[j]! }))
  })
  return { edits: found.flatMap((line) => line ?? []), left: found.filter((line) => line === null).length }
}
