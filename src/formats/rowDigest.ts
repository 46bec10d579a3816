// A short digest of a failed record as its error file shows it: equal when nobody corrected anything.
import { createHash } from 'node:crypto'
import { recordName } from '../core/names.ts'

/**
 * Of the run, the record's number and its cells. It begins with a letter that no number has, so that a spreadsheet does
 * not take it for one; line breaks inside cells count alike, because spreadsheets change them.
 */
export function rowDigest(
  run: number,
  ordinal: number,
  cells: readonly (string | null | undefined)[],
): string {
  const hash = createHash('sha256').update(recordName(run, ordinal))
  for (const cell of cells) {
    const text = (cell ?? '').replace(/\r\n?/g, '\n')
    hash.update(`\n${Buffer.byteLength(text)}:`).update(text)
  }
  return `x${hash.digest('hex').slice(0, 12)}`
}
