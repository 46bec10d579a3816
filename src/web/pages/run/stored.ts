// What the pipeline keeps in the validation of a run, as far as the page shows it.
import type { RunView } from '../../../client/index.ts'
import { definitionOf } from '../../../core/problems.ts'
import type { StoredAbsent, StoredLost, StoredPlan, StoredUndo } from '../../../core/storedReports.ts'

interface StoredProblem {
  readonly code: string
  readonly message: string
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

export interface StoredHeld {
  readonly trips: readonly StoredProblem[]
  readonly plan: StoredPlan
  readonly absent: StoredAbsent | null
}

function stored({ run }: RunView, name: string): unknown {
  return run.validation?.[name] ?? null
}

export const heldOf = (view: RunView): StoredHeld | null => stored(view, 'held') as StoredHeld | null
export const dryRunOf = (view: RunView): StoredPlan | null => stored(view, 'dryRun') as StoredPlan | null
export const mirrorOf = (view: RunView): StoredAbsent | null => stored(view, 'mirror') as StoredAbsent | null
export const undoOf = (view: RunView): StoredUndo | null => stored(view, 'undo') as StoredUndo | null

/** Records that lost against the run that is undone. */
export function lostOf(view: RunView): readonly StoredLost[] {
  return (stored(view, 'lost') as readonly StoredLost[] | null) ?? []
}

/** Columns that only appear deep in the file, so that nobody had mapped them. */
export function lateColumns(view: RunView): readonly string[] {
  return (stored(view, 'unmapped') as readonly string[] | null) ?? []
}

/** How many records the check before the first write rejected. */
export function rejectedOf(view: RunView): number {
  return (stored(view, 'rejected') as number | null) ?? 0
}

/** `already_processed` as words. */
export function plain(name: string): string {
  return name.replaceAll('_', ' ')
}

/** The title of a problem, with a small first letter: for lists within a sentence. */
export function titleOf(code: string): string {
  const { title } = definitionOf(code)
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`
}
