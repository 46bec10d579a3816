// Whether the values of a column are what a mapping takes them for.
import type { CandidateType } from './candidates.ts'
import type { ColumnReport } from './columnProfile.ts'
import { shareOf } from './decideType.ts'
import type { ColumnMapping } from './mapping.ts'

/** What the values must be; null: anything will do, or it cannot be told from the values alone. */
export function expectedOf(mapped: ColumnMapping): CandidateType | null {
  const { target, format } = mapped
  // Steps change values before they are checked: what stands in the file says nothing then.
  if ('steps' in mapped && Array.isArray(mapped.steps) && mapped.steps.length > 0) return null
  if (format.trueWords !== undefined || format.falseWords !== undefined) return null
  switch (target.to) {
    case 'ignore':
      return null
    case 'as_of':
      return 'timestamp'
    case 'identifier':
      return target.kind === 'email' || target.kind === 'phone' ? target.kind : null
    case 'attribute':
      if (target.clean !== 'none') return target.clean
      return target.type === 'text' || target.type === 'text_list' ? null : target.type
  }
}

/** The share of filled values that fit, 0 to 1, under the mapping's date order and decimal sign as well. */
export function fitShare(report: ColumnReport, mapped: ColumnMapping): number {
  const expected = expectedOf(mapped)
  if (expected === null || report.filled === 0) return 1
  const { orders, numericDates, decimals, signedNumbers } = report.writing
  const { dateOrder, decimal } = mapped.format
  const isDate = expected === 'date' || expected === 'timestamp'
  const isNumber = expected === 'integer' || expected === 'number'
  const written =
    isDate && dateOrder !== undefined && numericDates > 0
      ? orders[dateOrder] / numericDates
      : isNumber && decimal !== undefined && signedNumbers > 0
        ? decimals[decimal] / signedNumbers
        : 1
  return Math.min(written, shareOf(report, expected))
}
