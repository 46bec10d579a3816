// `sluice namespace list|drop`: which namespaces there are, and taking away one that was made to be thrown away.
import type { Command } from 'commander'
import type { NamespaceList } from '../api/namespaces.ts'
import { exits } from './exit.ts'
import { number, time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

const first = 'main'

/** The oldest first. */
export async function listNamespaces(host: Host, command: Command): Promise<number> {
  const { json } = command.opts<Pick<SharedOptions, 'json'>>()
  return withClient(host, { ...(json && { json }), namespace: first }, async (client) => {
    const list = await client.ask<NamespaceList>('GET', '/v1/namespaces')
    if (json === true) printJson(list)
    else printList(list)
    return exits.ok
  })
}

function printList({ namespaces }: NamespaceList): void {
  const rows = namespaces.map(({ name, runs, createdAt, expiresAt }) => [
    name,
    number(runs),
    time(createdAt),
    expiresAt === null ? 'stays' : `dropped after ${time(expiresAt)}`,
  ])
  print(
    table([{ title: 'namespace' }, { title: 'runs', right: true }, { title: 'made' }, { title: '' }], rows),
  )
}

/** With its profiles, runs and files. Only one that was made by `sluice try`. */
export async function dropNamespace(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const { json } = command.opts<Pick<SharedOptions, 'json'>>()
  return withClient(host, { ...(json && { json }), namespace: first }, async (client) => {
    const answer = await client.ask<{ dropped: string }>(
      'DELETE',
      `/v1/namespaces/${encodeURIComponent(name)}`,
    )
    if (json === true) printJson(answer)
    else print(`${color.green('✓')} Dropped ${name}: nothing of it is left.`)
    return exits.ok
  })
}
