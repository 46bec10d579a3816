// The report of a dry run: what would become of the records, the first differences, and what would be set aside.
import type { RunView } from '../client/types.gen.ts'
import { notesOf, toCounters } from '../core/law.ts'
import { definitionOf } from '../core/problems.ts'
import type { StoredAbsent, StoredPlan } from '../core/storedReports.ts'
import { noted, number, plural, words } from './format.ts'
import { color, paragraph, print, table } from './terminal.ts'

/** Prints the change set a person can read; `next`: and how to do it. */
export function printDryRun({ run, counters }: RunView, next = true): void {
  const report = run.validation?.['dryRun'] as StoredPlan | undefined
  if (report === undefined) return
  print(`${color.magenta('■')} Dry run: nothing was written  ${color.bold(run.job)}  ${color.dim(run.id)}\n`)
  printPlan(report, run.validation?.['mirror'] as StoredAbsent | undefined, counters.total ?? 0)
  if (next) print(`\n  ${color.dim('To do it:')} the same command without --dry-run`)
}

/** What would become of the records, the first differences, and who would be deleted. */
export function printPlan(plan: StoredPlan, absent: StoredAbsent | null | undefined, total: number): void {
  const { finished, skipped, failed } = toCounters(plan.counters, total)
  const notes = notesOf(plan.counters)
  const lines: [string, number, string?][] = [
    ...parts(finished, (name) => `would be ${words(name)}`),
    ...parts(
      skipped,
      (name) => `would be skipped: ${words(name)}`,
      (reason) => noted(notes[reason]),
    ),
    ...parts(failed, (code) => `would fail: ${definitionOf(code).title.toLowerCase()}`),
  ]
  const heads = [
    { title: '', flexible: true },
    { title: '', right: true },
    { title: '', flexible: true },
  ]
  print(
    table(
      heads,
      [
        ...lines.map(([name, count, note]) => [name, number(count), color.dim(note ?? '')]),
        [color.bold('records'), color.bold(number(total)), ''],
      ],
      2,
    ),
  )
  if (plan.newAttributes.length > 0)
    print(`\n${paragraph(`New attributes: ${plan.newAttributes.join(', ')}`)}`)
  if (plan.repeats > 0)
    print(
      `\n${color.dim(paragraph(`${plural(plan.repeats, 'record')} of people who are new in this file and come again count as updated.`))}`,
    )
  printDifferences(plan)
  printDeleted('Would be deleted', plan.counters['finished.deleted'] ?? 0, plan.deleted ?? [])
  if (absent != null) printAbsent(absent)
}

function printAbsent({ people, names, unreadable, firstUnreadable }: StoredAbsent): void {
  if (unreadable > 0)
    print(
      `\n${color.yellow(paragraph(`Nobody would be deleted: the identifiers of ${plural(unreadable, 'line')} cannot be read (first: line ${number(firstUnreadable ?? 0)}), so it is not known who is missing.`))}`,
    )
  else if (people === 0) print(`\n${paragraph('Nobody this job delivered before is missing from the file.')}`)
  else printDeleted('Missing from the file, and would be deleted', people, names)
}

/** `Would be deleted: 12 people: c1, c2, …` */
function printDeleted(what: string, people: number, names: readonly string[]): void {
  if (people === 0) return
  const more = people > names.length ? ', …' : ''
  const who = names.length === 0 ? '' : `: ${names.join(', ')}${more}`
  print(`\n${color.yellow(paragraph(`${what}: ${peopleText(people)}${who}`))}`)
}

/** 1 person, 12 people. */
export function peopleText(count: number): string {
  return count === 1 ? '1 person' : `${number(count)} people`
}

function parts(
  of: Readonly<Record<string, number>>,
  name: (key: string) => string,
  note: (key: string) => string = () => '',
): [string, number, string][] {
  return Object.entries(of)
    .filter(([key, count]) => key !== 'total' && count > 0)
    .map(([key, count]) => [name(key), count, note(key)])
}

function printDifferences({ differences }: StoredPlan): void {
  if (differences.length === 0) return
  print('\n  First differences:\n')
  const heads = [
    { title: 'who', flexible: true },
    { title: 'attribute' },
    { title: 'now', flexible: true },
    { title: '' },
    { title: 'then', flexible: true },
  ]
  const rows = differences.map(({ identifier, profileId, attribute, before, after }) => [
    identifier ?? `profile ${profileId}`,
    attribute,
    before ?? '(empty)',
    '→',
    after ?? '(empty)',
  ])
  print(table(heads, rows, 2))
}
