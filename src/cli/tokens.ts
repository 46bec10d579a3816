// `sluice token create|list|revoke`: tokens for programs.
import type { Command } from 'commander'
import type { TokenList } from '../client/types.gen.ts'
import { tokenRights } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import type { Body } from './operations.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, facts, print, printJson, table } from './terminal.ts'

interface Options extends SharedOptions {
  readonly right?: Body<'POST', '/tokens'>['rights']
  readonly days: string
  readonly revoked?: boolean
  readonly limit?: string
  readonly cursor?: string
}

/** Shows the token, this once. */
export async function createToken(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  const detail = `Say what the token may with --right: ${tokenRights.join(', ')}.`
  if (options.right === undefined) throw failure('usage.unknown', { detail, command: 'sluice token create' })
  const order = { name, rights: options.right, days: daysOf(options.days) }
  return withClient(host, options, async (client) => {
    const made = await client.post('/tokens', { body: order })
    if (options.json === true) printJson(made)
    else {
      print(`${color.green('✓')} Token ${color.bold(made.name)}, shown this once:`)
      print(`\n  ${made.token}\n`)
      print(
        facts([
          ['May', made.rights.join(', ')],
          ['Valid', made.expiresAt === null ? 'until it is revoked' : `until ${time(made.expiresAt)} UTC`],
          ['Send it', 'in the header Authorization: Bearer TOKEN; never in an address'],
          ['Revoke it', `sluice token revoke ${made.name}`],
        ]),
      )
    }
    return exits.ok
  })
}

function daysOf(text: string): number | null {
  if (text === 'none') return null
  const days = Number(text)
  if (Number.isInteger(days) && days >= 1) return days
  const detail = `--days takes a number of days or none, not ${text}.`
  throw failure('usage.unknown', { detail, command: 'sluice token create' })
}

/** Newest first. */
export async function listTokens(host: Host, command: Command): Promise<number> {
  const options = command.opts<Options>()
  const { limit, cursor, revoked } = options
  return withClient(host, options, async (client) => {
    const found = await client.get('/tokens', { limit, cursor, revoked })
    if (options.json === true) printJson(found)
    else printTokens(found, options.namespace)
    return exits.ok
  })
}

function printTokens({ tokens, next }: TokenList, namespace: string): void {
  const inside = namespace === 'main' ? '' : ` --namespace ${namespace}`
  if (tokens.length === 0)
    return print(`No tokens yet. Make one with: sluice token create NAME --right view${inside}`)
  const heads = [
    { title: 'token' },
    { title: 'begins' },
    { title: 'may', flexible: true },
    { title: 'whose' },
    { title: 'last used (UTC)' },
    { title: 'valid until (UTC)' },
  ]
  const rows = tokens.map((token) => [
    token.name,
    token.prefix,
    token.rights.join(', '),
    token.owner ?? token.madeBy,
    token.usedAt === null ? 'never' : time(token.usedAt),
    token.revokedAt !== null
      ? color.red('revoked')
      : token.expiresAt === null
        ? 'it is revoked'
        : time(token.expiresAt),
  ])
  print(table(heads, rows))
  if (next !== null)
    print(color.dim(`\nThere are more. Go on with: sluice token list --cursor ${next}${inside}`))
}

export async function revokeToken(host: Host, command: Command, [name = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  return withClient(host, options, async (client) => {
    const gone = await client.delete('/tokens/{token}', { token: name })
    if (options.json === true) printJson(gone)
    else print(`${color.green('✓')} The token ${color.bold(gone.revoked)} is void.`)
    return exits.ok
  })
}
