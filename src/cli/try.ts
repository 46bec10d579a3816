// `sluice try`: an import into a namespace of its own, a look around in it, and nothing is left.
import type { Command } from 'commander'
import type { NamespaceView, RunView } from '../client/types.gen.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { reportFailure } from './failures.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { importSource, requireOneMapping, type Shown, type Witness } from './import.ts'
import type { ImportOptions } from './importOptions.ts'
import { policyOf } from './importFlags.ts'
import { lookAround, type Trial, type Tried } from './lookAround.ts'
import type { ImportOrder } from './orderImport.ts'
import { printPage } from './profiles.ts'
import { printReceipt } from './receipt.ts'
import { printErrors } from './runErrors.ts'
import { withLookups } from './lookups.ts'
import { withClient } from './session.ts'
import { sourcesOf, type FileSource } from './sources.ts'
import { spooled } from './spool.ts'
import { canAsk, color, facts, note, paragraph, print, printJson } from './terminal.ts'
import { watchRun } from './watch.ts'

interface TryOptions extends ImportOptions {
  readonly keep?: boolean
}

const hours = { thrownAway: 24, kept: 24 * 7 }

/** The exit code is that of the import; that of the real one where the person goes on to it. */
export async function tryFile(host: Host, command: Command, args: string[]): Promise<number> {
  const options = await withLookups(command.opts<TryOptions>())
  policyOf(options)
  requireOneMapping(options)
  const [source, second] = await sourcesOf(args)
  if (source === undefined || second !== undefined)
    throw failure('usage.unknown', { detail: 'sluice try takes one file at a time.', command: 'sluice try' })
  return spooled(source, (file) =>
    withClient(host, options, (home) => tryIn(host, home, file, { ...options, again: true })),
  )
}

async function tryIn(host: Host, home: Client, source: FileSource, options: TryOptions): Promise<number> {
  const { attributes } = await home.get('/attributes')
  const lasting = options.keep === true ? hours.kept : hours.thrownAway
  const namespace = await home.post('/v1/namespaces', { body: { hours: lasting } })
  const client = home.inside(namespace.name)
  const drop = (): Promise<unknown> =>
    home.delete('/v1/namespaces/{namespace}', { namespace: namespace.name })
  const json = options.json === true
  const quiet = json || options.yes === true || !canAsk()
  const tried: Tried[] = []
  if (!json) print(color.dim(`\nInto ${namespace.name}, a namespace of its own: your data stays as it is.`))
  try {
    const base = {
      host,
      client,
      home,
      attributes,
      json,
      options: { ...options, ...(quiet && { yes: true }) },
    }
    const goOn = (view: RunView): Promise<RunView> => releaseHeld(host, client, view, json)
    const session = { ...base, witness: witness(tried, { json, drop, goOn }) }
    const code = await importSource(session, source)
    const trial: Trial = { session, source, namespace, kept: options.keep === true, tried }
    if (tried.length === 0) return code
    if (quiet) await show(trial)
    else return (await lookAround(trial)) ?? code
    return code
  } finally {
    client.close()
    if (options.keep === true && tried.length > 0) sayKept(namespace, json)
    else await dropNow(namespace, drop, json)
  }
}

interface Around {
  readonly json: boolean
  readonly drop: () => Promise<unknown>
  readonly goOn: (held: RunView) => Promise<RunView>
}

function witness(tried: Tried[], { json, drop, goOn }: Around): Witness {
  let last: (Shown & { readonly order: ImportOrder }) | undefined
  return {
    ordered: (order, shown) => {
      last = { order, ...shown }
    },
    ended: async (ended) => {
      const view = ended.run.state === 'held' ? await goOn(ended) : ended
      if (last !== undefined) tried.push({ ...last, view })
      if (!json) printReceipt(view, false)
    },
    left: async () => {
      await drop()
    },
  }
}

/** What would hold an import is said; here nothing is at stake, so it goes on all the same. */
async function releaseHeld(host: Host, client: Client, { run }: RunView, json: boolean): Promise<RunView> {
  if (!json && run.problem !== null) {
    print(`${color.yellow('!')} ${paragraph(run.problem.message).trimStart()}`)
    print(color.dim(paragraph('An import would be held here until you release it; a try goes on.\n')))
  }
  await client.post('/runs/{run}/release', { run: run.id })
  return watchRun(host, client, run.id, json)
}

const firstProfiles = 5

/** Everything at once, where nobody can be asked what to look at. */
async function show({ session: { client, json }, namespace, kept, tried }: Trial): Promise<void> {
  const page = await client.get('/profiles', { limit: firstProfiles })
  const errors = await Promise.all(
    tried.map(({ view }) => client.get('/runs/{run}/errors', { run: view.run.id })),
  )
  if (json) {
    const { name, expiresAt } = namespace
    const runs = tried.map(({ view }) => view)
    return printJson({ namespace: name, kept, expiresAt, runs, profiles: page.profiles, errors })
  }
  if (page.profiles.length > 0) {
    print(`\n${color.bold('The first profiles')}\n`)
    printPage(page, false)
  }
  for (const one of errors.filter(({ failed, warnings }) => failed > 0 || warnings.length > 0)) {
    print()
    printErrors(one, false)
  }
}

function sayKept({ name, expiresAt }: NamespaceView, json: boolean): void {
  if (json) return
  print(`\n${color.green('✓')} Kept as ${color.bold(name)} until ${time(expiresAt)} (UTC).`)
  print(
    facts([
      ['Look around', `sluice profiles find --namespace ${name}`],
      ['Runs', `sluice runs --namespace ${name}`],
      ['Drop it', `sluice namespace drop ${name}`],
    ]),
  )
}

/** A try that cannot be dropped now is dropped later; the import was fine all the same. */
async function dropNow({ name }: NamespaceView, drop: () => Promise<unknown>, json: boolean): Promise<void> {
  try {
    await drop()
    if (!json) note(color.dim(`Dropped ${name}: nothing of it is left.`))
  } catch (error) {
    if (!json) reportFailure(error, false)
  }
}
