// `sluice explain`: a problem code, a record, or a line of a file, imported or not.
import type { Command } from 'commander'
import type { ExplanationView } from '../client/types.gen.ts'
import { failure, problems } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { printExplanation } from './explanation.ts'
import type { Host } from './host.ts'
import type { ExplainOptions, Place } from './explainFile.ts'
import { withClient } from './session.ts'
import { sourcesOf, type FileSource } from './sources.ts'
import { printJson } from './terminal.ts'

interface Options extends ExplainOptions {
  readonly line?: string
  readonly record?: string
  readonly identifier?: string
}

const recordForm = /^r?(\d{1,15})\/(\d{1,15})$/
const runForm = /^r?\d{1,15}$/

/** Decides by its form what was asked about. */
export async function explain(host: Host, command: Command, [what]: string[]): Promise<number> {
  const options = command.opts<Options>()
  if (options.identifier !== undefined)
    return (await import('./mentions.ts')).showMentions(host, options, options.identifier)
  if (what === undefined)
    throw failure('usage.unknown', {
      detail: 'Name a record (r1042/17), a file with --line, or a problem code.',
      command: 'sluice explain',
    })
  const record = recordForm.exec(what)
  if (record !== null)
    return show(host, options, (client) =>
      client.get('/runs/{run}/records/{record}/explanation', { run: `r${record[1]}`, record: record[2]! }),
    )
  const place = placeIn(options)
  if (place === undefined) {
    if (Object.hasOwn(problems, what) || !(await isFile(what)))
      return (await import('./smallCommands.ts')).explainCode(host, command, [what])
    throw failure('usage.unknown', {
      detail: `Say which line of ${what}: --line 18, or --record 17.`,
      command: 'sluice explain',
    })
  }
  if (runForm.test(what) && !(await isFile(what)))
    return show(host, options, (client) => client.get('/explanations', { run: what, ...place }))
  const { explainSource } = await import('./explainFile.ts')
  const { withParts } = await import('./containers.ts')
  return withParts(await sourcesOf([what]), options, (sources) => {
    const source = theOnly(sources)
    return show(host, options, (client) => explainSource(client, source, options, place))
  })
}

/** A line is one of one sheet, or of one file. */
function theOnly(sources: readonly FileSource[]): FileSource {
  const [source, second] = sources
  if (source !== undefined && second === undefined) return source
  const names = sources.map(({ name }) => name).join(', ')
  throw failure('usage.unknown', {
    detail: `There are several (${names}): choose one with --sheet or --member.`,
    command: 'sluice explain',
  })
}

function placeIn({ line, record }: Options): Place | undefined {
  const number = (flag: string, text: string): number => {
    const value = Number(text.replaceAll(/[,_]/g, ''))
    if (Number.isSafeInteger(value) && value > 0) return value
    throw failure('usage.unknown', {
      detail: `${flag} takes a number from 1 on; not ${text}.`,
      command: 'sluice explain',
    })
  }
  if (line !== undefined) return { line: number('--line', line) }
  return record === undefined ? undefined : { record: number('--record', record) }
}

async function isFile(what: string): Promise<boolean> {
  if (what === '-') return true
  return sourcesOf([what]).then(
    () => true,
    () => false,
  )
}

async function show(
  host: Host,
  options: Options,
  ask: (client: Client) => Promise<ExplanationView>,
): Promise<number> {
  return withClient(host, options, async (client) => {
    const view = await ask(client)
    if (options.json === true) printJson(view)
    else printExplanation(view)
    return exits.ok
  })
}
