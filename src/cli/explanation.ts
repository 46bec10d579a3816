// An explanation on the terminal: the answer first, then read, map, check, match and plan, each with its reason.
import type { DecisionView, ExplanationView } from '../client/types.gen.ts'
import { number, time, words } from './format.ts'
import { notMapped } from '../core/explain/traceMapping.ts'
import { dialectText } from './preview.ts'
import { color, paragraph, print, table, type Column } from './terminal.ts'
import { textOf } from './valueText.ts'
import { harmless, pad } from './width.ts'

/** Prints everything that is known about one record. */
export function printExplanation(view: ExplanationView): void {
  print(color.bold(paragraph(harmless(view.answer), 0)))
  const advice = adviceIn(view)
  if (advice !== null) print(paragraph(harmless(advice)))
  if (view.read === null && view.map.length === 0 && view.decided === null) {
    if (view.record !== null) print(`\n${paragraph(headOf(view), 0)}`)
    return printRuns(view)
  }
  print(`\n${paragraph(headOf(view), 0)}`)
  section('Read', readLines(view))
  section('Map', mapLines(view))
  section('Check', checkLines(view))
  if (view.decided !== null) printDecision(view.decided, view, 'then')
  if (view.now !== null) printNow(view.now, view)
  printRuns(view)
}

/** What to do is said while there is something to do. */
function adviceIn({ rows, now, record }: ExplanationView): string | null {
  const last = rows.at(-1)
  if (last !== undefined) return last.problem?.advice ?? null
  return record === null ? (now?.problem?.advice ?? null) : null
}

function headOf({ record, file, line, lastLine, run, rows }: ExplanationView): string {
  const lines =
    line === null
      ? ''
      : line === lastLine
        ? `line ${number(line)}`
        : `lines ${number(line)} to ${number(lastLine)}`
  const place = file === null ? lines : lines === '' ? file : `${lines} of ${file}`
  const when = rows[0]?.at ?? run?.at ?? null
  const parts = [
    ...(record === null ? [] : [color.cyan(record)]),
    ...(place === '' ? [] : [harmless(place)]),
    ...(rows[0]?.origin == null ? [] : [`again ${rows[0].origin}`]),
    ...(run === null ? [] : [`job ${harmless(run.job)}`, run.label.toLowerCase()]),
    ...(when === null ? [] : [time(when)]),
  ]
  return parts.join(color.dim(' · '))
}

const gutter = 8

/** A word in the margin, and the lines beside it. */
function section(name: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  const [first, ...rest] = lines.flatMap((text) => text.split('\n'))
  print(`\n${color.cyan(pad(name, gutter))}${(first ?? '').trimStart()}`)
  for (const text of rest) print(text)
}

function beside(text: string): string {
  return paragraph(text, gutter)
}

function grid(heads: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [table(heads, rows, gutter)]
}

function readLines({ read, checks }: ExplanationView): string[] {
  if (read === null)
    return [beside(color.dim('The content of this run is not kept any more: it cannot be read again.'))]
  const raw = read.raw.split(/\r\n|\r|\n/)
  const shown = raw.slice(0, 5).map((text) => beside(harmless(text)))
  const left = raw.length > shown.length || read.cut ? [beside(color.dim('…'))] : []
  const bytes = `bytes ${number(read.offset)} to ${number(read.offset + read.length)}, ${dialectText(read.dialect)}`
  const problem = checks.find(({ check }) => check === 'readable')?.problem ?? null
  return [
    ...shown,
    ...left,
    beside(color.dim(bytes)),
    ...(problem === null ? [] : [beside(`${color.red('✗')} ${harmless(problem.message)}`)]),
  ]
}

const mapHeads: readonly Column[] = [
  { title: 'column', flexible: true },
  { title: 'in the file', flexible: true },
  { title: 'becomes' },
  { title: 'value', flexible: true },
  { title: '', flexible: true },
]

