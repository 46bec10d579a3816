// Webhooks of a namespace: added with a signing secret that is shown once, listed, removed.
import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { removeSecret } from '../db/secrets.ts'
import { addWebhook, findWebhook, listWebhooks, removeWebhook, type WebhookRow } from '../db/webhooks.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { editedByTag, etagSchema, requireMatch, tagOf } from './etags.ts'
import { namespaceParams } from './params.ts'
import { whoOf } from './who.ts'

const nameSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'small letters, digits, - and _')

const orderSchema = z.object({
  name: nameSchema.meta({ description: 'What jobs and settings call it.' }),
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === '', 'no user or password in it'),
})

export const webhookViewSchema = z
  .object({
    name: z.string(),
    url: z.string(),
    createdBy: z.string().nullable(),
    createdAt: z.string(),
    goneAt: z
      .string()
      .nullable()
      .meta({ description: 'Since when its address says it is gone (410): nothing is sent to it any more.' }),
    etag: etagSchema,
  })
  .meta({ id: 'WebhookView' })

const listSchema = z.object({ webhooks: z.array(webhookViewSchema) }).meta({ id: 'WebhookList' })
export type WebhookList = z.infer<typeof listSchema>

const madeSchema = z
  .object({
    name: z.string(),
    url: z.string(),
    secret: z
      .string()
      .meta({ description: 'Verifies what is sent (standard webhooks); it is never shown again.' }),
  })
  .meta({ id: 'MadeWebhook' })
export type MadeWebhook = z.infer<typeof madeSchema>

/** The name its signing secret has in the vault. */
const secretName = (webhook: string): string => `webhook-${webhook}`

const hookParams = namespaceParams.extend({ webhook: nameSchema })

type Routes = FastifyPluginAsyncZod<{ context: ApiContext }>

export const webhookRoutes: Routes = async (app, { context }) => {
  await app.register(readRoutes, { context })
  await app.register(changeRoutes, { context })
}

const readRoutes: Routes = async (app, { context }) => {
  app.get(
    '/webhooks',
    {
      schema: {
        tags: ['messages'],
        summary: 'List webhooks',
        params: namespaceParams,
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const rows = await listWebhooks(context.database.pool, namespace.id)
      return { webhooks: rows.map(viewOf) }
    },
  )

  app.get(
    '/webhooks/:webhook',
    {
      schema: {
        tags: ['messages'],
        summary: 'One webhook; never its signing secret',
        description: editedByTag,
        params: hookParams,
        response: { 200: webhookViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { webhook } = request.params
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await findWebhook(context.database.pool, namespace.id, webhook)
      if (row === undefined) throw failure('not_found', { noun: 'webhook', id: webhook })
      return reply.header('etag', tagOfWebhook(row)).send(viewOf(row))
    },
  )
}

function viewOf(row: WebhookRow): z.infer<typeof webhookViewSchema> {
  const { name, url, created_by: createdBy, created_at: createdAt, gone_at: goneAt } = row
  return { name, url, createdBy, createdAt, goneAt, etag: tagOfWebhook(row) }
}

/** What removing names: a name may be given to another webhook later. */
function tagOfWebhook({ id, name, url }: WebhookRow): string {
  return tagOf({ id, name, url })
}

const changeRoutes: Routes = async (app, { context }) => {
  app.post(
    '/webhooks',
    {
      schema: {
        tags: ['messages'],
        summary: 'Add a webhook; its signing secret is answered once',
        params: namespaceParams,
        body: orderSchema,
        response: { 201: madeSchema, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { name, url } = request.body
      const order = { name, url, secret: secretName(name), by: whoOf(request) }
      if (!(await addWebhook(context.database.pool, namespace.id, order)))
        throw failure('webhook.exists', { name })
      const secret = `whsec_${randomBytes(24).toString('base64')}`
      await context.secrets.write(namespace, { name: order.secret, value: secret, by: order.by })
      return reply.status(201).send({ name, url, secret })
    },
  )

  app.delete(
    '/webhooks/:webhook',
    {
      schema: {
        tags: ['messages'],
        summary: 'Remove a webhook',
        params: hookParams,
        response: { 200: z.object({ removed: z.string() }), ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { webhook } = request.params
      const removed = await context.database.transaction(async (client) => {
        const now = await findWebhook(client, namespace.id, webhook, true)
        requireMatch(request, now === undefined ? null : tagOfWebhook(now), 'webhook')
        return removeWebhook(client, namespace.id, webhook)
      })
      if (!removed) throw failure('not_found', { noun: 'webhook', id: webhook })
      await removeSecret(context.database.pool, namespace.id, secretName(webhook))
      return { removed: webhook }
    },
  )
}
