// A short digest of a failed record as its error file shows it: equal when nobody corrected anything.
import { hash } from 'node:crypto'
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
  let all = recordName(run, ordinal)
  for (const cell of cells) {
    const text = (cell ?? '').replace(/\r\n?/g, '\n')
    all += `\n${Buffer.byteLength(text)}:${text}`
  }
  return `x${hash('sha256', all, 'hex').slice(0, 12)}`
}
