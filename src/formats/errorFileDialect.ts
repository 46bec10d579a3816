// Recognises a run's error file that comes back corrected, however a spreadsheet saved it.
import type { Dialect } from '../core/dialect.ts'
import { isErrorFile, recordColumn, runColumn } from '../core/errorColumns.ts'
import { detectDialect } from './detect.ts'
import { looksLikeRows } from './detectRows.ts'
import { detectEncoding } from './detectEncoding.ts'
import { codecFor } from './encoding.ts'

const delimiters = [',', ';', '\t', '|'] as const

/** Dialect and columns of a corrected error file; null: it is no such file. `hints`: what a person said about it. */
export function detectErrorFile(
  sample: Uint8Array,
  hints: Partial<Dialect>,
  whole: boolean,
): { dialect: Dialect; columns: string[] } | null {
  const known = knownOf(sample, hints)
  if (known === null) return null
  const { dialect, columns } = detectDialect(sample, known, { whole })
  return isErrorFile(columns) ? { dialect, columns } : null
}

function knownOf(sample: Uint8Array, hints: Partial<Dialect>): Partial<Dialect> | null {
  if (hints.format !== undefined && hints.format !== 'csv') return hints
  // Saved as a workbook, of which a sheet has landed.
  if (hints.format === undefined && looksLikeRows(Buffer.from(sample.subarray(0, 1 << 16)).toString('utf8')))
    return { ...hints, format: 'rows', encoding: 'utf-8', headerLines: 1, trailerLines: 0 }
  return csvHints(sample, hints)
}

/** We know how such a file looks, so little is left to guess: its header names our columns under one of the delimiters. */
function csvHints(sample: Uint8Array, hints: Partial<Dialect>): Partial<Dialect> | null {
  const encoding = hints.encoding ?? detectEncoding(sample).encoding
  const head = Buffer.from(sample.subarray(0, 1 << 16))
  const text =
    codecFor(encoding).decode(head.subarray(0, head.length - (head.length % 2))) ?? head.toString('latin1')
  const body = text.replace(/^\ufeff/, '')
  const preamble = /^sep=[^\r\n]{1,16}(\r\n|\r|\n)/i.exec(body)?.[0] ?? ''
  const header = body.slice(preamble.length).split(/[\r\n]/, 1)[0] ?? ''
  const delimiter = delimiters.find((one) => {
    const names = header.split(one).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    return names.includes(runColumn) && names.includes(recordColumn)
  })
  if (delimiter === undefined) return null
  const shape = { delimiter, quote: '"', escape: '"', headerLines: 1, trailerLines: 0 }
  return { format: 'csv', skipLines: preamble === '' ? 0 : 1, ...shape, ...hints }
}
