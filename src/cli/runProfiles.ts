// `sluice run profiles`: the people a run created or changed, to look at what it did.
import type { Command } from 'commander'
import type { TouchedView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

interface Options extends SharedOptions {
  readonly limit: string
  readonly cursor?: string
}

/** In the order of the file, each once. */
export async function runProfiles(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  const id = runId(text)
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const page = await client.get('/runs/{run}/profiles', { run: id, limit, cursor })
    if (options.json === true) printJson(page)
    else printTouched(page, options)
    return exits.ok
  })
}

const paints: Readonly<Record<string, (text: string) => string>> = {
  created: color.green,
  deleted: color.red,
  removed: color.red,
}

function printTouched({ run, live, profiles, next }: TouchedView, { namespace, cursor }: Options): void {
  const inside = namespace === 'main' ? '' : ` --namespace ${namespace}`
  if (profiles.length === 0 && next === null) {
    if (cursor !== undefined) return print('There are no more.')
    return print(live ? `${run} has not changed anybody yet.` : `${run} created nobody and changed nobody.`)
  }
  const rows = profiles.map(({ profile, what, identifier, record, exists }) => [
    String(profile),
    (paints[what] ?? ((word: string) => word))(what),
    identifier ?? '–',
    record,
    exists ? '' : color.dim('gone since'),
  ])
  const heads = [
    { title: 'profile', right: true },
    { title: 'what' },
    { title: 'identifier', flexible: true },
    { title: 'record' },
    { title: '' },
  ]
  print(table(heads, rows))
  const [first] = profiles
  if (first !== undefined)
    print(color.dim(`\nOne of them: sluice profiles show ${first.profile} --history${inside}`))
  if (next !== null) print(color.dim(`More of them: sluice run profiles ${run} --cursor ${next}${inside}`))
}
