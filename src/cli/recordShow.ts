// `sluice records show`: one record in four parts.
import type { Command } from 'commander'
import type { RecordDetailView } from '../client/types.gen.ts'
import { parseRecordName } from '../core/origin.ts'
import { failure } from '../core/problems.ts'
import { recordMachine, type RecordState } from '../core/record.ts'
import { exits } from './exit.ts'
import { number, time, words } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, facts, inTone, paragraph, print, printJson, table } from './terminal.ts'
import { textOf } from './valueText.ts'
import { harmless } from './width.ts'

export async function showRecord(host: Host, command: Command, [id]: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const key = parseRecordName(id!)
  if (key === undefined)
    throw failure('usage.id', { text: id!, noun: 'record', example: 'r1042/17', list: 'sluice records' })
  return withClient(host, options, async (client) => {
    const view = await client.get('/runs/{run}/records/{record}', { run: `r${key.run}`, record: key.ordinal })
    if (options.json === true) printJson(view)
    else printDetail(view)
    return exits.ok
  })
}

function printDetail(view: RecordDetailView): void {
  printOverview(view)
  printData(view)
  printMessages(view)
  printExports(view)
  print(color.dim(`\nStep by step, with what is there now: sluice explain ${view.overview.id}`))
}

function stateText({
  state,
  outcome,
  reason,
}: {
  state: string
  outcome: string | null
  reason: string | null
}): string {
  const detail = outcome ?? reason
  const { tone } = recordMachine.states[state as RecordState]
  return inTone(tone, detail === null ? words(state) : `${state}, ${words(detail)}`)
}

function printOverview({ overview: record }: RecordDetailView): void {
  const { retry, problem } = record
  print(`${color.bold(record.id)}  ${stateText(record)}`)
  const lines: [string, string][] = [
    ['Job', harmless(record.job)],
    ['Type', harmless(record.type ?? '–')],
    ['Identifier', harmless(record.identifier ?? '–')],
    ['Profile', record.profile === null ? '–' : String(record.profile)],
    ['Landed', time(record.createdAt)],
    ['Changed', time(record.at)],
  ]
  if (record.settledBy !== null) lines.push(['Processed by', record.settledBy])
  if (record.origin !== null) lines.push(['Retry of', record.origin])
  if (record.retriedIn !== null) lines.push(['Retried in', record.retriedIn])
  if (retry !== null) lines.push(['Next', `attempt ${retry.attempt} of ${retry.of} at ${time(retry.nextAt)}`])
  print(facts(lines))
  if (problem === null) return
  print(`\n${paragraph(`${color.red('✗')} ${harmless(problem.message)}`)}`)
  print(paragraph(color.dim(problem.advice)))
}

function printData({ data }: RecordDetailView): void {
  print(`\n${color.cyan('Data')}`)
  if (data === null)
    return print(paragraph(color.dim('What was landed is not kept any more: it cannot be read again.')))
  const place = [data.line === null ? null : `line ${number(data.line)}`, data.file].filter(
    (part) => part !== null,
  )
  print(paragraph(color.dim(harmless(place.join(' of ')))))
  for (const line of data.raw
    .replace(/\s+$/, '')
    .split(/\r\n|\r|\n/)
    .slice(0, 5))
    print(paragraph(harmless(line)))
  if (data.cut) print(paragraph('…'))
  const rows = data.mapped
    .filter(({ target }) => target !== 'ignored')
    .map(({ column, cell, target, key, value }) => [
      harmless(column),
      harmless(cell ?? ''),
      target === 'identifier' ? `@${key}` : target === 'as_of' ? 'as of' : (key ?? '–'),
      textOf(value),
    ])
  if (rows.length === 0) return
  print()
  print(
    table(
      [
        { title: 'column', flexible: true },
        { title: 'in the file', flexible: true },
        { title: 'becomes' },
        { title: 'value', flexible: true },
      ],
      rows,
      2,
    ),
  )
}

const marks = { info: '·', warn: color.yellow('!'), error: color.red('✗') } as const

function printMessages({ importMessages }: RecordDetailView): void {
  print(`\n${color.cyan('Import messages')}`)
  if (importMessages.length === 0) print(paragraph(color.dim('None: everything fitted.')))
  for (const { stage, level, column, message } of importMessages) {
    const where = column === null ? stage : `${stage}, ${column}`
    print(paragraph(`${marks[level]} ${color.dim(`${harmless(where)}:`)} ${harmless(message)}`))
  }
}

function printExports({ exportMessages, overview }: RecordDetailView): void {
  print(`\n${color.cyan('Export messages')}`)
  if (exportMessages.length === 0)
    print(
      paragraph(
        color.dim(
          overview.state === 'finished'
            ? 'None: the run that read it wrote it into the profiles itself.'
            : recordMachine.states[overview.state as RecordState].settled === true
              ? 'None: it was not delivered.'
              : 'None yet.',
        ),
      ),
    )
  for (const said of exportMessages) {
    const why = said.message === null ? '' : `: ${harmless(said.message)}`
    print(paragraph(`${time(said.at)}  ${said.run}  ${stateText(said)}${why}`))
  }
}
