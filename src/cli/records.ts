// `sluice records`: what became of each record.
import type { Command } from 'commander'
import type { RecordPageView, RecordView } from '../api/records.ts'
import { recordMachine, type RecordState } from '../core/record.ts'
import { exits } from './exit.ts'
import { number, time, words } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, inTone, print, printJson, table } from './terminal.ts'

/** What became of the records that are meant; the same for listing, retrying and skipping. */
export interface RecordFilterOptions {
  readonly run?: string
  readonly state?: string
  readonly outcome?: string
  readonly reason?: string
  readonly code?: string
  readonly identifier?: string
  readonly contains?: string
  readonly profile?: string
  readonly since?: string
  readonly until?: string
}

interface Options extends SharedOptions, RecordFilterOptions {
  readonly allAttempts?: boolean
  readonly cursor?: string
  readonly limit: string
}

export async function listRecords(host: Host, command: Command): Promise<number> {
  const options = command.opts<Options>()
  const { namespace: _, json, allAttempts, ...query } = options
  return withClient(host, options, async (client) => {
    const page = await client.get<RecordPageView>('/records', { ...query, all_attempts: allAttempts })
    if (json === true) printJson(page)
    else printPage(page)
    return exits.ok
  })
}

const heads = [
  { title: 'record' },
  { title: 'what became of it' },
  { title: 'identifier', flexible: true },
  { title: 'profile', right: true },
  { title: 'line', right: true },
  { title: 'when' },
  { title: 'problem', flexible: true },
]

export function printPage({ records, next }: RecordPageView): void {
  if (records.length > 0) print(table(heads, records.map(rowOf)))
  else if (next === null) print('No record fits.')
  if (next === null) return
  const more = records.length === 0 ? `Nothing found back to ${next} yet.` : 'There are more.'
  print(color.dim(`\n${more} Go on with the same command and --cursor ${next}`))
}

function rowOf(record: RecordView): string[] {
  const detail = record.outcome ?? record.reason
  const tone = recordMachine.states[record.state as RecordState].tone
  return [
    record.id,
    inTone(tone, detail === null ? record.state : `${record.state}, ${words(detail)}`),
    record.identifier ?? '–',
    record.profile === null ? '–' : String(record.profile),
    record.line === null ? '' : number(record.line),
    time(record.at),
    remarkOn(record),
  ]
}

/** What was done about it since goes before what was wrong with it. */
function remarkOn({ retriedIn, origin, problem, warnings }: RecordView): string {
  const what = problem?.message ?? warnings[0]?.message ?? ''
  const since = retriedIn === null ? [] : [`retried in ${retriedIn}`]
  const before = origin === null ? [] : [`retry of ${origin}`]
  return [...since, ...before, ...(what === '' ? [] : [what])].join(' · ')
}
