// `sluice user …`: who may sign in, and one-time links.
import type { Command } from 'commander'
import type { UserList, UserView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import type { Body } from './operations.ts'
import { withClient, type Action } from './session.ts'
import { color, facts, print, printJson, table } from './terminal.ts'

interface Options {
  readonly json?: boolean
  readonly limit?: string
  readonly cursor?: string
  readonly off?: boolean
}

/** Users belong to the whole installation; the namespace of the client is not asked for. */
function optionsOf(command: Command): Options & { namespace: string } {
  return { namespace: 'main', ...command.opts<Options>() }
}

/** By e-mail. */
export async function listUsers(host: Host, command: Command): Promise<number> {
  const options = optionsOf(command)
  return withClient(host, options, async (client) => {
    const found = await client.get('/v1/users', { limit: options.limit, cursor: options.cursor })
    if (options.json === true) printJson(found)
    else printUsers(found)
    return exits.ok
  })
}

function printUsers({ users, next }: UserList): void {
  if (users.length === 0)
    return print('Nobody can sign in yet. Make the link for the first admin with: sluice user link')
  const heads = [
    { title: 'e-mail', flexible: true },
    { title: 'name', flexible: true },
    { title: '' },
    { title: '' },
    { title: 'last signed in (UTC)' },
  ]
  const rows = users.map(({ email, name, admin, disabledAt, signedInAt, twoFactor }) => [
    email,
    name,
    disabledAt === null ? (admin ? 'admin' : '') : color.red('disabled'),
    twoFactor ? 'two factors' : '',
    signedInAt === null ? 'never' : time(signedInAt),
  ])
  print(table(heads, rows))
  if (next !== null) print(color.dim(`\nThere are more. Go on with: sluice user list --cursor ${next}`))
}

export const firstAdminLink: Action = (host, command) =>
  link(host, command, { kind: 'first_admin' }, 'Open this link to become the first admin')

export const resetLink: Action = (host, command, [email = '']) =>
  link(host, command, { kind: 'reset', email }, `With this link ${email} chooses another password`)

async function link(
  host: Host,
  command: Command,
  order: Body<'POST', '/v1/links'>,
  title: string,
): Promise<number> {
  const options = optionsOf(command)
  return withClient(host, options, async (client) => {
    const made = await client.post('/v1/links', { body: order })
    if (options.json === true) printJson(made)
    else {
      print(`${color.green('✓')} ${title}:`)
      print(`\n  ${made.url}\n`)
      print(facts([['Valid', `until ${time(made.expiresAt)} UTC, once; a link made before is void`]]))
    }
    return exits.ok
  })
}

/** Answers the action that switches somebody off, or on again. */
export function switchUser(disabled: boolean): Action {
  return (host, command, [email = '']) =>
    change(host, command, email, { disabled }, ({ email: who }) =>
      disabled
        ? `${who} is switched off: signed out everywhere, and their tokens are void.`
        : `${who} can sign in again.`,
    )
}

export const makeAdmin: Action = (host, command, [email = '']) => {
  const admin = optionsOf(command).off !== true
  return change(host, command, email, { admin }, ({ email: who }) =>
    admin
      ? `${who} looks after the whole installation.`
      : `${who} does not look after the installation any more.`,
  )
}

export const changeEmail: Action = (host, command, [email = '', to = '']) =>
  change(host, command, email, { email: to }, ({ email: now }) => `${email} signs in as ${now} from now on.`)

export const switchTwoFactorOff: Action = (host, command, [email = '']) =>
  withClient(host, optionsOf(command), async (client) => {
    const done = await client.delete('/v1/users/{user}/two-factor', { user: email })
    if (optionsOf(command).json === true) printJson(done)
    else print(`${color.green('✓')} ${email} signs in with the password alone until they set up another app.`)
    return exits.ok
  })

async function change(
  host: Host,
  command: Command,
  email: string,
  order: Body<'PATCH', '/v1/users/{user}'>,
  said: (user: UserView) => string,
): Promise<number> {
  const options = optionsOf(command)
  return withClient(host, options, async (client) => {
    const user = await client.patch('/v1/users/{user}', { user: email, body: order })
    if (options.json === true) printJson(user)
    else print(`${color.green('✓')} ${said(user)}`)
    return exits.ok
  })
}
