// `sluice webhook list|add|remove`: programs elsewhere that are told.
import type { Command } from 'commander'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

/** By name. */
export async function showWebhooks(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  return withClient(host, options, async (client) => {
    const list = await client.get('/webhooks')
    if (options.json === true) printJson(list)
    else if (list.webhooks.length === 0)
      print('No webhooks yet. Add one: sluice webhook add slack https://example.com/hooks/sluice')
    else {
      const heads = [
        { title: 'name' },
        { title: 'address', flexible: true },
        { title: 'added' },
        { title: '' },
      ]
      const rows = list.webhooks.map(({ name, url, createdAt, goneAt }) => [
        name,
        url,
        time(createdAt),
        goneAt === null ? '' : color.red('gone'),
      ])
      print(table(heads, rows))
    }
    return exits.ok
  })
}

/** Shows the signing secret, this once. */
export async function addWebhook(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  const [name, url] = command.args
  return withClient(host, options, async (client) => {
    const made = await client.post('/webhooks', { body: { name: name!, url: url! } })
    if (options.json === true) printJson(made)
    else {
      print(`${color.green('✓')} Webhook ${made.name} added.`)
      print(`\n  Its signing secret, shown this once: ${made.secret}`)
      print(color.dim('  Receivers verify messages with it and any library of standardwebhooks.com.'))
      print(`\n  Try it         sluice notify test --webhook ${made.name}`)
    }
    return exits.ok
  })
}

export async function removeWebhook(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  const [name] = command.args
  return withClient(host, options, async (client) => {
    await client.delete('/webhooks/{webhook}', { webhook: name! })
    if (options.json === true) printJson({ removed: name })
    else print(`${color.green('✓')} Webhook ${name} removed.`)
    return exits.ok
  })
}
