// Secrets over HTTP: stored, listed by name, removed, sealed anew. No answer ever holds one.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { secretBytesMax, secretNameForm } from '../core/secretName.ts'
import { listSecrets, removeSecret } from '../db/secrets.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { whoOf } from './who.ts'

const params = namespaceParams.extend({ secret: z.string() })

const listSchema = z
  .object({
    secrets: z.array(
      z.object({
        name: z.string(),
        createdAt: z.string(),
        createdBy: z.string().nullable(),
        updatedAt: z.string(),
      }),
    ),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'SecretList' })
export type SecretList = z.infer<typeof listSchema>

const storedSchema = z.object({ secret: z.string(), new: z.boolean() }).meta({ id: 'StoredSecret' })
export type StoredSecret = z.infer<typeof storedSchema>

const removedSchema = z.object({ removed: z.string() }).meta({ id: 'RemovedSecret' })
export type RemovedSecret = z.infer<typeof removedSchema>

const rotatedSchema = z
  .object({ rotated: z.int().meta({ description: 'Secrets under the fresh key.' }) })
  .meta({ id: 'RotatedSecrets' })
export type RotatedSecrets = z.infer<typeof rotatedSchema>

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
      const secrets = page.map(({ name, created_at, created_by, updated_at }) => ({
        name,
        createdAt: created_at,
        createdBy: created_by,
        updatedAt: updated_at,
      }))
      return { secrets, next: rows.length > limit ? page.at(-1)!.name : null }
    },
  )

  await app.register(changeRoutes, { context })
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
      return { secret: name, new: await context.secrets.write(namespace, name, value, whoOf(request)) }
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
      if (!(await removeSecret(context.database.pool, namespace.id, name)))
        throw failure('secret.missing', { name })
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
