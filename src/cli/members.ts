// `sluice member …`: who belongs to a namespace, with which role.
import type { Command } from 'commander'
import type { AddedMember, MemberList } from '../client/types.gen.ts'
import { roleNames, roles, type Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, facts, print, printJson, table } from './terminal.ts'

interface Options extends SharedOptions {
  readonly limit?: string
  readonly cursor?: string
  readonly mail?: boolean
}

/** By e-mail; invitations below. */
export async function listMembers(host: Host, command: Command): Promise<number> {
  const options = command.opts<Options>()
  const { limit, cursor } = options
  return withClient(host, options, async (client) => {
    const found = await client.get('/members', { limit, cursor })
    if (options.json === true) printJson(found)
    else printMembers(found, options.namespace)
    return exits.ok
  })
}

function printMembers({ members, invitations, next }: MemberList, namespace: string): void {
  const inside = namespace === 'main' ? '' : ` --namespace ${namespace}`
  if (members.length === 0 && invitations.length === 0)
    return print(
      `Nobody belongs to ${namespace} yet. Add somebody with: sluice member add EMAIL operator${inside}`,
    )
  const heads = [
    { title: 'e-mail', flexible: true },
    { title: 'name', flexible: true },
    { title: 'role' },
    { title: 'added (UTC)' },
    { title: 'by' },
  ]
  if (members.length > 0)
    print(
      table(
        heads,
        members.map(({ email, name, role, addedAt, addedBy }) => [email, name, role, time(addedAt), addedBy]),
      ),
    )
  if (invitations.length > 0) {
    print(`${members.length > 0 ? '\n' : ''}Invited`)
    const invited = [
      { title: 'e-mail', flexible: true },
      { title: 'role' },
      { title: 'valid until (UTC)' },
      { title: 'by' },
    ]
    const rows = invitations.map(({ email, role, expiresAt, invitedBy }) => [
      email,
      role,
      time(expiresAt),
      invitedBy,
    ])
    print(table(invited, rows, 2))
  }
  if (next !== null)
    print(color.dim(`\nThere are more. Go on with: sluice member list --cursor ${next}${inside}`))
}

/** A link where they have no user yet. */
export async function addMember(
  host: Host,
  command: Command,
  [email = '', role = '']: string[],
): Promise<number> {
  const options = command.opts<Options>()
  checkRole(role, 'add')
  return withClient(host, options, async (client) => {
    const order = { email, role, mail: options.mail === true }
    const added = await client.post('/members', { body: order })
    if (options.json === true) printJson(added)
    else printAdded(added, email, role, options.namespace)
    return exits.ok
  })
}

function printAdded(
  { member, link, mailed }: AddedMember,
  email: string,
  role: string,
  namespace: string,
): void {
  const tick = color.green('✓')
  if (member !== null) return print(`${tick} ${member.email} belongs to ${namespace} now, as ${member.role}.`)
  if (mailed) return print(`${tick} An invitation to ${namespace} as ${role} is on its way to ${email}.`)
  print(`${tick} ${email} is invited to ${namespace} as ${role}. Pass this link on:`)
  print(`\n  ${link!.url}\n`)
  print(facts([['Valid', `until ${time(link!.expiresAt)} UTC, once`]]))
}

export async function changeRole(
  host: Host,
  command: Command,
  [email = '', role = '']: string[],
): Promise<number> {
  const options = command.opts<Options>()
  checkRole(role, 'role')
  return withClient(host, options, async (client) => {
    const member = await client.patch('/members/{member}', { member: email, body: { role } })
    if (options.json === true) printJson(member)
    else
      print(
        `${color.green('✓')} ${member.email} is ${member.role} of ${options.namespace} now: ${roles[member.role].doc}`,
      )
    return exits.ok
  })
}

export async function removeMember(host: Host, command: Command, [email = '']: string[]): Promise<number> {
  const options = command.opts<Options>()
  return withClient(host, options, async (client) => {
    const gone = await client.delete('/members/{member}', { member: email })
    if (options.json === true) printJson(gone)
    else
      print(
        gone.was === 'invitation'
          ? `${color.green('✓')} The invitation of ${gone.removed} is withdrawn.`
          : `${color.green('✓')} ${gone.removed} does not belong to ${options.namespace} any more; their tokens are void.`,
      )
    return exits.ok
  })
}

function checkRole(role: string, verb: string): asserts role is Role {
  if (roleNames.includes(role as Role)) return
  const detail = `There is no role ${role}; there are ${roleNames.join(', ')}.`
  throw failure('usage.unknown', { detail, command: `sluice member ${verb}` })
}
