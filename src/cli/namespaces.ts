// `sluice namespace list|create|drop`: which namespaces there are, making one, and taking one away.
import type { Command } from 'commander'
import type { NamespaceList } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { settingValue } from '../core/changeSettings.ts'
import { number, time } from './format.ts'
import type { Host } from './host.ts'
import type { Body } from './operations.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, facts, print, printJson, table } from './terminal.ts'

const first = 'main'

/** The oldest first. */
export async function listNamespaces(host: Host, command: Command): Promise<number> {
  const { json } = command.opts<Pick<SharedOptions, 'json'>>()
  return withClient(host, { ...(json && { json }), namespace: first }, async (client) => {
    const list = await client.get('/v1/namespaces')
    if (json === true) printJson(list)
    else printList(list)
    return exits.ok
  })
}

function printList({ namespaces }: NamespaceList): void {
  const rows = namespaces.map(({ name, label, runs, createdAt, expiresAt }) => [
    name,
    label === name ? '' : label,
    number(runs),
    time(createdAt),
    expiresAt === null ? 'stays' : `dropped after ${time(expiresAt)}`,
  ])
  print(
    table(
      [
        { title: 'namespace' },
        { title: '', flexible: true },
        { title: 'runs', right: true },
        { title: 'made' },
        { title: '' },
      ],
      rows,
    ),
  )
}

interface CreateOptions extends Pick<SharedOptions, 'json'> {
  readonly label?: string
  readonly zone?: string
  readonly dialect?: Body<'POST', '/v1/namespaces'>['dialect']
  readonly quota?: string
  readonly owner?: string
}

/** One that stays, with settings of its own. */
export async function createNamespace(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const { json, label, zone, dialect, quota, owner } = command.opts<CreateOptions>()
  return withClient(host, { ...(json && { json }), namespace: first }, async (client) => {
    const made = await client.post('/v1/namespaces', {
      body: {
        name,
        label,
        zone,
        dialect,
        owner,
        // Whether it is one is for the server to say.
        quota: quota === undefined ? undefined : (settingValue('quota', quota) as number | null),
      },
    })
    if (json === true) printJson(made)
    else {
      print(`${color.green('✓')} Made the namespace ${color.bold(made.name)}.`)
      print(
        facts([
          ['Work in it', `sluice import FILE --namespace ${made.name}`],
          ['Add people', `sluice member add EMAIL ROLE --namespace ${made.name}`],
          ['Settings', `sluice settings --namespace ${made.name}`],
        ]),
      )
    }
    return exits.ok
  })
}

/** With its profiles, runs and files; of one that was made to stay the name is typed twice. */
export async function dropNamespace(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const { json, confirm } = command.opts<Pick<SharedOptions, 'json'> & { confirm?: string }>()
  return withClient(host, { ...(json && { json }), namespace: first }, async (client) => {
    const answer = await client.delete('/v1/namespaces/{namespace}', { namespace: name, confirm })
    if (json === true) printJson(answer)
    else print(`${color.green('✓')} Dropped ${name}: nothing of it is left.`)
    return exits.ok
  })
}
