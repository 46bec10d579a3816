// The same as commands: what the page shows and does, to copy into a terminal.
import type { RunView } from '../../../client/index.ts'
import { commandOf } from '../../parts/copyCommand.tsx'

export interface Command {
  readonly does: string
  readonly command: string
}

/** Looking first, then what can be done with it now. */
export function commandsOf({ run, counters }: RunView): Command[] {
  const of = (does: string, words: string): Command => ({ does, command: commandOf(run.namespace, words) })
  return [
    of('This receipt', `run show ${run.id}`),
    ...(counters.failed.total > 0 ? [of('What went wrong', `run errors ${run.id}`)] : []),
    of('Its log', `run log ${run.id}`),
    of('Its records', `records --run ${run.id}`),
    of('People it changed', `run profiles ${run.id}`),
    ...run.moves.map((move) => of(words(move), `run ${move} ${run.id}`)),
    ...(run.revertedBy === null
      ? run.undoableUntil === null
        ? []
        : [of('Take it back', `undo ${run.id}`)]
      : [of('Have it back', `undo ${run.revertedBy}`)]),
  ]
}

/** `retry-now` as words for a label: Retry now. */
export function words(move: string): string {
  const text = move.replaceAll('-', ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
