// Mapping memory at the terminal: what was done with such a file before, and what is different this time.
import type { RecallAnswer } from '../client/types.gen.ts'
import { systemClock } from '../core/clock.ts'
import { decidedBy, type MappingFlags } from '../core/mappingFlags.ts'
import { recall, type HeaderNews, type Recalled } from '../core/mappingMemory.ts'
import type { WritePolicy } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import { proposeMapping } from '../core/proposal.ts'
import type { InspectReport } from '../formats/inspect.ts'
import { Client } from './client.ts'
import { plural } from './format.ts'
import type { Host } from './host.ts'
import { countryOf } from './importFlags.ts'
import { color, paragraph, print, table } from './terminal.ts'

export interface FromMemory extends Recalled {
  readonly remembered: NonNullable<RecallAnswer['remembered']>
}

/** What is remembered of files like this one, laid over its proposal; null: nothing. */
export async function fromMemory(
  client: Client,
  job: string,
  report: InspectReport,
  flags: MappingFlags,
): Promise<FromMemory | null> {
  const columns = report.columns.map(({ column }) => column)
  const { format, headerLines } = report.dialect
  const question = { columns, dialect: { format, headerLines }, job }
  const { remembered } = await client.post('/mappings/recall', { body: question })
  if (remembered === null) return null
  const { proposal } = report
  const decided = decidedBy(flags, proposal.mapping.columns)
  const { run, definition } = remembered
  return { remembered, ...recall(proposal, report.columns, { run, ...definition }, decided) }
}

/** The same for a look that starts no server: null also where none is up, or where it cannot be asked. */
export async function fromMemoryIfUp(
  host: Host,
  job: string,
  report: InspectReport,
  flags: MappingFlags,
): Promise<FromMemory | null> {
  const server = await host.find().catch(() => undefined)
  if (server === undefined) return null
  const client = new Client(server, 'main')
  try {
    // What an import would propose: it knows the attributes there are, a look at the file alone does not.
    const { attributes } = await client.get('/attributes')
    const proposal = proposeMapping(report.columns, { attributes, country: countryOf(flags) })
    return await fromMemory(client, job, { ...report, proposal }, flags)
  } catch {
    return null
  } finally {
    client.close()
  }
}

const signs: Readonly<Record<HeaderNews['kind'], string>> = {
  new: color.green('+'),
  gone: color.red('-'),
  renamed: color.yellow('~'),
  changed: color.cyan('?'),
  left: color.yellow('!'),
}

/** Says which import is remembered, what is different in this file, and where that one was told otherwise. */
export function printMemory(memory: FromMemory, policy: WritePolicy): void {
  const { run, definition } = memory.remembered
  sayRemembered('Mapping remembered from', memory)
  const otherwise = policyFlags(definition.policy, policy)
  if (otherwise.length === 0) return
  const text = `${run} was imported with ${otherwise.join(' ')}; this import is not, unless you add it.`
  print(`\n${color.yellow('!')}${paragraph(text).slice(1)}`)
}

/** What `sluice import` would remember. */
export function printWouldRemember(memory: FromMemory): void {
  sayRemembered('sluice import would use the mapping of', memory)
}

function sayRemembered(verb: string, { remembered: { run, file, job, at }, news }: FromMemory): void {
  const from = `${verb} ${color.bold(run)} (${file ?? job}, ${ago(at, systemClock.now())})`
  if (news.length === 0) return print(`\n  ${from}. ${color.dim('--no-memory proposes afresh.')}`)
  print(`\n  ${from}. Different this time:`)
  const rows = news.map(({ kind, column, text }) => [signs[kind], column, words[kind], text])
  print(table([{ title: '' }, { title: '' }, { title: '' }, { title: '', flexible: true }], rows, 4))
  print(color.dim('  --no-memory proposes afresh.'))
}

/** A filter or a step that would be missing is nothing to find out by the result: with --yes it is refused. */
export function refuseLoss({ news, remembered: { run } }: FromMemory): void {
  const left = news.filter(({ kind }) => kind === 'left').map(({ column }) => column)
  if (left.length === 0) return
  throw failure('usage.ambiguous', {
    question: `${left.join(', ')} of ${run} cannot be taken over, as columns are gone or renamed. Shall it be left out?`,
    flag: `--no-memory, or with a mapping that fits: sluice mapping show ${run} --save FILE, then --mapping FILE`,
  })
}

const words: Readonly<Record<HeaderNews['kind'], string>> = {
  new: 'new',
  gone: 'gone',
  renamed: 'renamed',
  changed: 'changed',
  left: 'left',
}

/** The flags that make one policy of the other. */
function policyFlags(then: WritePolicy, now: WritePolicy): string[] {
  const flags: readonly [keyof WritePolicy, string][] = [
    ['mode', '--mode'],
    ['onSeveral', '--on-several'],
    ['duplicates', '--duplicates'],
  ]
  return flags
    .filter(([name]) => then[name] !== now[name])
    .map(([name, flag]) => `${flag} ${then[name].replaceAll('_', '-')}`)
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `just now`, `3 days ago`. */
export function ago(iso: string, now: number): string {
  const passed = now - Date.parse(iso)
  if (passed < minute) return 'just now'
  if (passed < hour) return `${plural(Math.floor(passed / minute), 'minute')} ago`
  if (passed < day) return `${plural(Math.floor(passed / hour), 'hour')} ago`
  return `${plural(Math.floor(passed / day), 'day')} ago`
}
