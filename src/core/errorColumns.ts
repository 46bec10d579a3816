// The columns an error file has beside the original ones. Written by formats, recognised when such a file comes back.

/** Where a record stands and why it failed, after the original columns. */
export const errorColumns = ['_line', '_offset', '_record', '_column', '_code', '_message', '_raw'] as const

/** Before the original columns in the error file of a run. */
export const runColumn = '_run'

/** The columns of a file that are ours because it is an error file; none otherwise. */
export function errorColumnsOf(columns: readonly string[]): ReadonlySet<string> {
  const isErrorFile = errorColumns.every((name) => columns.includes(name))
  return new Set(isErrorFile ? [runColumn, ...errorColumns] : [])
}
