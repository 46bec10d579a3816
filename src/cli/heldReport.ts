// What a person needs to decide about a held run: every limit it passes, and what it would do.
import type { RunView } from '../client/types.gen.ts'
import { adviceFor } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import type { StoredAbsent, StoredPlan } from '../core/storedReports.ts'
import { printPlan } from './dryRun.ts'
import { number } from './format.ts'
import { color, paragraph, print } from './terminal.ts'

interface StoredHeld {
  readonly trips: readonly Problem[]
  readonly plan: StoredPlan
  readonly absent: StoredAbsent | null
}

interface StoredCause {
  readonly count: number
  readonly examples: readonly { readonly line: number; readonly message: string }[]
}

/** Prints why it is held beside its first problem, and the change set it would make. Nothing of a run that is not held. */
export function printHeld({ run, counters }: RunView): void {
  const held = run.validation?.['held'] as StoredHeld | undefined
  if (run.state !== 'held' || held === undefined) return
  for (const trip of held.trips.slice(1)) {
    print(`\n${color.red('✗')} ${paragraph(trip.message).trimStart()}`)
    print(color.dim(paragraph(adviceFor(trip))))
  }
  print(`\n  ${color.bold('If it is released')}\n`)
  printPlan(held.plan, held.absent, counters.total ?? 0)
  printCauses(run.validation?.['rejects'] as Readonly<Record<string, StoredCause>> | undefined)
}

const causesMax = 3

/** One example of each of the commonest causes; all of them are in `run errors`. */
function printCauses(causes: Readonly<Record<string, StoredCause>> = {}): void {
  const commonest = Object.values(causes)
    .sort((a, b) => b.count - a.count)
    .slice(0, causesMax)
  if (commonest.length === 0) return
  print('\n  Would fail, for example:\n')
  for (const { count, examples } of commonest)
    for (const { line, message } of examples.slice(0, 1))
      print(color.dim(paragraph(`${number(count)} such as line ${number(line)}: ${message}`, 4)))
}
