// `sluice profiles show --history`: every value a person had, newest first, with who set it and what it replaced.
import type { HistoryView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, columns, paragraph, print, printJson, table, type Column } from './terminal.ts'
import { textOf } from './valueText.ts'
import { harmless } from './width.ts'

export interface HistoryOptions extends SharedOptions {
  readonly attribute?: string
  readonly cursor?: string
  readonly limit?: string
}

type Moment = HistoryView['moments'][number]

/** Prints the history of a profile; one that is gone too, with what became of it. */
export async function showHistory(host: Host, options: HistoryOptions, id: string): Promise<number> {
  const { attribute, cursor, limit } = options
  return withClient(host, options, async (client) => {
    const view = await client.get('/profiles/{profile}/history', { profile: id, attribute, cursor, limit })
    if (options.json === true) printJson(view)
    else printHistory(view, options)
    return exits.ok
  })
}

function printHistory(view: HistoryView, { attribute }: HistoryOptions): void {
  print(color.bold(`Profile ${view.profile}`) + madeBy(view) + fateOf(view))
  for (const { profile, by, at } of view.merged)
    print(color.dim(`  took in profile ${profile} by ${by} on ${time(at)}`))
  if (view.moments.length === 0)
    print(
      `\n${paragraph(attribute === undefined ? 'Nothing more is known.' : `It never had a value of ${attribute}.`)}`,
    )
  else print(`\n${table(heads, rowsOf(view), 2)}`)
  if (view.cut)
    print(
      color.yellow(`\n${paragraph('It has more changes than are read at once: the oldest are not shown.')}`),
    )
  if (view.next !== null)
    print(color.dim(`\nThere is more. Go on with the same command and --cursor ${view.next}`))
}

/** Only where the page goes back that far. */
function madeBy({ moments, profile }: HistoryView): string {
  const first = moments.find((moment) => moment.first && moment.profile === profile)
  return first === undefined ? '' : color.dim(`  made by ${first.by.record} on ${time(first.at)}`)
}

function fateOf({ gone }: HistoryView): string {
  if (gone === null) return ''
  const what = gone.into === null ? 'was deleted' : `was merged into profile ${gone.into}`
  return `  ${color.yellow(`${what} by ${gone.by.record} on ${time(gone.at)}`)}`
}

const heads: readonly Column[] = [
  { title: '' },
  { title: '' },
  { title: 'value', flexible: true },
  { title: 'written' },
  { title: 'by' },
  { title: 'line', flexible: true },
  { title: '', flexible: true },
]

/** Identifiers first, then attributes in the order in which they come up; newest first within, named once. */
function rowsOf({ moments, profile }: HistoryView): string[][] {
  const groups = new Map<string, Moment[]>()
  const ordered = [...moments].sort((a, b) => Number(a.identifier === null) - Number(b.identifier === null))
  for (const moment of ordered) groups.set(moment.label, [...(groups.get(moment.label) ?? []), moment])
  return [...groups].flatMap(([label, of]) =>
    of.map((moment, i) => [i === 0 ? color.bold(label) : '', ...cellsOf(moment, profile)]),
  )
}

function cellsOf(moment: Moment, profile: number): string[] {
  const { by, stands, at } = moment
  const now = stands && moment.what !== 'removed'
  const cells = [
    valueOf(moment),
    // The second tells nobody anything, and on a narrow terminal the value needs the room.
    time(at).slice(0, isNarrow() ? 10 : 16),
    by.record,
    placeOf(by),
    notesOf(moment, profile).join('; '),
  ]
  return now ? [color.green('now'), ...cells] : ['', ...cells.map((cell) => color.dim(cell))]
}

function isNarrow(): boolean {
  return columns() < 100
}

function placeOf({ file, line }: Moment['by']): string {
  if (file === null) return ''
  return line === null ? harmless(file) : `${harmless(file)}:${line}`
}

function valueOf({ attribute, what, value }: Moment): string {
  if (what === 'restored') return '(brought back)'
  const text = textOf(value)
  if (attribute !== null) return text === '' ? '(cleared)' : text
  return what === 'removed' ? `− ${text}` : `+ ${text}`
}

function notesOf(moment: Moment, profile: number): string[] {
  const { how, asserted, from, by, what, profile: of } = moment
  const notes: string[] = []
  if (what === 'restored')
    notes.push(from === null ? 'it had been removed' : `it had been merged into profile ${from}`)
  else if (from !== null)
    notes.push(`came with profile ${from}${asserted === null ? '' : `, from ${asserted.record}`}`)
  else if (how === 'undone') notes.push(`put back${asserted === null ? '' : ` as ${asserted.record} had it`}`)
  else if (how === 'confirmed' && asserted !== null && !isNarrow())
    notes.push(`confirmed by ${asserted.record}`)
  if (what === 'removed') notes.push(how === 'undone' ? 'taken back' : 'replaced')
  if (by.trigger === 'retry') notes.push('a corrected record')
  if (by.reverted) notes.push('undone since')
  if (of !== profile) notes.push(`as profile ${of}`)
  return notes
}