function mapLines({ map, read }: ExplanationView): string[] {
  if (read?.problem !== undefined && read.problem !== null) return [beside(color.dim('not reached'))]
  const unused = map.filter(({ target, why }) => target === 'ignored' && why === notMapped)
  const rows = map.flatMap((trace) => {
    if (unused.includes(trace)) return []
    const { column, cell, target, key, value, what, why, problem, steps } = trace
    const becomes =
      target === 'identifier' ? color.cyan(`@${key}`) : target === 'as_of' ? 'as of' : (key ?? '–')
    const text = textOf(value)
    const same = text === harmless(cell ?? '')
    const note =
      problem === null
        ? (why ?? '')
        : what === 'refused'
          ? color.red(`✗ ${problem.code}`)
          : color.yellow(`! ${problem.code}`)
    const row = [
      harmless(column),
      harmless(cell ?? ''),
      becomes,
      same ? color.dim(text) : text,
      what === 'value' ? note : color.dim(note),
    ]
    const faint = what === 'ignored' || what === 'blank' || what === 'unused'
    return [
      faint ? row.map((one) => color.dim(one)) : row,
      ...steps.map(({ step, before, after }) =>
        [`  ${step}`, harmless(before), '→', harmless(after ?? ''), ''].map((one) => color.dim(one)),
      ),
    ]
  })
  const names = unused.map(({ column }) => column).join(', ')
  return [
    ...grid(mapHeads, rows),
    ...(unused.length === 0 ? [] : [beside(color.dim(`not in the mapping: ${harmless(names)}`))]),
  ]
}

const marks = { true: color.green('✓'), false: color.red('✗'), null: color.dim('·') } as const

function checkLines({ checks }: ExplanationView): string[] {
  return checks.map(({ says, passed, problem }) => {
    const text = harmless(passed === false && problem !== null ? problem.message : says)
    return beside(`${marks[`${passed}`]} ${passed === null ? color.dim(`${text}: not reached`) : text}`)
  })
}

const lookHeads: readonly Column[] = [
  { title: '' },
  { title: '', flexible: true },
  { title: '', flexible: true },
]

type LookedUp = DecisionView['identifiers'][number]

function lookedText({ what, owner }: LookedUp, when: 'then' | 'now'): string {
  const now = when === 'now'
  switch (what) {
    case 'match':
      return `${now ? 'belongs' : 'belonged'} to profile ${owner}`
    case 'nobody':
      return `nobody ${now ? 'has' : 'had'} it`
    case 'added':
      return now ? 'nobody has it: the profile would get it' : 'nobody had it: the profile got it'
    case 'other':
      return `belongs to ${owner === null ? 'somebody else' : `profile ${owner}`}, and stays there`
    case 'kept_back':
      return 'the profile has a later one'
    case 'blocked':
      return 'links nobody any more: too many people had it'
    case 'unknown':
      return ''
  }
}

function printDecision(decision: DecisionView, view: ExplanationView, when: 'then' | 'now'): void {
  const rows = decision.identifiers.map((one) => [
    color.cyan(`@${one.kind}`),
    harmless(one.value),
    lookedText(one, when),
  ])
  const why = decision.why === '' ? [] : [beside(color.dim(harmless(decision.why)))]
  if (rows.length === 0 && why.length === 0) why.push(beside(color.dim('not reached')))
  const said = view.checks.map(({ problem }) => problem?.message)
  const warnings = decision.warnings
    .filter(({ message }) => !said.includes(message))
    .map(({ message }) => beside(`${color.yellow('!')} ${harmless(message)}`))
  section('Match', [...grid(lookHeads, rows), ...why, ...warnings])
  section('Plan', planLines(decision, view, when))
}

const planHeads: readonly Column[] = [
  { title: '' },
  { title: 'before', flexible: true },
  { title: '' },
  { title: 'after', flexible: true },
  { title: '', flexible: true },
]

