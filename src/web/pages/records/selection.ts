// Which records are selected: some of the page by name, or all that match as the server finds them at one instant (AL-21).
import type { RecordView, RetryAnswerView, SkipAnswerView } from '../../../client/index.ts'
import { recordMachine } from '../../../core/record.ts'
import type { orderFilterIn } from './filters.ts'

export type Selection =
  | { readonly kind: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'all'; readonly filter: ReturnType<typeof orderFilterIn> }

export const nothing: Selection = { kind: 'some', ids: new Set() }

/** `settle`: to say what became of records whose outcome comes from outside (AL-D01). */
export type MoveName = 'retry' | 'skip' | 'settle'

/** What an order changed and what it left, and why. */
export interface Moved {
  readonly move: MoveName
  readonly changed: number
  readonly left: SkipAnswerView['left']
  /** Child runs that retry them. */
  readonly runs: RetryAnswerView['runs']
}

/** Whether a person may do this with the record as it is now (AL-25, AL-26). What was retried since is another row. */
export function isLegal(move: MoveName, { state, retriedIn }: RecordView): boolean {
  if (move === 'settle') return state === 'waiting'
  const from: readonly string[] = recordMachine.moves[move].from
  return from.includes(state) && (move === 'skip' || retriedIn === null)
}

export function isEmpty(selection: Selection): boolean {
  return selection.kind === 'some' && selection.ids.size === 0
}

export function toggled(selection: Selection, id: string): Selection {
  const ids = new Set(selection.kind === 'some' ? selection.ids : [])
  if (!ids.delete(id)) ids.add(id)
  return { kind: 'some', ids }
}

/** A list of records of which some are selected. */
export interface TableProps {
  readonly records: readonly RecordView[]
  readonly selection: Selection
  /** Undefined: the viewer may not move records, so there is nothing to select for. */
  readonly select: ((selection: Selection) => void) | undefined
  readonly selectAll: () => void
  readonly move: (move: MoveName, id: string) => void
  readonly stale: boolean
}
