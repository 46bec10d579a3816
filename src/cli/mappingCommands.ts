// `sluice mapping show|list|forget|diff`: mappings of earlier imports, and what differs between two of them.
import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { RememberedList, RunDefinitionView } from '../client/types.gen.ts'
import { systemClock } from '../core/clock.ts'
import { changeText, diffDefinitions, type Comparable } from '../core/definitionDiff.ts'
import { mappingFromYaml, mappingToYaml } from '../core/mappingFile.ts'
import type { Mapping } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { printChangeLines } from './diffText.ts'
import { exits } from './exit.ts'
import { number, plural, time } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { ago } from './memory.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

interface ShowOptions extends SharedOptions {
  readonly save?: string
}

/** The mapping of a run as YAML; `--save` writes it to a new file. */
export async function showMapping(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<ShowOptions>()
  const id = runId(text)
  return withClient(host, options, async (client) => {
    const view = await definitionOf(client, id)
    const { mapping } = view.definition
    if (options.save !== undefined) await saveMapping(options.save, mapping)
    if (options.json === true) printJson(options.save === undefined ? view : { saved: options.save })
    else if (options.save === undefined) print(titled(view, mappingToYaml(mapping)).trimEnd())
    else
      print(
        `${color.green('✓')} Saved ${options.save}\n  Use it: sluice import FILE --mapping ${options.save}`,
      )
    return exits.ok
  })
}

/** A comment, so that what is printed is a mapping file as well. */
function titled({ run, job, version, createdAt }: RunDefinitionView, yaml: string): string {
  return `# The mapping of ${run} (${job.replaceAll(/\s/g, ' ')}, version ${version}, ${time(createdAt)}).\n${yaml}`
}

/** Writes a mapping as YAML. An existing file is left alone: somebody may have edited it. */
async function saveMapping(file: string, mapping: Mapping): Promise<void> {
  await writeFile(file, mappingToYaml(mapping), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw failure('usage.file_exists', { file })
    throw failure('usage.file_unwritable', { file, detail: error.message })
  })
}

/** What a run was told to do. Throws `not_found`. */
export function definitionOf(client: Client, run: string): Promise<RunDefinitionView> {
  return client.get('/runs/{run}/definition', { run })
}

/** Reads a mapping file. Throws `usage.file_unreadable` and `mapping.file_invalid`. */
export async function readMapping(file: string): Promise<Mapping> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw failure('usage.file_unreadable', { file, detail: error.message })
  })
  return mappingFromYaml(text)
}

interface ListOptions extends SharedOptions {
  readonly limit: string
}

/** The headers whose mapping is remembered, the most recently used first. */
export async function listMappings(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  return withClient(host, options, async (client) => {
    const found = await client.get('/mappings', { limit: options.limit })
    if (options.json === true) printJson(found)
    else printRemembered(found)
    return exits.ok
  })
}

function printRemembered({ remembered }: RememberedList): void {
  if (remembered.length === 0)
    return print('Nothing is remembered yet: the first import of a file does that.')
  const rows = remembered.map(({ run, file, job, at, columns }) => [
    run,
    file ?? job,
    ago(at, systemClock.now()),
    number(columns.length),
    columns.slice(0, 12).join(', '),
  ])
  const heads = [
    { title: 'run' },
    { title: 'file', flexible: true },
    { title: 'used' },
    { title: 'columns', right: true },
    { title: '', flexible: true },
  ]
  print(table(heads, rows))
}

/** What such files become is proposed afresh next time. */
export async function forgetMapping(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const id = runId(text)
  return withClient(host, options, async (client) => {
    const { forgotten } = await client.post('/runs/{run}/forget-mapping', { run: id })
    if (options.json === true) printJson({ forgotten })
    else if (forgotten === 0) print(`No mapping of ${id} is remembered. sluice mapping list shows what is.`)
    else print(`${color.green('✓')} Forgotten: ${plural(forgotten, 'header')} of ${id}.`)
    return exits.ok
  })
}

/** A run, or a mapping file; what looks like a run id is one. */
interface Side {
  readonly name: string
  readonly run: string | null
}

const isRun = /^r\d{1,15}$/

/** Two runs are compared with all that decides their result; with a file only the mapping is. */
export async function diffMappings(host: Host, command: Command, args: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const sides = args.map((name): Side => ({ name, run: isRun.test(name) ? name : null }))
  const [before, after] = sides as [Side, Side]
  const withFile = sides.some(({ run }) => run === null)
  const compare = async (load: (side: Side) => Promise<Comparable>): Promise<number> => {
    const changes = diffDefinitions(await load(before), await load(after))
    if (options.json === true)
      printJson({
        from: before.name,
        to: after.name,
        changes: changes.map((one) => ({ ...one, text: changeText(one) })),
      })
    else {
      print(`${color.bold(`${before.name} → ${after.name}`)}\n`)
      printChangeLines(changes, 'The two are the same.')
    }
    return exits.ok
  }
  if (sides.every(({ run }) => run === null)) return compare(fromFile)
  return withClient(host, options, (client) =>
    compare(async (side) => {
      if (side.run === null) return fromFile(side)
      const { definition } = await definitionOf(client, side.run)
      return withFile ? { mapping: definition.mapping } : definition
    }),
  )
}

async function fromFile({ name }: Side): Promise<Comparable> {
  return { mapping: await readMapping(name) }
}
