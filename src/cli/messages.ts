// `sluice notify list|test|resend`: what people and programs were told, what waits and why.
import type { Command } from 'commander'
import type { MessagePage, MessageView } from '../client/types.gen.ts'
import { systemClock } from '../core/clock.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, print, printJson, table } from './terminal.ts'

interface ListOptions extends SharedOptions {
  readonly undelivered?: boolean
  readonly cursor?: string
  readonly limit: string
}

/** Newest first. */
export async function listMessages(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  const { undelivered, cursor, limit } = options
  return withClient(host, options, async (client) => {
    const page = await client.get('/messages', { undelivered, cursor, limit })
    if (options.json === true) printJson(page)
    else printMessages(page, undelivered === true)
    return exits.ok
  })
}

const states = { waiting: 'waits', sent: 'sent', failed: 'given up' } as const

function printMessages({ messages, next }: MessagePage, undelivered: boolean): void {
  if (messages.length === 0)
    return print(
      undelivered
        ? 'Everything was delivered.'
        : 'No messages yet. Name people in a job (notify: emails) or in the settings, then try it: sluice notify test --email you@example.com',
    )
  const heads = [
    { title: 'id', right: true },
    { title: 'when' },
    { title: 'state' },
    { title: 'to' },
    { title: 'subject', flexible: true },
  ]
  const rows = messages.map(({ id, createdAt, state, recipient, subject }) => [
    String(id),
    time(createdAt),
    states[state],
    recipient,
    subject.replace(/^Sluice: /, ''),
  ])
  print(table(heads, rows))
  const troubled = messages.filter(({ state, lastError }) => state !== 'sent' && lastError !== null)
  if (troubled.length > 0) print('')
  for (const { id, lastError, attempts } of troubled)
    print(`  ${color.yellow(String(id))}  ${lastError} ${color.dim(`(${attempts} tries)`)}`)
  if (next !== null) print(color.dim(`\nMore: sluice notify list --cursor ${next}`))
}

interface TestOptions extends SharedOptions {
  readonly email?: string
  readonly webhook?: string
}

/** How long a test is watched; it goes on being tried after that. */
const watchMs = 30_000

/** Sends a test and watches what becomes of it. Exit 0: delivered. */
export async function testMessage(host: Host, command: Command): Promise<number> {
  const options = command.opts<TestOptions>()
  const { email, webhook } = options
  if ((email === undefined) === (webhook === undefined))
    throw failure('usage.unknown', {
      detail: 'Name one recipient: --email ADDRESS or --webhook NAME.',
      command: 'sluice notify test',
    })
  return withClient(host, options, async (client) => {
    const sent = await client.post('/messages/test', { body: { email, webhook } })
    const message = await watch(client, sent)
    if (options.json === true) printJson(message)
    else printOutcome(message)
    return message.state === 'sent' ? exits.ok : exits.failed
  })
}

/** Until it is sent, or it is known what stands in its way. */
async function watch(client: Client, message: MessageView): Promise<MessageView> {
  const end = systemClock.now() + watchMs
  let now = message
  while (now.state === 'waiting' && now.lastError === null && systemClock.now() < end) {
    await systemClock.pause(200)
    now = await client.get('/messages/{message}', { message: message.id })
  }
  return now
}

function printOutcome({ id, state, recipient, lastError }: MessageView): void {
  if (state === 'sent') return print(`${color.green('✓')} Sent to ${recipient}.`)
  print(`${color.red('✗')} Not delivered to ${recipient}${lastError === null ? ' yet.' : `: ${lastError}`}`)
  if (state === 'waiting') print(color.dim('  It waits; see sluice notify list --undelivered'))
  else print(color.dim(`  Mended? sluice notify resend ${id}`))
}

/** Sends again what was given up. */
export async function resendMessage(host: Host, command: Command): Promise<number> {
  const options = command.opts<SharedOptions>()
  const [id] = command.args
  return withClient(host, options, async (client) => {
    const message = await client.post('/messages/{message}/resend', { message: id! })
    if (options.json === true) printJson(message)
    else print(message.state === 'sent' ? 'It was delivered already.' : 'It is sent once more.')
    return exits.ok
  })
}
