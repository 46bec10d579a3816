// What was found in a file as plain data: the API answers it, `sluice inspect --json` prints it.
import { targetText } from '../core/mappingText.ts'
import type { InspectReport } from './inspect.ts'

/** Columns with what each becomes and why, the questions that are open, and the proposed mapping. */
export function summarise({ whole, records, bad, dialect, columns, proposal }: InspectReport) {
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
    mapping: proposal.mapping,
    ambiguities: proposal.ambiguities.map((one) => ({
      ...one,
      examples: [...one.examples],
      flags: [...one.flags],
    })),
    warnings: [...proposal.warnings],
    notes: [...proposal.notes],
  }
}
