// A number that is watched as text: as it is typed, and in words (LY-D09). Pure.
import { groupedNumber } from './countText.ts'
import type { Threshold } from './setup/policies.ts'

/** As `--threshold` takes it: `added/day=100..5000 tolerate 2`. */
export function thresholdText({ counter, per, min, max, tolerated }: Threshold): string {
  return `${counter}/${per}=${min ?? ''}..${max ?? ''}${tolerated === 0 ? '' : ` tolerate ${tolerated}`}`
}

/** `added per day: 100 to 5,000, told after more than 2 days in a row` */
export function thresholdWords(threshold: Threshold): string {
  const { counter, per, tolerated } = threshold
  const patience = tolerated === 0 ? '' : `, told after more than ${rowText(per, tolerated)}`
  return `${counter} per ${per}: ${limitsText(threshold)}${patience}`
}

/** `100 to 5,000`, `at least 100`, `at most 50`, `exactly 1`. */
export function limitsText({ min, max }: Pick<Threshold, 'min' | 'max'>): string {
  if (min === null) return `at most ${groupedNumber(max ?? 0)}`
  if (max === null) return `at least ${groupedNumber(min)}`
  return min === max ? `exactly ${groupedNumber(min)}` : `${groupedNumber(min)} to ${groupedNumber(max)}`
}

/** `1 day`, `3 days in a row` */
export function rowText(per: Threshold['per'], count: number): string {
  return count === 1 ? `1 ${per}` : `${count} ${per}s in a row`
}
