// The chore that mails a one-time link: for another password, or to join a namespace. It makes the link itself, so that
// none waits in a queue where it could be read.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { roleNames, type Role } from '../../core/access.ts'
import type { Letter } from '../../core/notify/letterParts.ts'
import { failure } from '../../core/problems.ts'
import { makeLink, type LinkOrder } from '../../db/links.ts'
import { findUser } from '../../db/users.ts'
import { sendMail } from '../notify/mailer.ts'
import type { Chore, ChoreContext } from './chore.ts'

const payloadSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reset'), email: z.string() }),
  z.object({ kind: z.literal('email'), email: z.string(), userId: z.int() }),
  z.object({
    kind: z.literal('invitation'),
    email: z.string(),
    namespaceId: z.int(),
    namespace: z.string(),
    role: z.enum(roleNames),
    by: z.string(),
  }),
])
type Payload = z.infer<typeof payloadSchema>

export const sendLink: Chore = {
  name: 'send_link',
  cron: null,
  run: async (context, given) => {
    const payload = payloadSchema.parse(given)
    const order = await orderOf(context, payload)
    if (order === null) return
    const { mail, baseUrl } = context.outside
    if (mail === null) throw failure('mail.not_set_up')
    if (baseUrl === null) throw failure('link.no_address')
    const by = payload.kind === 'invitation' ? payload.by : payload.email
    const now = new Date(context.clock.now()).toISOString()
    const { key, expiresAt } = await makeLink(context.db.pool, order, { by, now })
    const letter = letterFor(payload, `${baseUrl}/welcome#${key}`, expiresAt)
    await sendMail(mail, payload.email, letter, randomUUID())
  },
}

/** Null: there is nobody to write to, and nobody is told so. */
async function orderOf({ db }: ChoreContext, payload: Payload): Promise<LinkOrder | null> {
  if (payload.kind !== 'reset') return payload
  const user = await findUser(db.pool, payload.email)
  return user === undefined || user.disabledAt !== null ? null : { kind: 'reset', userId: user.id }
}

const roleWords: Readonly<Record<Role, string>> = {
  owner: 'an owner',
  admin: 'an admin',
  operator: 'an operator',
  approver: 'an approver',
  viewer: 'a viewer',
}

function letterFor(payload: Payload, link: string, expiresAt: string): Letter {
  const facts = [['Valid until', `${expiresAt.slice(0, 16).replace('T', ' ')} UTC`]] as const
  if (payload.kind === 'reset')
    return {
      subject: 'Sluice: choose another password',
      paragraphs: [
        'Somebody, probably you, asked for a link to choose another password. It works once.',
        'If it was not you, there is nothing to do: without the link your password stays as it is.',
      ],
      facts,
      command: null,
      link,
      opens: 'Choose another password',
    }
  if (payload.kind === 'email')
    return {
      subject: 'Sluice: is this your address?',
      paragraphs: [
        'Somebody, probably you, wants to sign in with this address from now on. Open the link to confirm it; it works once.',
        'If it was not you, there is nothing to do: without the link nothing changes.',
      ],
      facts,
      command: null,
      link,
      opens: 'Confirm the address',
    }
  return {
    subject: `Sluice: you are invited to ${payload.namespace}`,
    paragraphs: [
      `${payload.by} invites you to ${payload.namespace} as ${roleWords[payload.role]}. Open the link to choose a password; it works once.`,
    ],
    facts,
    command: null,
    link,
    opens: 'Accept the invitation',
  }
}
