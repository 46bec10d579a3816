// Secrets over HTTP: stored, listed by name, removed, sealed anew. No answer ever holds one.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { secretBytesMax, secretNameForm } from '../core/secretName.ts'
import { findSecret, listSecrets, removeSecret, type SecretCheck, type SecretRow } from '../db/secrets.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { editedByTag, etagSchema, requireMatch, tagOf } from './etags.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { whoOf } from './who.ts'

const params = namespaceParams.extend({ secret: z.string() })

const secretSchema = z
  .object({
    name: z.string(),
    createdAt: z.string(),
    createdBy: z.string().nullable(),
    updatedAt: z.string(),
    etag: etagSchema,
  })
  .meta({ id: 'SecretView' })
type SecretView = z.infer<typeof secretSchema>

const listSchema = z
  .object({
    secrets: z.array(secretSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'SecretList' })
export type SecretList = z.infer<typeof listSchema>

const storedSchema = z.object({ secret: z.string(), new: z.boolean() }).meta({ id: 'StoredSecret' })

const removedSchema = z.object({ removed: z.string() }).meta({ id: 'RemovedSecret' })

const rotatedSchema = z
  .object({ rotated: z.int().meta({ description: 'Secrets under the fresh key.' }) })
  .meta({ id: 'RotatedSecrets' })

export const secretRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/secrets',
    {
      schema: {
        tags: ['secrets'],
        summary: 'The names of the secrets; never their values',
        params: namespaceParams,
        querystring: z.object({ cursor: z.string().optional(), limit: pageLimit }),
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const namespace = await namespaceOf(context, request.params.namespace)
      const rows = await listSecrets(context.database.pool, namespace.id, { after: cursor, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return { secrets: page.map(viewOf), next: rows.length > limit ? page.at(-1)!.name : null }
    },
  )

  await app.register(oneRoute, { context })
  await app.register(changeRoutes, { context })
}

function viewOf(row: SecretRow): SecretView {
  const { name, created_at: createdAt, created_by: createdBy, updated_at: updatedAt } = row
  return { name, createdAt, createdBy, updatedAt, etag: tagOfSecret(row) }
}

/** What replacing it names: every time it is stored it is another one. */
function tagOfSecret({ name, created_at, updated_at }: SecretRow): string {
  return tagOf({ name, created_at, updated_at })
}

function checkMatch(request: FastifyRequest): SecretCheck {
  return (now) => requireMatch(request, now === undefined ? null : tagOfSecret(now), 'secret')
}

const oneRoute: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/secrets/:secret',
    {
      schema: {
        tags: ['secrets'],
        summary: 'One secret: who stored it and when; never its value',
        description: editedByTag,
        params,
        response: { 200: secretSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { secret: name } = request.params
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await findSecret(context.database.pool, namespace.id, name)
      if (row === undefined) throw failure('secret.missing', { name })
      return reply.header('etag', tagOfSecret(row)).send(viewOf(row))
    },
  )
}

const changeRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.put(
    '/secrets/:secret',
    {
      schema: {
        tags: ['secrets'],
        summary: 'Store a secret, or replace it',
        params,
        body: z.object({ value: z.string().meta({ description: 'Never answered again.' }) }),
        response: { 200: storedSchema, ...failures },
      },
    },
    async (request) => {
      const { secret: name } = request.params
      const { value } = request.body
      if (!secretNameForm.test(name)) throw failure('secret.name_invalid', { name })
      if (value === '' || Buffer.byteLength(value) > secretBytesMax)
        throw failure('secret.empty', { name, limit: secretBytesMax })
      const namespace = await namespaceOf(context, request.params.namespace)
      const secret = { name, value, by: whoOf(request) }
      return { secret: name, new: await context.secrets.write(namespace, secret, checkMatch(request)) }
    },
  )

  app.delete(
    '/secrets/:secret',
    {
      schema: {
        tags: ['secrets'],
        summary: 'Forget a secret',
        params,
        response: { 200: removedSchema, ...failures },
      },
    },
    async (request) => {
      const { secret: name } = request.params
      const namespace = await namespaceOf(context, request.params.namespace)
      const removed = await context.database.transaction(async (client) => {
        checkMatch(request)(await findSecret(client, namespace.id, name, true))
        return removeSecret(client, namespace.id, name)
      })
      if (!removed) throw failure('secret.missing', { name })
      return { removed: name }
    },
  )
}

/** The master key seals the secrets of every namespace. */
export const keyRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/secrets/rotate',
    {
      schema: {
        tags: ['secrets'],
        summary: 'A fresh master key; every secret is sealed under it',
        response: { 200: rotatedSchema, ...failures },
      },
    },
    async () => ({ rotated: await context.secrets.rotate() }),
  )
}
