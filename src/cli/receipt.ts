// The receipt of a run: what became of every record, the numbers adding up, and what to type next.
import type { RunView } from '../client/types.gen.ts'
import { definitionOf } from '../core/problems.ts'
import { runMachine } from '../core/run.ts'
import { duration, noted, number, plural, size, words } from './format.ts'
import { attemptsText, nowFacts, startedText, vendorFacts } from './runNow.ts'
import { printProblem } from './failures.ts'
import { shellWord } from './shellWord.ts'
import { printHeld } from './heldReport.ts'
import { color, facts, inTone, paragraph, print } from './terminal.ts'
import { pad, widthOf } from './width.ts'

/** Prints the whole receipt; `next`: with what to type next. */
export function printReceipt(view: RunView, next = true): void {
  print(headline(view))
  print(facts(about(view)))
  // A run that did nothing has no numbers to add up.
  if (view.run.skippedFor !== null) return
  print()
  print(sums(view))
  const warnings = [...warningLines(view), ...lateColumns(view)]
  if (warnings.length > 0) print(`\n${warnings.join('\n')}`)
  const mended = mendedLines(view)
  if (mended.length > 0) print(`\n${mended.map((line) => paragraph(line)).join('\n')}`)
  print()
  print(facts([...nowFacts(view), ...times(view)]))
  const attempts = attemptsText(view)
  if (attempts !== '') print(`\n${attempts}`)
  const inVendorsWords = vendorFacts(view)
  if (inVendorsWords.length > 0) print(`\n${facts(inVendorsWords)}`)
  const { problem } = view.run
  // Quiet hours are what was wished for: when it goes on is said with its times.
  if (problem !== null && problem.code !== 'schedule.quiet') {
    print()
    printProblem(problem.code, problem.message, problem.advice)
  }
  printHeld(view)
  const commands = next ? nextCommands(view) : []
  if (commands.length > 0) print(`\n${facts(commands)}`)
}

const marks = { good: '✓', warn: '!', bad: '✗', stopped: '■', active: '…', waiting: '…' } as const

function headline({ run, words: vendor }: RunView): string {
  const { tone } = runMachine.states[run.state]
  const label = vendor?.state ?? run.label
  const what = run.dryRun && run.state === 'skipped' ? 'Dry run: nothing was written' : label
  return `${inTone(tone, `${marks[tone]} ${what}`)}  ${color.bold(run.job)}  ${color.dim(run.id)}`
}

function about(view: RunView): [string, string][] {
  const { run } = view
  const lines: [string, string][] = []
  if (run.file !== null) lines.push(['File', `${run.file.name} (${size(run.file.originalBytes)})`])
  lines.push(['Started', startedText(view)])
  if (run.seen !== null) lines.push(['Left out', leftOut(run.seen)])
  if (run.revertedBy !== null) lines.push(['Undone by', run.revertedBy])
  if (run.mirrors !== null)
    lines.push(['Mirrors', `${run.mirrors}: people whom its file does not have any more`])
  if (run.mirroredBy !== null) lines.push(['Then', `${run.mirroredBy} deletes who is missing from the file`])
  if (run.parents.length > 0)
    lines.push([run.trigger === 'process' ? 'Processes' : 'Retries', `records of ${run.parents.join(', ')}`])
  if (run.skippedFor !== null)
    lines.push(['Skipped', `the same import was done by ${run.skippedFor}; --again does it once more`])
  return lines
}

/** What retries mended: of a parent its failed records, of a child run its own. */
function mendedLines({ run, counters }: RunView): string[] {
  if (run.mended !== null) {
    const { failed, mended, left } = run.mended
    if (mended === 0) return [`Retried in ${run.children.join(', ')}; ${number(failed)} still fail.`]
    const by = ` of the failed records mended by ${run.children.join(', ')}`
    return [
      `${number(mended)} of ${number(failed)}${by}; ${left === 0 ? 'none fails any more' : `${number(left)} still fail`}.`,
    ]
  }
  if (run.children.length > 0) return [`Records of it were retried in ${run.children.join(', ')}.`]
  if (run.trigger !== 'retry' || !run.settled || run.dryRun || run.skippedFor !== null) return []
  if (counters.new > 0)
    return [`${plural(counters.new, 'record')} wait${counters.new === 1 ? 's' : ''} to be processed.`]
  const unchanged = counters.skipped['unchanged_correction'] ?? 0
  const left = counters.failed.total + unchanged
  const rest = unchanged === 0 ? '' : ` (${number(unchanged)} as ${unchanged === 1 ? 'it was' : 'they were'})`
  const head = `${number(counters.read - left)} of ${number(counters.read)} mended`
  if (left === 0) return [counters.read === 1 ? 'It went in.' : `All ${number(counters.read)} went in.`]
  return [`${head}; ${number(left)} still fail${rest}.`]
}

/** Which lines `--skip-seen` left out, or why none. */
function leftOut({ with: base, why, before }: NonNullable<RunView['run']['seen']>): string {
  if (base !== null) return `lines that ${base} had delivered`
  const none = 'no line: '
  if (why === 'changed') return `${none}the mapping, dialect or write mode changed since ${before}`
  if (why === 'under_way') return `${none}${before}, the run before, has not ended`
  if (why === 'unfinished') return `${none}${before}, the run before, ended midway`
  return `${none}this is the first run of the job`
}

