// Numbers inside sentences.

const grouped = new Intl.NumberFormat('en-US')

/** 1234567 → 1,234,567 */
export function groupedNumber(value: number): string {
  return grouped.format(value)
}

/** 1 record, 2,000 records */
export function countedRecords(count: number): string {
  return `${groupedNumber(count)} ${count === 1 ? 'record' : 'records'}`
}
