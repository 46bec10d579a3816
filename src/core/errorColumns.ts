// The columns an error file has beside the original ones. Written by formats, recognised when such a file comes back.

/** Where a record stands and why it failed, after the original columns. */
export const errorColumns = ['_line', '_offset', '_record', '_column', '_code', '_message', '_raw'] as const

/** Before the original columns in the error file of a run. */
export const runColumn = '_run'

/** The number of the record in its run. */
export const recordColumn = '_record'

/** Last in the error file of a run: tells whether a record was corrected. */
export const digestColumn = '_digest'

const ours: ReadonlySet<string> = new Set([runColumn, ...errorColumns, digestColumn])

/** Whether a file with these columns is a run's error file come back: the two that name its records are enough. */
export function isErrorFile(columns: readonly string[]): boolean {
  return columns.includes(runColumn) && columns.includes(recordColumn)
}

/** The columns of a file that are ours because it is an error file; none otherwise. */
export function errorColumnsOf(columns: readonly string[]): ReadonlySet<string> {
  const found = isErrorFile(columns) || errorColumns.every((name) => columns.includes(name))
  return new Set(found ? ours : [])
}

/** The customer's own columns of an error file. */
export function ownColumns(columns: readonly string[]): string[] {
  return columns.filter((column) => !ours.has(column))
}