type Line = readonly [label: string, count: number, level: 0 | 1, note?: string]

/** total = finished + skipped + failed (+ retry, waiting, new) + left, each with its parts. */
function lawLines({ run, counters }: RunView): Line[] {
  const { finished, skipped, failed } = counters
  const parts = (
    of: Readonly<Record<string, number>>,
    name: (key: string) => string,
    note?: (key: string) => string,
  ): Line[] =>
    Object.entries(of)
      .filter(([key, count]) => key !== 'total' && count > 0)
      .map(([key, count]) => [name(key), count, 1, note?.(key) ?? ''])
  const open = (['retry', 'waiting', 'new'] as const).filter((state) => counters[state] > 0)
  return [
    ['finished', finished.total, 0],
    ...parts(finished, words),
    ['skipped', skipped.total, 0],
    ...parts(skipped, words, (reason) => noted(run.notes[reason])),
    ['failed', failed.total, 0],
    ...parts(failed, (code) => definitionOf(code).title.toLowerCase()),
    ...open.map((state): Line => [state, counters[state], 0]),
    ...(counters.left === null || counters.left === 0
      ? []
      : [['left', counters.left, 0, 'not read'] as const]),
  ]
}

function sums(view: RunView): string {
  const { total, read } = view.counters
  const lines = lawLines(view)
  const label = Math.max(...lines.map(([name, , level]) => widthOf(name) + 2 * level), 8)
  const width = Math.max(widthOf(number(total ?? read)), 3)
  const row = (name: string, count: number, level: number, note = ''): string => {
    const text = `  ${'  '.repeat(level)}${pad(name, label - 2 * level)}  ${pad(number(count), width, true)}`
    const styled = level > 0 ? color.dim(text) : name === 'failed' && count > 0 ? color.yellow(text) : text
    return note === '' ? styled : `${styled}  ${color.dim(note)}`
  }
  const body = lines.map(([name, count, level, note]) => row(name, count, level, note))
  const rule = `  ${' '.repeat(label)}  ${'─'.repeat(width)}`
  const sum = row(total === null ? 'so far' : 'records', total ?? read, 0)
  return [...body, color.dim(rule), color.bold(sum)].join('\n')
}

function warningLines({ run }: RunView): string[] {
  return Object.entries(run.warnings).map(([code, count]) =>
    color.yellow(
      paragraph(`${number(count)} went in with a warning: ${definitionOf(code).title.toLowerCase()}`),
    ),
  )
}

/** Keys that only appear deep in a file, which nobody had mapped by then. */
function lateColumns({ run }: RunView): string[] {
  const late = run.validation?.['unmapped']
  if (!Array.isArray(late) || late.length === 0) return []
  return [
    color.yellow(
      paragraph(`These columns appear only later in the file and were not imported: ${late.join(', ')}`),
    ),
  ]
}

function times({ seconds, rates }: RunView): [string, string][] {
  const stages = (['fetching', 'validating', 'importing', 'processing'] as const).filter(
    (stage) => seconds[stage] > 0,
  )
  const each = stages.map((stage) => `${stage} ${duration(seconds[stage])}`).join(color.dim(' · '))
  const rate =
    rates.recordsPerSecond === null ? '' : color.dim(`  (${number(rates.recordsPerSecond)} records/s)`)
  return [['Time', `${duration(seconds.all)}${each === '' ? '' : color.dim(' = ')}${each}${rate}`]]
}

/** At most the file and two commands: more would not be read. */
function nextCommands(view: RunView): [string, string][] {
  const { run, artifacts, counters } = view
  const lines: [string, string][] = []
  const { errors } = artifacts
  if (errors?.path !== undefined) lines.push(['Error file', errors.path])
  if (counters.failed.total > 0) lines.push(['See the errors', `sluice run errors ${run.id}`])
  const rejected = Number(run.validation?.['rejected'] ?? 0)
  if (run.state === 'held' && rejected > 0) lines.push(['Causes', `sluice run errors ${run.id}`])
  if (run.settled && counters.new + counters.retry > 0)
    lines.push(['Process them', `sluice records process ${shellWord(run.job)}`])
  for (const move of run.moves)
    if (move !== 'stop' || !run.settled) lines.push([doing[move] ?? move, `sluice run ${move} ${run.id}`])
  const { created, updated, merged, deleted = 0 } = counters.finished
  const undoable = run.undoableUntil !== null && created + updated + merged + deleted > 0
  // With errors to see and a run to undo, two commands are enough.
  if (counters.finished.total > 0 && run.settled && !(undoable && counters.failed.total > 0))
    lines.push(['See the records', `sluice records --run ${run.id}`])
  if (run.revertedBy !== null) lines.push(['Have it back', `sluice undo ${run.revertedBy}`])
  else if (undoable) lines.push(['Undo it', `sluice undo ${run.id}`])
  // What is typed goes to main unless it says otherwise.
  const inside = run.namespace === 'main' ? '' : ` --namespace ${run.namespace}`
  return lines.map(([label, text]) => [label, text.startsWith('sluice ') ? text + inside : text])
}

const doing: Readonly<Record<string, string>> = {
  stop: 'Stop it',
  release: 'Go ahead',
  drop: 'Drop it',
  resume: 'Continue',
  'retry-now': 'Do not wait',
}
