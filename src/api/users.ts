// Users of the whole installation, and the one-time links that make them.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { linkOf, makeLink, useLink, type Link } from '../db/links.ts'
import { putMember } from '../db/members.ts'
import { twoFactorState } from '../db/twoFactor.ts'
import {
  changeEmail,
  changePassword,
  changeUser,
  createUser,
  findUser,
  firstAdmin,
  listUsers,
  userOf,
  type User,
} from '../db/users.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { editedByTag, etagSchema, requireMatch, tagOf } from './etags.ts'
import { pageLimit } from './params.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import type { Access } from './place.ts'
import {
  emailSchema,
  passwordSchema,
  personNameSchema,
  roleSchema,
  type PeopleOptions,
} from './peopleSchemas.ts'
import { noteStranger, signIn } from './signIn.ts'
import { whoOf } from './who.ts'

const userSchema = z
  .object({
    email: z.string(),
    name: z.string(),
    admin: z.boolean().meta({ description: 'Looks after the whole installation.' }),
    disabledAt: z.string().nullable(),
    createdAt: z.string(),
    signedInAt: z.string().nullable().meta({ description: 'The last time; null: never.' }),
    twoFactor: z.boolean().meta({ description: 'Signs in with a second factor.' }),
    etag: etagSchema,
  })
  .meta({ id: 'UserView' })
export type UserView = z.infer<typeof userSchema>

const listSchema = z
  .object({
    users: z.array(userSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'UserList' })

export const madeLinkSchema = z
  .object({
    url: z.string().meta({ description: 'Shown this once; whoever has it can use it.' }),
    expiresAt: z.string(),
  })
  .meta({ id: 'MadeLink' })
export type MadeLink = z.infer<typeof madeLinkSchema>

const lookSchema = z.object({
  kind: z.enum(['first_admin', 'invitation', 'reset', 'email']),
  email: z.string().nullable().meta({ description: 'Whom it is for; null: they say so.' }),
  namespace: z.string().nullable(),
  role: roleSchema.nullable(),
  known: z
    .boolean()
    .meta({ description: 'Whether they have a user already: nothing to choose, only to confirm.' }),
  expiresAt: z.string(),
})

const usedSchema = z.object({
  email: z.string(),
  signedIn: z.boolean().meta({ description: 'False: they sign in as always, with their password and code.' }),
})

const keySchema = z.string().min(1).max(200).meta({ description: 'What stands behind the # of the link.' })

const useSchema = z.object({
  key: keySchema,
  email: emailSchema.optional().meta({ description: 'Of the first admin.' }),
  name: personNameSchema.optional(),
  password: passwordSchema.optional(),
})

/**
 * The address of a one-time link. Its key stands behind the #, which browsers never send: it is in no log, no history
 * of a proxy and no Referer.
 */
export function linkUrl(context: ApiContext, access: Access, key: string): string {
  const port = context.about.port()
  const base = access.baseUrl ?? (port === null ? null : `http://127.0.0.1:${port}`)
  if (base === null) throw failure('link.no_address')
  return `${base}/welcome#${key}`
}

export const userRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  const { database } = context
  app.get(
    '/users',
    {
      schema: {
        tags: ['people'],
        summary: 'List users',
        querystring: z.object({ cursor: z.string().optional(), limit: pageLimit }),
        response: { 200: listSchema, ...failures },
      },
    },
    async ({ query: { cursor, limit } }) => {
      const rows = await listUsers(database.pool, { after: cursor, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return { users: page.map(viewOf), next: rows.length > limit ? page.at(-1)!.email : null }
    },
  )

  app.patch(
    '/users/:user',
    {
      schema: {
        tags: ['people'],
        summary:
          'Switch a user off or on, have them look after the installation, or give them another address',
        params: z.object({ user: emailSchema }),
        body: z.object({
          admin: z.boolean().optional(),
          disabled: z.boolean().optional(),
          email: emailSchema.optional().meta({ description: 'Another address to sign in with.' }),
        }),
        response: { 200: userSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { email, ...change } = request.body
      const check = (now: User): void => requireMatch(request, tagOfUser(now), 'user')
      const user = await database.transaction(async (client) => {
        const changed = await changeUser(client, request.params.user, change, context.now(), check)
        if (email === undefined || email === changed.email) return changed
        await changeEmail(client, changed.id, email, context.now())
        return userOf(client, email)
      })
      return reply.header('etag', tagOfUser(user)).send(viewOf(user))
    },
  )
}

/** What an edit of a user names: whatever admins decide about them, not when they signed in. */
export function tagOfUser({ id, email, admin, disabledAt, twoFactor }: User): string {
  return tagOf({ id, email, admin, disabledAt, twoFactor })
}

function viewOf(user: User): UserView {
  const { email, name, admin, disabledAt, createdAt, signedInAt, twoFactor } = user
  return { email, name, admin, disabledAt, createdAt, signedInAt, twoFactor, etag: tagOfUser(user) }
}

/** One alone. */
export const userRoute: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  app.get(
    '/users/:user',
    {
      schema: {
        tags: ['people'],
        summary: 'One user',
        description: editedByTag,
        params: z.object({ user: emailSchema }),
        response: { 200: userSchema, ...failures },
      },
    },
    async ({ params }, reply) => {
      const user = await userOf(context.database.pool, params.user)
      return reply.header('etag', tagOfUser(user)).send(viewOf(user))
    },
  )
}

export const linkRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context
  app.post(
    '/links',
    {
      schema: {
        tags: ['people'],
        summary: 'Make a one-time link: for the first admin, or for another password',
        body: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('first_admin') }),
          z.object({ kind: z.literal('reset'), email: emailSchema }),
        ]),
        response: { 201: madeLinkSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { body } = request
      const first = await firstAdmin(database.pool)
      if (body.kind === 'first_admin' && first !== undefined)
        throw failure('user.not_first', { email: first })
      const order =
        body.kind === 'reset'
          ? { kind: body.kind, userId: (await userOf(database.pool, body.email)).id }
          : { kind: body.kind }
      // Before the link is made: one that cannot be shown replaces none.
      linkUrl(context, access, '')
      const { key, expiresAt } = await makeLink(database.pool, order, {
        by: whoOf(request),
        now: context.now(),
      })
      return reply.code(201).send({ url: linkUrl(context, access, key), expiresAt })
    },
  )
}