function planLines(decision: DecisionView, view: ExplanationView, when: 'then' | 'now'): string[] {
  const { values, removed } = decision
  const said = values.filter(({ verdict }) => verdict !== 'blank')
  const rows = said.map((value) => {
    const row = [
      value.attribute,
      textOf(value.before) || '(empty)',
      '→',
      value.verdict === 'lost' || value.verdict === 'kept'
        ? textOf(value.before)
        : textOf(value.after) || '(cleared)',
      noteOf(value, view, when),
    ]
    return value.verdict === 'written' ? row : row.map((cell) => color.dim(cell))
  })
  const blank = values.filter(({ verdict }) => verdict === 'blank').map(({ attribute }) => attribute)
  const empty =
    blank.length === 0 || said.length === 0
      ? []
      : [beside(color.dim(`blank in the file, left as it was: ${blank.join(', ')}`))]
  const gone = removed.map(({ kind, value }) => beside(`@${kind} ${harmless(value)} was replaced`))
  return [beside(outcomeOf(decision, when)), ...grid(planHeads, rows), ...gone, ...empty]
}

function outcomeOf({ state, outcome, reason, problem }: DecisionView, when: 'then' | 'now'): string {
  const was = when === 'then' ? '' : 'would be '
  if (state === 'failed') return `${was}set aside: ${problem?.code ?? ''}`
  if (state === 'skipped') return `${was}left out: ${words(reason ?? '')}`
  return `${was}${words(outcome ?? '')}`
}

function noteOf(
  { attribute, verdict, held, after }: DecisionView['values'][number],
  { later, record }: ExplanationView,
  when: 'then' | 'now',
): string {
  const by = held === null ? '' : ` ${held.record}`
  const since = when === 'then' ? later?.values.find((one) => one.attribute === attribute) : undefined
  const then = since?.what === 'replaced' ? `; replaced since by ${since.by?.record ?? ''}` : ''
  switch (verdict) {
    case 'written':
      return `${held === null ? 'new' : `instead of${by}`}${then}`
    case 'same':
      return `the same${held === null || held.record === record ? '' : ` as${by}`}${then}`
    case 'lost':
      return `${textOf(after)} is older than${by}`
    case 'kept':
      return `only fills what is empty; had${by}`
    case 'blank':
      return ''
  }
}

/** What would be decided now: one line where that is nothing, all of it where it is something. */
function printNow(now: DecisionView, view: ExplanationView): void {
  const { decided } = view
  if (decided === null) return printDecision(now, view, 'now')
  const same = decided.reason === now.reason && decided.problem?.code === now.problem?.code
  // What cannot be read does not become readable by waiting.
  if (decided.state === now.state && now.state !== 'finished' && same) return
  const changes = now.values.filter(({ verdict }) => verdict === 'written')
  const text =
    now.state === 'finished' && now.outcome === 'unchanged'
      ? 'If it came again, it would change nothing.'
      : `If it came again, it ${outcomeOf(now, 'now')}${now.profile === null ? '' : ` (profile ${now.profile})`}.`
  section('Now', [beside(text)])
  if (changes.length > 0 && now.state === 'finished')
    for (const line of planLines(now, view, 'now').slice(1)) print(line)
}

function printRuns({ otherRuns, alsoHere, decided, later, record }: ExplanationView): void {
  const profile = later?.profile ?? decided?.profile ?? null
  const next = [
    ...(alsoHere.length > 0 ? [`In the same line: ${alsoHere.join(', ')}`] : []),
    ...(otherRuns.length > 0
      ? [`${record === null ? 'The file was read by' : 'The file was also read by'} ${otherRuns.join(', ')}`]
      : []),
    ...(profile === null ? [] : [`The person: sluice profiles show ${profile} --history`]),
  ]
  if (next.length > 0) print()
  for (const text of next) print(color.dim(`  ${text}`))
}
