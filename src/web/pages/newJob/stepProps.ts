// What steps and their parts are given.
import type { Draft } from './draft.ts'
import type { Faults } from './faults.ts'

/** What a part of a step is given. */
export interface OfDraft {
  readonly draft: Draft
  /** What is wrong, by field; only told after somebody wanted to go on. */
  readonly faults: Faults
}

export interface StepProps extends OfDraft {
  readonly back: () => void
}
