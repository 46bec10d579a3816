// What an undo does or did: what was given back, what stays and why, and whose records may count again.
import type { RunView } from '../client/types.gen.ts'
import { adviceFor, definitionOf } from '../core/problems.ts'
import { runMachine } from '../core/run.ts'
import type { StoredLost, StoredUndo } from '../core/storedReports.ts'
import { printProblem } from './failures.ts'
import { duration, number, plural } from './format.ts'
import { color, facts, inTone, paragraph, print, table } from './terminal.ts'

function storedOf({ run }: RunView): StoredUndo | null {
  return (run.validation?.['undo'] as StoredUndo | null | undefined) ?? null
}

/** Profiles of which something stays. */
export function keptOf(view: RunView): number {
  return storedOf(view)?.profilesKept ?? 0
}

/** Profiles that change. */
export function changesOf(view: RunView): number {
  const counters = storedOf(view)?.counters ?? {}
  return changing.reduce((sum, [key]) => sum + (counters[key] ?? 0), 0)
}

const changing = [
  ['finished.updated', 'got values or identifiers back'],
  ['finished.deleted', 'removed: the run had made them'],
  ['finished.restored', 'restored: they were gone'],
  ['finished.merged', 'merged again'],
] as const

const staying = [
  ['finished.unchanged', 'nothing to give back'],
  ['skipped.kept', 'kept as they are'],
] as const

/** The preview, the report of a dry run, or the receipt of an undo. */
export function printUndo(view: RunView): void {
  const stored = storedOf(view)
  print(`\n${headline(view)}`)
  if (stored !== null) {
    print()
    print(numbers(stored, view))
    printKept(stored)
  }
  printLost(view)
  const { problem, id, state } = view.run
  if (problem !== null) {
    print()
    printProblem(problem.code, problem.message, problem.advice)
  }
  const next = nextCommands(view)
  if (next.length > 0) print(`\n${facts(next)}`)
  else if (state === 'skipped') print(`\n  ${color.dim('To do it:')} sluice undo ${view.run.reverts ?? id}`)
}

function headline(view: RunView): string {
  const { run } = view
  const [target, job] = [run.reverts ?? '', color.bold(run.job)]
  if (run.state === 'held') return `Undoing ${color.bold(target)} would do this  ${color.dim(run.job)}`
  if (run.state === 'skipped')
    return `${color.magenta('■')} Dry run: nothing was undone  ${job}  ${color.dim(target)}`
  const took = color.dim(`(${run.id}, ${duration(view.seconds.all)})`)
  if (run.state !== 'completed') {
    const { tone } = runMachine.states[run.state]
    return `${inTone(tone, `${run.state === 'stopped' ? '■' : '✗'} ${run.label}`)}  undo of ${color.bold(target)}  ${job}  ${took}`
  }
  if (run.redoes !== null)
    return `${color.green('✓')} Taken back: ${color.bold(run.redoes)} stands again  ${job}  ${took}`
  const mark = keptOf(view) > 0 ? color.yellow('!') : color.green('✓')
  const what = keptOf(view) > 0 ? 'Undone, but for what had to stay' : 'Undone'
  return `${mark} ${what}: ${color.bold(target)}  ${job}  ${took}`
}

function numbers({ counters }: StoredUndo, { counters: { total } }: RunView): string {
  const lines = [...changing, ...staying]
    .map(([key, label]) => [label, counters[key] ?? 0] as const)
    .filter(([, count]) => count > 0)
    .map(([label, count]) => [label, number(count)])
  const heads = [
    { title: '', flexible: true },
    { title: '', right: true },
  ]
  return table(heads, [...lines, [color.bold('profiles'), color.bold(number(total ?? 0))]], 2)
}

function printKept({ kept }: StoredUndo): void {
  for (const [code, { count, examples }] of Object.entries(kept)) {
    const { title } = definitionOf(code)
    print(
      `\n${color.yellow('!')} ${paragraph(`${plural(count, 'profile')}: ${title.toLowerCase()}`).trimStart()}`,
    )
    for (const { profile, identifier, message } of examples)
      print(paragraph(`${identifier ?? `profile ${profile}`}: ${message}`, 4))
    if (count > examples.length) print(color.dim(`    and ${number(count - examples.length)} more`))
    const by = /\br\d+\b/.exec(examples[0]?.message ?? '')?.[0]
    print(color.dim(paragraph(adviceFor({ code, message: '', details: { by: by ?? 'that run' } }), 4)))
  }
}

const losing: Readonly<Record<string, string>> = {
  superseded: 'lost to {run}',
  exists: 'left out because of people {run} had made',
  already_processed: 'left out because {run}, or a run like it, had delivered them',
}

/** Records that lost against the run, or were left out because of it, count only when they are tried again. */
function printLost({ run }: RunView): void {
  const lost = (run.validation?.['lost'] as readonly StoredLost[] | undefined) ?? []
  const inside = run.namespace === 'main' ? '' : ` --namespace ${run.namespace}`
  for (const { run: other, reason, count } of lost) {
    const why = (losing[reason] ?? reason).replace('{run}', run.reverts ?? '')
    print(`\n${paragraph(`${plural(count, 'record')} of ${other} ${why}. To try them again afterwards:`)}`)
    print(`    sluice records retry --run ${other} --reason ${reason}${inside}`)
  }
}

function nextCommands(view: RunView): [string, string][] {
  const { run } = view
  const lines: [string, string][] = []
  if (run.state === 'held') return lines
  if (keptOf(view) > 0 && run.state === 'completed')
    lines.push(['See what stayed', `sluice records --run ${run.id} --reason kept`])
  if (run.moves.includes('resume')) lines.push(['Continue', `sluice run resume ${run.id}`])
  if (run.undoableUntil !== null && run.state === 'completed')
    lines.push(['Take the undo back', `sluice undo ${run.id}`])
  const inside = run.namespace === 'main' ? '' : ` --namespace ${run.namespace}`
  return lines.map(([label, text]) => [label, text + inside])
}
