// `sluice secret set|list|remove|rotate`. A secret is typed or piped in, never part of a command, and never printed.
import type { Command } from 'commander'
import type { SecretList } from '../client/types.gen.ts'
import { failure } from '../core/problems.ts'
import { secretBytesMax } from '../core/secretName.ts'
import { exits } from './exit.ts'
import { plural, time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { canAsk, color, print, printJson, table } from './terminal.ts'

export async function setSecret(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const value = await given(name)
  if (value === null) return exits.stopped
  return withClient(host, options, async (client) => {
    const stored = await client.put('/secrets/{secret}', { secret: name, body: { value } })
    if (options.json === true) printJson(stored)
    else print(`${color.green('✓')} The secret ${color.bold(name)} is ${stored.new ? 'stored' : 'replaced'}.`)
    return exits.ok
  })
}

/** Typed unseen at a terminal; else all of standard input, without the line break at its end. Null: the person left. */
async function given(name: string): Promise<string | null> {
  if (process.stdin.isTTY && !canAsk()) throw failure('usage.no_terminal')
  if (!process.stdin.isTTY) return fromInput(name)
  const { isCancel, password } = await import('@clack/prompts')
  const answer = await password({ message: `The secret ${name} (it is not shown)` })
  if (isCancel(answer)) {
    print('Nothing was stored.')
    return null
  }
  return answer
}

async function fromInput(name: string): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    parts.push(part as Buffer)
    size += (part as Buffer).length
    if (size > secretBytesMax + 2) throw failure('secret.empty', { name, limit: secretBytesMax })
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

interface PageOptions extends SharedOptions {
  readonly limit: string
  readonly cursor?: string
}

export async function listSecrets(host: Host, command: Command): Promise<number> {
  const options = command.opts<PageOptions>()
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const found = await client.get('/secrets', { limit, cursor })
    if (options.json === true) printJson(found)
    else printSecrets(found)
    return exits.ok
  })
}

function printSecrets({ secrets, next }: SecretList): void {
  if (secrets.length === 0) return print('No secrets yet. Store one with: sluice secret set NAME')
  const heads = [{ title: 'secret', flexible: true }, { title: 'stored (UTC)' }, { title: 'by' }]
  print(
    table(
      heads,
      secrets.map(({ name, updatedAt, createdBy }) => [name, time(updatedAt), createdBy ?? '–']),
    ),
  )
  if (next !== null) print(color.dim(`\nThere are more. Go on with the same command and --cursor ${next}`))
}

export async function removeSecret(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  return withClient(host, options, async (client) => {
    const removed = await client.delete('/secrets/{secret}', { secret: name })
    if (options.json === true) printJson(removed)
    else print(`${color.green('✓')} The secret ${color.bold(name)} is forgotten.`)
    return exits.ok
  })
}

/** A fresh master key; what was sealed with the one before is sealed with it. */
export async function rotateSecrets(host: Host, command: Command): Promise<number> {
  const options = { namespace: 'main', ...command.opts<{ json?: boolean }>() }
  return withClient(host, options, async (client) => {
    const { rotated } = await client.post('/v1/secrets/rotate')
    if (options.json === true) printJson({ rotated })
    else print(`${color.green('✓')} A fresh key is in use; ${plural(rotated, 'secret')} sealed under it.`)
    return exits.ok
  })
}
