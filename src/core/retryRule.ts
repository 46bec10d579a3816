// Which records may be retried or skipped: the moves of the machine, and why a record is left as it is.
import { recordMachine, recordStateName, skipReasonNumber } from './record.ts'

export interface Retriable {
  readonly state: number
  readonly reason: number | null
  readonly retried_in: string | null
}

/** Null: it may be retried. Else why not, in words that are the same for all records of that kind. */
export function whyNoRetry({ state, reason, retried_in }: Retriable): string | null {
  if (retried_in !== null) return 'was retried already; only the newest row of a record is retried'
  if (reason === skipReasonNumber.unchanged_correction)
    return 'is a correction that changed nothing; the record it names can be retried'
  return whyNoMove('retry', state)
}

/** The same for skipping: only what is still to be processed can be left out. */
export function whyNoSkip({ state }: Pick<Retriable, 'state'>): string | null {
  return whyNoMove('skip', state)
}

function whyNoMove(move: 'retry' | 'skip', number: number): string | null {
  const state = recordStateName(number)
  if (state === undefined) return 'is in a state this version does not know'
  const { from } = recordMachine.moves[move]
  if ((from as readonly string[]).includes(state)) return null
  const states = from.map((name) => recordMachine.states[name].label.toLowerCase())
  const { label } = recordMachine.states[state]
  return `is ${label.toLowerCase()}; ${move} is possible from ${states.join(', ')}`
}
