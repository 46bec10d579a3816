// Tokens of programs: shown once, with rights of their own, never more than their maker has.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { grantable, rightNames } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { listTokens, makeToken, namedToken, revokeToken, type Token } from '../db/tokens.ts'
import { failures } from './answers.ts'
import { namespaceOf } from './context.ts'
import { editedByTag, etagSchema, requireMatch, tagOf } from './etags.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { rightSchema, type PeopleOptions } from './peopleSchemas.ts'
import { callerOf, standingOf, whoOf } from './who.ts'

const tokenFields = z.object({
  name: z.string(),
  prefix: z.string().meta({ description: 'How it begins, to recognise it by.' }),
  rights: z.array(rightSchema),
  owner: z.string().nullable().meta({ description: 'Whose it is; null: made at the machine itself.' }),
  madeBy: z.string(),
  madeAt: z.string(),
  expiresAt: z.string().nullable().meta({ description: 'Null: when it is revoked.' }),
  revokedAt: z.string().nullable(),
  usedAt: z.string().nullable().meta({ description: 'The last time, to the minute; null: never.' }),
  etag: etagSchema,
})

const tokenSchema = tokenFields.meta({ id: 'TokenView' })

const listSchema = z
  .object({
    tokens: z.array(tokenSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'TokenList' })
export type TokenList = z.infer<typeof listSchema>

const madeSchema = tokenFields
  .extend({ token: z.string().meta({ description: 'Shown this once.' }) })
  .meta({ id: 'MadeToken' })
export type MadeToken = z.infer<typeof madeSchema>

const orderSchema = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, 'letters, digits, dots, dashes and underscores, at most 60'),
  rights: z.array(rightSchema).min(1),
  days: z
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .default(90)
    .meta({ description: 'After so many days it is void; null: when it is revoked.' }),
})

/** Whose tokens somebody may see and revoke: their own, or everybody's with the right to manage members. */
function reachOf(request: FastifyRequest): number | null {
  return standingOf(request).rights.includes('members') ? null : (callerOf(request)?.user?.id ?? -1)
}

function tokenView(token: Token): z.infer<typeof tokenSchema> {
  const known = token.rights.filter((right) => rightNames.includes(right))
  return { ...token, rights: known, etag: tagOfToken(token) }
}

export const tokenRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  const { database } = context

  app.get(
    '/tokens',
    {
      schema: {
        tags: ['people'],
        summary: 'List tokens, newest first: your own, or all of them with the right to manage members',
        params: namespaceParams,
        querystring: z.object({
          revoked: z.stringbool().default(false).meta({ description: 'Also those that were revoked.' }),
          cursor: z.coerce.number().int().optional(),
          limit: pageLimit,
        }),
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const { revoked, cursor, limit } = request.query
      const { id } = await namespaceOf(context, request.params.namespace)
      const place = { userId: reachOf(request), revoked, before: cursor, limit: limit + 1 }
      const rows = await listTokens(database.pool, id, place)
      const page = rows.slice(0, limit)
      return { tokens: page.map(tokenView), next: rows.length > limit ? String(page.at(-1)!.id) : null }
    },
  )
}

/** What revoking names: a name may be given to another token later. */
function tagOfToken({ name, prefix, madeAt }: Token): string {
  return tagOf({ name, prefix, madeAt })
}

const oneParams = namespaceParams.extend({ token: z.string().meta({ description: 'Its name.' }) })

/** One alone. */
export const tokenRoute: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  app.get(
    '/tokens/:token',
    {
      schema: {
        tags: ['people'],
        summary: 'One token that was not revoked; never the token itself',
        description: editedByTag,
        params: oneParams,
        response: { 200: tokenSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { namespace, token: name } = request.params
      const { id } = await namespaceOf(context, namespace)
      const token = await namedToken(context.database.pool, id, name, { userId: reachOf(request) })
      if (token === undefined) throw failure('not_found', { noun: 'token', id: name })
      return reply.header('etag', tagOfToken(token)).send(tokenView(token))
    },
  )
}

/** Making and revoking. */
export const tokenChangeRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  const { database } = context

  app.post(
    '/tokens',
    {
      schema: {
        tags: ['people'],
        summary: 'Make a token; it is answered this once',
        params: namespaceParams,
        body: orderSchema,
        response: { 201: madeSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { name, rights, days } = request.body
      const able = grantable(standingOf(request).rights)
      const beyond = rights.find((right) => !able.includes(right))
      if (beyond !== undefined) throw failure('token.rights', { right: beyond, grantable: able.join(', ') })
      const namespace = await namespaceOf(context, request.params.namespace)
      const { key, token } = await makeToken(database.pool, namespace.id, {
        name,
        rights: [...new Set(rights)],
        days,
        userId: callerOf(request)?.user?.id ?? null,
        by: whoOf(request),
        now: context.now(),
      })
      return reply.code(201).send({ ...tokenView(token), token: key })
    },
  )

  app.delete(
    '/tokens/:token',
    {
      schema: {
        tags: ['people'],
        summary: 'Revoke a token; it is void at once',
        params: oneParams,
        response: { 200: z.object({ revoked: z.string() }), ...failures },
      },
    },
    async (request) => {
      const { token: name } = request.params
      const { id } = await namespaceOf(context, request.params.namespace)
      const done = await database.transaction(async (client) => {
        const token = await namedToken(client, id, name, { userId: reachOf(request), lock: true })
        requireMatch(request, token === undefined ? null : tagOfToken(token), 'token')
        return revokeToken(client, id, name, { userId: reachOf(request), now: context.now() })
      })
      if (!done) throw failure('not_found', { noun: 'token', id: name })
      return { revoked: name }
    },
  )
}