/** For who has a link. */
export const linkUseRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context } = options
  const { database } = context

  app.post(
    '/links/look',
    {
      schema: {
        tags: ['people'],
        summary: 'What a one-time link is for',
        body: z.object({ key: keySchema }),
        response: { 200: lookSchema, ...failures },
      },
    },
    async ({ body: { key } }) => {
      const { kind, email, namespace, role, expiresAt } = await linkOf(database.pool, key, context.now())
      const known =
        kind === 'email' || (kind === 'invitation' && (await findUser(database.pool, email!)) !== undefined)
      return { kind, email, namespace, role, known, expiresAt }
    },
  )

  app.post(
    '/links/use',
    {
      schema: {
        tags: ['people'],
        summary: 'Use a one-time link: become a user or a member, or choose another password',
        body: useSchema,
        response: { 200: usedSchema, ...failures },
      },
    },
    async (request, reply) => use(options, request, reply, request.body),
  )
}

type Given = z.infer<typeof useSchema>

async function use(
  options: PeopleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  given: Given,
): Promise<z.infer<typeof usedSchema>> {
  const { context } = options
  const { database } = context
  const link = await linkOf(database.pool, given.key, context.now())
  const email = link.email ?? given.email
  if (email === undefined) throw failure('invalid_request', { detail: 'email: it is missing' })
  const user = await findUser(database.pool, email)
  if (link.kind === 'invitation' && user !== undefined) {
    await database.transaction(async (client) => {
      await useLink(client, link.id, context.now())
      await join(context, client, link, user)
    })
    // Who has the link is not thereby signed in.
    noteStranger(request, email)
    return { email, signedIn: false }
  }
  if (link.kind === 'email') {
    await database.transaction(async (client) => {
      await useLink(client, link.id, context.now())
      await changeEmail(client, link.userId!, email, context.now())
    })
    noteStranger(request, email)
    return { email, signedIn: false }
  }
  // Before the link is used up: who is refused for a short password tries again with it.
  checkPassword(given.password ?? '', email)
  const password = await hashPassword(given.password!)
  const made = await database.transaction(async (client) => {
    await useLink(client, link.id, context.now())
    if (link.kind === 'reset') {
      await changePassword(client, link.userId!, password)
      return userOf(client, email)
    }
    return welcome(context, client, link, { email, name: given.name ?? email, password })
  })
  // A link is one factor, as the password was.
  const { on } = await twoFactorState(database.pool, made.id)
  if (on) noteStranger(request, email)
  else await signIn(options, request, reply, made)
  return { email, signedIn: !on }
}

type Client = Parameters<typeof useLink>[0]

/** A new user: the first admin, owner of main; or whom an invitation was for. */
async function welcome(
  context: ApiContext,
  client: Client,
  link: Link,
  person: { readonly email: string; readonly name: string; readonly password: string },
): Promise<User> {
  const there = await firstAdmin(client)
  const first = link.kind === 'first_admin'
  if (first && there !== undefined) throw failure('link.invalid')
  const user = await createUser(client, { ...person, admin: first, now: context.now() })
  await join(context, client, link, user)
  return user
}

async function join(context: ApiContext, client: Client, link: Link, user: User): Promise<void> {
  const namespaceId = link.namespaceId ?? (await namespaceOf(context, 'main')).id
  const member = {
    userId: user.id,
    role: link.role ?? ('owner' as const),
    by: link.madeBy,
    now: context.now(),
  }
  await putMember(client, namespaceId, member)
}
