// The chores that tell people: reading the log, sending, and sending again what a server without mail left waiting.
import { z } from 'zod'
import { orderSending, overdueMessages } from '../../db/messages.ts'
import { tell as tellAll } from '../notify/tell.ts'
import { sendDigest as digest, sendMessage as send, type SendContext } from '../notify/send.ts'
import type { Chore, ChoreContext } from './chore.ts'

/** Ordered by a duty when there is news; the clock covers what that missed. */
export const tell: Chore = {
  name: 'tell',
  cron: '* * * * *',
  run: async ({ db, clock, outside }) => {
    await tellAll({ db, baseUrl: outside.baseUrl, now: () => clock.now() })
  },
}

const messagePayload = z.object({ message: z.int() })
export const sendMessage: Chore = {
  name: 'send_message',
  cron: null,
  run: (context, payload) => send(sending(context), messagePayload.parse(payload).message),
}

const digestPayload = z.object({ namespaceId: z.int(), recipient: z.string() })
export const sendDigest: Chore = {
  name: 'send_digest',
  cron: null,
  run: (context, payload) => {
    const { namespaceId, recipient } = digestPayload.parse(payload)
    return digest(sending(context), namespaceId, recipient)
  },
}

/** Ordered at every start: mail may be set up by now. */
export const sendWaiting: Chore = {
  name: 'send_waiting',
  cron: '41 * * * *',
  run: async ({ db, outside }) => {
    if (outside.mail === null) return
    for (const { id, digest } of await overdueMessages(db.pool)) await orderSending(db.pool, id, digest)
  },
}

function sending({ db, clock, outside }: ChoreContext): SendContext {
  return { db, now: () => clock.now(), ...outside }
}
