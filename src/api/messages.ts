// Messages to people and programs: what was sent, what waits and why, and a test.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { runName } from '../core/names.ts'
import { letterFor } from '../core/notify/letter.ts'
import { causes, type News } from '../core/notify/news.ts'
import { failure } from '../core/problems.ts'
import {
  findMessage,
  insertMessage,
  listMessages,
  orderSending,
  reviveMessage,
  type Channel,
  type MessageRow,
} from '../db/messages.ts'
import type { Namespace } from '../db/imports.ts'
import { findWebhook } from '../db/webhooks.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { jobOf } from './jobParams.ts'
import { namespaceParams, pageLimit } from './params.ts'

export const messageViewSchema = z
  .object({
    id: z.int(),
    job: z.string().nullable(),
    run: z.string().nullable(),
    channel: z.enum(['email', 'webhook']),
    recipient: z.string().meta({ description: 'An e-mail address, or the name of a webhook.' }),
    cause: z.enum(causes).meta({
      description:
        'run: a run ended; trouble: it failed, was halted, held or ended midway; recovered: well again; failed_share: too many records failed; silence: it did not run, or no file came; quota; threshold: a number is outside its limits, or within them again; approval: something waits for somebody else to approve it; decision: it was decided; test.',
    }),
    subject: z.string(),
    state: z.enum(['waiting', 'sent', 'failed']).meta({ description: 'failed: given up.' }),
    attempts: z.int(),
    lastError: z.string().nullable().meta({ description: 'Why it was not delivered the last time.' }),
    notBefore: z.string().meta({ description: 'When a digest is due.' }),
    createdAt: z.string(),
    sentAt: z.string().nullable(),
  })
  .meta({ id: 'MessageView' })
export type MessageView = z.infer<typeof messageViewSchema>

const listSchema = z
  .object({ messages: z.array(messageViewSchema), next: z.string().nullable() })
  .meta({ id: 'MessagePage' })
export type MessagePage = z.infer<typeof listSchema>

const listQuery = z.object({
  undelivered: z.stringbool().default(false).meta({ description: 'Only those that wait or were given up.' }),
  job: z.string().optional().meta({ description: 'Only messages about this job: its name or id.' }),
  cursor: z.coerce.number().int().optional().meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

const testSchema = z
  .object({ email: z.email().optional(), webhook: z.string().optional() })
  .refine(({ email, webhook }) => (email === undefined) !== (webhook === undefined), 'an email or a webhook')

function messageView(row: MessageRow): MessageView {
  const {
    run_id: run,
    last_error: lastError,
    not_before: notBefore,
    created_at: createdAt,
    sent_at: sentAt,
  } = row
  const { id, job, channel, recipient, cause, subject, status: state, attempts } = row
  const more = { run: run === null ? null : runName(run), lastError, notBefore, createdAt, sentAt }
  return { id, job, channel, recipient, cause, subject, state, attempts, ...more }
}

const messageParams = namespaceParams.extend({ message: z.coerce.number().int() })

type Routes = FastifyPluginAsyncZod<{ context: ApiContext }>

export const messageRoutes: Routes = async (app, { context }) => {
  await app.register(readRoutes, { context })
  await app.register(sendRoutes, { context })
}

const readRoutes: Routes = async (app, { context }) => {
  app.get(
    '/messages',
    {
      schema: {
        tags: ['messages'],
        summary: 'List messages, newest first',
        params: namespaceParams,
        querystring: listQuery,
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { undelivered, job: name, cursor, limit } = request.query
      const of = { namespace: namespace.name }
      const job = name === undefined ? undefined : (await jobOf(context, { ...of, job: name })).job.id
      const rows = await listMessages(context.database.pool, namespace.id, {
        undelivered,
        job,
        before: cursor,
        limit: limit + 1,
      })
      const page = rows.slice(0, limit)
      return { messages: page.map(messageView), next: rows.length > limit ? String(page.at(-1)!.id) : null }
    },
  )

  app.get(
    '/messages/:message',
    {
      schema: {
        tags: ['messages'],
        summary: 'One message',
        params: messageParams,
        response: { 200: messageViewSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return one(context, namespace.id, request.params.message)
    },
  )
}

const sendRoutes: Routes = async (app, { context }) => {
  app.post(
    '/messages/:message/resend',
    {
      schema: {
        tags: ['messages'],
        summary: 'Send a message again that was not delivered',
        params: messageParams,
        response: { 200: messageViewSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { message } = request.params
      if (await reviveMessage(context.database.pool, namespace.id, message))
        await orderSending(context.database.pool, message, null)
      return one(context, namespace.id, message)
    },
  )

  app.post(
    '/messages/test',
    {
      schema: {
        tags: ['messages'],
        summary: 'Send a test message',
        params: namespaceParams,
        body: testSchema,
        response: { 202: messageViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { email, webhook } = request.body
      if (webhook !== undefined) await checkWebhook(context, namespace.id, webhook)
      const [channel, recipient]: [Channel, string] =
        email === undefined ? ['webhook', webhook!] : ['email', email]
      const id = await startTest(context, namespace, channel, recipient)
      return reply.status(202).send(await one(context, namespace.id, id))
    },
  )
}

async function checkWebhook({ database }: ApiContext, namespaceId: number, name: string): Promise<void> {
  const found = await findWebhook(database.pool, namespaceId, name)
  if (found === undefined) throw failure('not_found', { noun: 'webhook', id: name })
}

/** Keeps a test and orders it to be sent; answers its id. */
function startTest(
  context: ApiContext,
  namespace: Namespace,
  channel: Channel,
  recipient: string,
): Promise<number> {
  return context.database.transaction(async (client) => {
    const letter = letterFor(testNews(namespace.name, context.now()), 'test', null)
    const about = { namespaceId: namespace.id, jobId: null, runId: null, logId: null }
    const body = { letter, news: null }
    const id = await insertMessage(client, {
      ...about,
      channel,
      recipient,
      cause: 'test',
      body,
      digestAt: null,
    })
    await orderSending(client, id!, null)
    return id!
  })
}

async function one({ database }: ApiContext, namespaceId: number, id: number): Promise<MessageView> {
  const row = await findMessage(database.pool, namespaceId, id)
  if (row === undefined) throw failure('not_found', { noun: 'message', id })
  return messageView(row)
}

function testNews(namespace: string, at: string): News {
  return { kind: 'synced', at, namespace, job: null, run: null, problem: null, details: {} }
}
