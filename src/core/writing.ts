// How a column writes its dates and numbers: decided by its values, or left open and asked.
import { dateOrders, type WritingFacts } from './candidates.ts'
import type { DateOrder } from './clean/date.ts'

export type Decision<T> = { readonly is: T } | { readonly open: readonly T[] } | null

/**
 * The one order of the column: that under which most dates exist. Open while several fit as well (every day and month
 * is 12 or less, or both orders are mixed). With dots the day comes first: no country writes it otherwise (CLDR).
 */
export function dateOrderOf(writing: Readonly<WritingFacts>): Decision<DateOrder> {
  if (writing.numericDates === 0) return null
  const most = Math.max(...dateOrders.map((order) => writing.orders[order]))
  const best = dateOrders.filter((order) => writing.orders[order] === most)
  if (best.length === 1) return { is: best[0]! }
  const dotted = writing.dottedDates === writing.numericDates && !best.includes('ymd')
  if (dotted && best.includes('dmy')) return { is: 'dmy' }
  return { open: best }
}

/** The decimal sign under which most numbers read. Open while both fit (1,234 and 1.234 can be either). */
export function decimalOf(writing: Readonly<WritingFacts>): Decision<'.' | ','> {
  if (writing.signedNumbers === 0) return null
  const { decimals } = writing
  if (decimals['.'] === decimals[',']) return { open: ['.', ','] }
  return { is: decimals['.'] > decimals[','] ? '.' : ',' }
}

/** The sign between list values: the one most values use. */
export function separatorOf(writing: Readonly<WritingFacts>): ';' | '|' | ',' {
  const { separators } = writing
  if (separators['|'] > separators[';'] && separators['|'] > separators[',']) return '|'
  return separators[';'] > separators[','] ? ';' : ','
}
