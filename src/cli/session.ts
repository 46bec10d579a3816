// What every command starts with: its options, a client of the server, and a clean end.
import type { Command } from 'commander'
import { Client } from './client.ts'
import { reportFailure } from './failures.ts'
import type { Host } from './host.ts'
import { color, note } from './terminal.ts'

/** Options of every command that talks to the server. */
export interface SharedOptions {
  readonly namespace: string
  readonly json?: boolean
}

/** Does the work with a client; says so when a server has to be started first. */
export async function withClient<T>(
  host: Host,
  options: SharedOptions,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const server = await host.reach(() => {
    if (options.json !== true) note(color.dim('Starting Sluice…'))
  })
  const client = new Client(server, options.namespace)
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

/** Answers the exit code. */
export type Action = (host: Host, command: Command, args: string[]) => Promise<number>

/** Loads and runs an action, turns what it throws into sentence and exit code. */
export async function act(load: () => Promise<Action>, host: Host, command: Command): Promise<void> {
  const options = command.opts<SharedOptions>()
  try {
    const action = await load()
    process.exitCode = await action(host, command, command.args)
  } catch (error) {
    process.exitCode = reportFailure(error, options.json === true)
  }
}
