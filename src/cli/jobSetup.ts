// `sluice job create|edit|rename`: what a job is, from flags.
import type { Command } from 'commander'
import type { JobDetail } from '../client/types.gen.ts'
import { breakerFromFlags, usualLimits } from '../core/breakerFlags.ts'
import type { ImportDefinition } from '../core/job.ts'
import { uploadSetup } from '../core/jobSetup.ts'
import { applyFlags } from '../core/mappingFlags.ts'
import { failure } from '../core/problems.ts'
import { setupFromFlags, type SetupFlags } from '../core/setupFlags.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { policyOf, type ShapeOptions } from './importFlags.ts'
import { printJob } from './jobShow.ts'
import { withLookups } from './lookups.ts'
import { definitionOf, readMapping } from './mappingCommands.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { color, print, printJson } from './terminal.ts'

interface SetupOptions extends SharedOptions, SetupFlags, ShapeOptions {
  readonly breaker?: readonly string[]
  readonly mode?: string
  readonly onSeveral?: string
  readonly duplicates?: string
}

/** Makes a draft, and says what is still missing. */
export async function createJob(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = command.opts<SetupOptions>()
  const setup = setupFromFlags(options, uploadSetup)
  const policy = policyOf(options)
  const breaker = breakerFromFlags(options.breaker ?? [], usualLimits)
  return withClient(host, options, async (client) => {
    const definition = { ...(await readingOf(client, options)), policy, breaker }
    const made = await client.post('/jobs', { body: { job: name, setup, definition } })
    if (options.json === true) printJson(made)
    else {
      print(`${color.green('✓')} ${color.bold(made.job)} is a draft: it does nothing until it is activated.`)
      printStep(made)
    }
    return exits.ok
  })
}

/** The one next thing to type. */
function printStep({ job, mapped, provider }: JobDetail): void {
  const word = shellWord(job)
  const file = provider.kind === 'upload' ? ' --file FILE' : ''
  if (mapped) print(`  Switch it on: sluice job activate ${word}${file}`)
  else {
    print(`  Have a mapping proposed: sluice job sample ${word}${file}`)
    print(color.dim(`  What it is set up to do: sluice job show ${word}`))
  }
}

/** How files are read and mapped, where a file or a run says it. */
async function readingOf(
  client: Client,
  { mapping: file, mappingFrom: run }: ShapeOptions,
): Promise<Partial<ImportDefinition>> {
  if (file !== undefined && run !== undefined)
    throw failure('usage.unknown', {
      detail: '--mapping and --mapping-from both say what columns become; keep one.',
      command: 'sluice job create',
    })
  if (file !== undefined) return { mapping: await readMapping(file) }
  if (run === undefined) return {}
  const { dialect, columns, mapping } = (await definitionOf(client, runId(run))).definition
  return { dialect, columns, mapping }
}

/** Changes what flags name; everything else stays. */
export async function editJob(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = await withLookups(command.opts<SetupOptions>())
  return withClient(host, options, async (client) => {
    const before = await client.get('/jobs/{job}', { job: name })
    const setup = setupFromFlags(options, before.setup)
    const definition = await changedDefinition(client, options, before)
    if (Object.keys(setup).length + Object.keys(definition).length === 0)
      throw failure('usage.unknown', {
        detail: 'Nothing says what is to change.',
        command: 'sluice job edit',
      })
    const changes = {
      ...(Object.keys(setup).length === 0 ? {} : { setup }),
      ...(Object.keys(definition).length === 0 ? {} : { definition }),
    }
    const after = await client.patch('/jobs/{job}', {
      job: name,
      body: changes,
      ifMatch: `"v${before.version}"`,
    })
    sayEdited(options, before, after)
    return exits.ok
  })
}

function sayEdited(options: SharedOptions, before: JobDetail, after: JobDetail): void {
  if (options.json === true) return printJson(after)
  const word = shellWord(after.job)
  if (after.awaiting !== null && after.awaiting.id !== before.awaiting?.id) return sayAwaiting(after)
  if (after.version === before.version && after.description === before.description)
    print('Nothing changed: it was set up like this already.')
  else if (after.version === before.version) print(`${color.green('✓')} Changed.`)
  else {
    print(`${color.green('✓')} ${color.bold(after.job)} is at version ${after.version}.`)
    print(color.dim(`  What changed: sluice job diff ${word}`))
  }
  if (after.state === 'draft') printStep(after)
  else if (before.activity?.what === 'running')
    print(color.dim(`  The run under way goes on with version ${before.version}.`))
}

/** What was asked for waits for somebody else. */
export function sayAwaiting({ job, awaiting }: JobDetail): void {
  if (awaiting === null) return
  const { id, kind, says } = awaiting
  const what = kind === 'edit' ? 'The change' : 'Switching it on'
  print(
    `${color.yellow('…')} ${what} waits for somebody else to approve it; ${color.bold(job)} is as it was.`,
  )
  for (const line of says) print(`  ${line}`)
  print(color.dim(`  Somebody else: sluice approval approve ${id}`))
  print(color.dim(`  Take it back: sluice approval reject ${id}`))
}

/** The parts of the definition that flags change. */
async function changedDefinition(
  client: Client,
  options: SetupOptions,
  { definition }: JobDetail,
): Promise<Partial<ImportDefinition>> {
  const reading = await readingOf(client, options)
  const { attributes } = await client.get('/attributes')
  const mapping = applyFlags(reading.mapping ?? definition.mapping, options, attributes)
  const given =
    reading.mapping !== undefined || JSON.stringify(mapping) !== JSON.stringify(definition.mapping)
  const named = [options.mode, options.onSeveral, options.duplicates].some((one) => one !== undefined)
  return {
    ...reading,
    ...(given ? { mapping } : {}),
    ...(named ? { policy: policyOver(options, definition.policy) } : {}),
    ...(options.breaker === undefined
      ? {}
      : { breaker: breakerFromFlags(options.breaker, definition.breaker) }),
  }
}

/** A policy flag that was not given leaves what is. */
function policyOver(options: SetupOptions, before: ImportDefinition['policy']): ImportDefinition['policy'] {
  const said = policyOf(options)
  return {
    ...said,
    mode: options.mode === undefined ? before.mode : said.mode,
    onSeveral: options.onSeveral === undefined ? before.onSeveral : said.onSeveral,
    duplicates: options.duplicates === undefined ? before.duplicates : said.duplicates,
  }
}

/** Another name; runs, history and versions stay with the job. */
export async function renameJob(host: Host, command: Command, args: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const [job = '', name = ''] = args
  return withClient(host, options, async (client) => {
    const after = await client.patch('/jobs/{job}', { job, body: { name } })
    if (options.json === true) printJson(after)
    else print(`${color.green('✓')} ${color.bold(job)} is called ${color.bold(after.job)} now.`)
    return exits.ok
  })
}

/** For commands that end with the job as it is now. */
export function showAfter(options: SharedOptions, detail: JobDetail): void {
  if (options.json === true) printJson(detail)
  else printJob(detail)
}
