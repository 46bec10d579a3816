// `sluice mapping show|diff`: the mapping of any past run as a file, and what differs between two mappings.
import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { RunDefinitionView } from '../api/jobs.ts'
import { changeText, diffDefinitions, type Comparable } from '../core/definitionDiff.ts'
import { mappingFromYaml, mappingToYaml } from '../core/mappingFile.ts'
import type { Mapping } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { printChangeLines } from './diffText.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson } from './terminal.ts'

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
  return client.get<RunDefinitionView>(`/runs/${run}/definition`)
}

/** Reads a mapping file. Throws `usage.file_unreadable` and `mapping.file_invalid`. */
export async function readMapping(file: string): Promise<Mapping> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw failure('usage.file_unreadable', { file, detail: error.message })
  })
  return mappingFromYaml(text)
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
