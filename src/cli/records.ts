// `sluice records`: what became of each record.
import type { Command } from 'commander'
import type { RecordPageView, RecordView } from '../client/types.gen.ts'
import { recordMachine, type RecordState } from '../core/record.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { number, time, words } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, inTone, print, printJson, table } from './terminal.ts'

/** What became of the records that are meant; the same for listing, retrying and skipping. */
export interface RecordFilterOptions {
  readonly run?: string
  readonly job?: string[]
  readonly id?: string
  readonly idContains?: string
  readonly type?: string
  readonly typeContains?: string
  readonly createdSince?: string
  readonly createdUntil?: string
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
  readonly dialect: string
  readonly cursor?: string
  readonly limit: string
}

export async function listRecords(host: Host, command: Command): Promise<number> {
  const options = command.opts<Options>()
  const { json, allAttempts } = options
  const query = { ...filtersIn(options), all_attempts: allAttempts, dialect: options.dialect }
  return withClient(host, options, async (client) => {
    const page = await search(client, query, options)
    if (json === true) printJson(page)
    else printPage(page)
    return exits.ok
  })
}

/** Pages are put together for so long, in milliseconds: each looks at so many rows and no more. */
const patience = 10_000

/** As many records as were asked for, where there are so many. */
async function search(
  client: Client,
  query: Readonly<Record<string, unknown>>,
  { cursor, limit }: Options,
): Promise<RecordPageView> {
  const started = performance.now()
  const wanted = Number(limit)
  const records: RecordView[] = []
  for (let at = cursor; ;) {
    // A limit that is no number is for the server to refuse.
    const rest = Number.isInteger(wanted) ? wanted - records.length : limit
    const page = await client.get('/records', { ...query, cursor: at, limit: rest })
    records.push(...page.records)
    const full = records.length >= wanted || performance.now() - started > patience
    if (page.next === null || full) return { ...page, records }
    at = page.next
  }
}

/** The filters as the API names them. */
export function filtersIn(options: RecordFilterOptions): Record<string, unknown> {
  const { run, job, state, outcome, reason, code, id, type, identifier, contains, profile, since, until } =
    options
  return {
    run,
    job,
    state,
    outcome,
    reason,
    code,
    id,
    id_contains: options.idContains,
    type,
    type_contains: options.typeContains,
    identifier,
    contains,
    profile,
    created_since: options.createdSince,
    created_until: options.createdUntil,
    since,
    until,
  }
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
  else if (next === null) print(nothing)
  if (next === null) return
  const more = records.length === 0 ? `Nothing found back to ${next} yet.` : 'There are more.'
  print(color.dim(`\n${more} Go on with the same command and --cursor ${next}`))
}

const nothing = `No record fits. ${color.dim('Without filters all are listed; sluice import FILE brings some in.')}`

function rowOf(record: RecordView): string[] {
  const detail = record.outcome ?? record.reason
  const tone = recordMachine.states[record.state as RecordState].tone
  return [
    record.id,
    inTone(tone, record.word ?? (detail === null ? record.state : `${record.state}, ${words(detail)}`)),
    record.identifier ?? '–',
    record.profile === null ? '–' : String(record.profile),
    record.line === null ? '' : number(record.line),
    time(record.at),
    remarkOn(record),
  ]
}

/** What was done about it since goes before what was wrong with it. */
function remarkOn({ retriedIn, origin, problem, warnings, retry }: RecordView): string {
  const what = problem?.message ?? warnings[0]?.message ?? ''
  const since = retriedIn === null ? [] : [`retried in ${retriedIn}`]
  const before = origin === null ? [] : [`retry of ${origin}`]
  const next = retry === null ? [] : [`attempt ${retry.attempt} of ${retry.of} at ${time(retry.nextAt)}`]
  return [...since, ...before, ...next, ...(what === '' ? [] : [what])].join(' · ')
}
