// Dialects: our states and counters in each vendor's words (design section 6). The API speaks ours and may add theirs.
import { jobMachine, type JobState } from './jobState.ts'
import type { Counters } from './law.ts'
import type { VendorDialect } from './namespaceSettings.ts'
import { recordMachine, type Outcome, type RecordState, type SkipReason } from './record.ts'
import { runMachine, type RunState } from './run.ts'
import { alumio } from './vendors/alumio.ts'
import { blueconic } from './vendors/blueconic.ts'
import { bluecore } from './vendors/bluecore.ts'
import { blueshift } from './vendors/blueshift.ts'
import { lytics } from './vendors/lytics.ts'
import type { VendorWords } from './vendors/words.ts'

/** Every vendor's words; our own dialect needs no table. */
export const vendorWords: Readonly<Record<Exclude<VendorDialect, 'sluice'>, VendorWords>> = {
  blueshift,
  bluecore,
  blueconic,
  lytics,
  alumio,
}

/** The words of a dialect; null: our own. */
export function wordsOf(dialect: VendorDialect): VendorWords | null {
  return dialect === 'sluice' ? null : vendorWords[dialect]
}

/** The state of a job in a dialect. `busy`: a run of it is under way. */
export function jobWord(dialect: VendorDialect, state: JobState, busy: boolean): string {
  const words = wordsOf(dialect)
  if (state === 'active' && !busy && words?.idleJob !== undefined) return words.idleJob
  return words?.job[state] ?? jobMachine.states[state].label
}

/** The state of a run in a dialect. */
export function runWord(dialect: VendorDialect, state: RunState): string {
  return wordsOf(dialect)?.run[state] ?? runMachine.states[state].label
}

/** What became of a record, in a dialect: its outcome or reason where the vendor has a word for it, else its state. */
export function recordWord(
  dialect: VendorDialect,
  state: RecordState,
  outcome: Outcome | null = null,
  reason: SkipReason | null = null,
): string {
  const words = wordsOf(dialect)
  const closer =
    (outcome === null ? undefined : words?.outcome[outcome]) ??
    (reason === null ? undefined : words?.reason[reason])
  return closer ?? words?.record[state] ?? recordMachine.states[state].label
}

export interface VendorCount {
  readonly label: string
  readonly value: number
  readonly unit: 'records' | 'percent'
}

/** The numbers a vendor shows for a run, in the order it shows them; of our own dialect none. */
export function vendorCounts(dialect: VendorDialect, counters: Counters): VendorCount[] {
  return (wordsOf(dialect)?.counters ?? []).map(({ label, unit, of }) => ({
    label,
    unit,
    value: Math.round(of(counters) * 10) / 10,
  }))
}
