// `sluice start`: what `npm start` runs. Imports an example, shows the receipt, and leaves the server up.
import type { Command } from 'commander'
import { Client, type RunningServer } from './client.ts'
import { exits } from './exit.ts'
import type { Host } from './host.ts'
import { importFiles } from './import.ts'
import { color, facts, note, print } from './terminal.ts'

/** The server stays up after this returns. */
export async function start(host: Host, command: Command): Promise<number> {
  const server = await host.reachOnPort(() =>
    note(color.dim('Starting PostgreSQL and the server (the first time takes a few seconds)…')),
  )
  print(`${color.bold('Sluice')} takes a customer file to profiles, and can say what became of every record.`)
  // Nobody who types `npm start` for the first time can answer questions about a file they never saw.
  command.setOptionValue('yes', true)
  const code = await importFiles(host, command, [host.example])
  if (code !== exits.ok && code !== exits.completedWithErrors) return code
  print(`\n${color.green('✓')} The server stays up on ${server.home}`)
  print(
    facts([
      ...(await webAddress(server)),
      ['Import yours', './sluice import FILE'],
      ['Look around', './sluice runs   ./sluice profiles find --limit 5   ./sluice profiles show 1'],
      ['Stop', './sluice down'],
    ]),
  )
  return exits.ok
}

/** Where the web app is: for the first person who opens it, a link that makes them the admin. */
async function webAddress(server: RunningServer): Promise<readonly (readonly [string, string])[]> {
  if (server.port === null) return []
  const client = new Client(server, 'main')
  try {
    const { users } = await client.get('/v1/users', { limit: 1 })
    if (users.length > 0) return [['Web app', `http://127.0.0.1:${server.port}`]]
    const { url } = await client.post('/v1/links', { body: { kind: 'first_admin' } })
    return [['Web app', `${url}   (makes you the admin; works once, for 24 hours)`]]
  } finally {
    client.close()
  }
}
