// Delivers messages: tried again by graphile-worker with growing pauses, given up after more than a day, never lost from sight.
import { digestOf } from '../../core/notify/letter.ts'
import { SluiceError } from '../../core/problem.ts'
import { failure } from '../../core/problems.ts'
import type { Database } from '../../db/client.ts'
import { findDigest, findWaiting, noteSent, noteUndelivered, type Message } from '../../db/messages.ts'
import { findWebhook, noteWebhookGone } from '../../db/webhooks.ts'
import type { Allowed } from '../../connectors/net/outbound.ts'
import { hookPayload, sendHook } from './hook.ts'
import { sendMail, type MailSettings } from './mailer.ts'

/** Tries of one message: with the pauses of graphile-worker about a day and a half. */
export const triesMax = 12

export interface SendContext {
  readonly db: Database
  /** Null: no mail server is set up. */
  readonly mail: MailSettings | null
  /** The value of a secret, by its name. */
  readonly secret: (namespaceId: number, name: string) => Promise<string>
  readonly allowed: Allowed
  readonly now: () => number
}

/** Delivers one message, if it still waits. Throws: to be tried again. */
export async function sendMessage(context: SendContext, id: number): Promise<void> {
  const message = await findWaiting(context.db.pool, id)
  if (message !== undefined) await deliver(context, [message], () => sendOne(context, message))
}

/** Delivers what was collected for one person in one mail. */
export async function sendDigest(
  context: SendContext,
  namespaceId: number,
  recipient: string,
): Promise<void> {
  const messages = await findDigest(context.db.pool, namespaceId, recipient)
  const [first] = messages
  if (first === undefined) return
  const letter = digestOf(messages.map(({ body }) => body.letter))
  await deliver(context, messages, () => mail(context, recipient, letter, `${first.id}-${messages.length}`))
}

async function deliver(
  { db }: SendContext,
  messages: readonly Message[],
  send: () => Promise<void>,
): Promise<void> {
  const ids = messages.map(({ id }) => id)
  try {
    await send()
  } catch (error) {
    const { code, message } = (error as SluiceError).problem ?? { code: 'internal', message: String(error) }
    // It waits, in sight, until the server is started with what is missing: trying again cannot help.
    if (code === 'mail.not_set_up') return noteUndelivered(db.pool, ids, message, false)
    const final = code === 'webhook.gone' || code === 'not_found' || messages[0]!.attempts + 1 >= triesMax
    await noteUndelivered(db.pool, ids, message, final)
    if (final) return
    throw error
  }
  await noteSent(db.pool, ids)
}

function mail(
  { mail: settings }: SendContext,
  to: string,
  letter: Message['body']['letter'],
  id: string,
): Promise<void> {
  if (settings === null) throw failure('mail.not_set_up')
  return sendMail(settings, to, letter, id)
}

async function sendOne(context: SendContext, message: Message): Promise<void> {
  const { id, namespaceId, recipient, body, cause } = message
  if (message.channel === 'email') return mail(context, recipient, body.letter, String(id))
  const { db, secret, allowed, now } = context
  const hook = await findWebhook(db.pool, namespaceId, recipient)
  if (hook === undefined) throw failure('not_found', { noun: 'webhook', id: recipient })
  if (hook.gone_at !== null) throw failure('webhook.gone', { name: hook.name })
  const payload = hookPayload(body.news, cause, body.letter, message.createdAt)
  const signing = await secret(namespaceId, hook.secret)
  try {
    await sendHook(
      { name: hook.name, url: hook.url, secret: signing },
      payload,
      `msg_${id}`,
      new Date(now()),
      allowed,
    )
  } catch (error) {
    if (error instanceof SluiceError && error.problem.code === 'webhook.gone')
      await noteWebhookGone(db.pool, namespaceId, hook.name)
    throw error
  }
}
