// The report of a dry run: what would become of the records, the first differences, and what would be set aside.
import type { RunView } from '../api/runView.ts'
import { notesOf, toCounters } from '../core/law.ts'
import { definitionOf } from '../core/problems.ts'
import { noted } from './receipt.ts'
import { number, plural, words } from './format.ts'
import { color, paragraph, print, table } from './terminal.ts'

/** As the pipeline keeps it in the run's validation. */
interface StoredDryRun {
  readonly counters: Readonly<Record<string, number>>
  readonly differences: readonly {
    readonly ordinal: number
    readonly identifier: string | null
    readonly profileId: number
    readonly attribute: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly repeats: number
  readonly newAttributes: readonly string[]
}

/** Prints the change set a person can read; `next`: and how to do it. */
export function printDryRun({ run, counters }: RunView, next = true): void {
  const report = run.validation?.['dryRun'] as StoredDryRun | undefined
  if (report === undefined) return
  const total = counters.total ?? 0
  const { finished, skipped, failed } = toCounters(report.counters, total)
  print(`${color.magenta('■')} Dry run: nothing was written  ${color.bold(run.job)}  ${color.dim(run.id)}\n`)
  const notes = notesOf(report.counters)
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
  if (report.newAttributes.length > 0)
    print(`\n${paragraph(`New attributes: ${report.newAttributes.join(', ')}`)}`)
  if (report.repeats > 0)
    print(
      `\n${color.dim(paragraph(`${plural(report.repeats, 'record')} of people who are new in this file and come again count as updated.`))}`,
    )
  printDifferences(report)
  if (next) print(`\n  ${color.dim('To do it:')} the same command without --dry-run`)
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

function printDifferences({ differences }: StoredDryRun): void {
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
