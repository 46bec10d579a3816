// What was found in a file as plain data: the API answers it, `sluice inspect --json` prints it.
import { targetText } from '../core/mappingText.ts'
import type { InspectReport } from './inspect.ts'

/** Columns with what each becomes and why, the questions that are open, and the proposed mapping. */
export function summarise({ whole, records, bad, dialect, columns, proposal, firstRecords }: InspectReport) {
  return {
    whole,
    records,
    bad,
    dialect,
    columns: columns.map(({ column, fillRate, distinct, examples }, i) => ({
      column,
      fillRate,
      distinct,
      examples: [...examples],
      becomes: targetText(proposal.mapping.columns[i]!),
      reason: proposal.reasons[i]?.reason ?? '',
    })),
    firstRows: firstRecords.map(({ line, cells }) => ({ line, cells: [...(cells ?? [])] })),
    mapping: proposal.mapping,
    ambiguities: proposal.ambiguities.map(({ choices, ...one }) => ({
      ...one,
      examples: [...one.examples],
      flags: [...one.flags],
      ...(choices === undefined ? {} : { choices: [...choices] }),
    })),
    warnings: [...proposal.warnings],
    notes: [...proposal.notes],
  }
}
