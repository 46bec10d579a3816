// Signing in and out, who one is, and another password.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { rightNames, rightsOf, roleNames, type Right } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { addChore } from '../db/chores.ts'
import { namespacesOf } from '../db/members.ts'
import { listNamespaces } from '../db/namespaces.ts'
import { countTry, forgetTries } from '../db/signInTries.ts'
import {
  changePassword,
  endSession,
  endSessions,
  findPassword,
  startSession,
  userOf,
  type User,
} from '../db/users.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { setSession } from './cookies.ts'
import { checkPassword, hashPassword, isPassword } from './passwords.ts'
import { addressOf, cameBySocket, type Access } from './place.ts'
import { callerOf, noteCaller, type Caller } from './who.ts'

/** What routes about people need. */
export interface PeopleOptions {
  readonly context: ApiContext
  readonly access: Access
}

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address such as ada@example.com')

/** Not checked here: a password that does not fit gets a sentence of its own. */
export const passwordSchema = z.string().max(4_096).meta({ description: '12 characters or more.' })

export const rightSchema = z.enum(rightNames as [Right, ...Right[]])
export const roleSchema = z.enum(roleNames)

const meSchema = z
  .object({
    via: z.enum(['socket', 'session', 'token', 'home_token', 'none']),
    name: z.string().meta({ description: 'What is kept as who did something.' }),
    user: z.object({ email: z.string(), name: z.string() }).nullable(),
    admin: z.boolean().meta({ description: 'Looks after the whole installation.' }),
    namespaces: z.array(
      z.object({
        namespace: z.string(),
        role: roleSchema.nullable().meta({ description: 'Null: at this machine, or a token.' }),
        rights: z.array(rightSchema),
      }),
    ),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meSchema>

/** Signs somebody in: a session, its cookie, and from now on they are who asks. */
export async function signIn(
  { context, access }: PeopleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, email, name, admin }: Pick<User, 'id' | 'email' | 'name' | 'admin'>,
): Promise<void> {
  const caller: Caller = {
    via: 'session',
    name: email,
    admin,
    user: { id, email, name },
    session: null,
    token: null,
  }
  noteCaller(request, caller)
  // The command line keeps no cookies, and needs none.
  if (cameBySocket(request)) return
  const from = {
    now: context.now(),
    address: addressOf(request, access),
    browser: request.headers['user-agent'] ?? null,
  }
  setSession(request, reply, access, await startSession(context.database.pool, id, from))
}

/** Who asks, and what they may where. */
export async function meOf(context: ApiContext, caller: Caller): Promise<Me> {
  const { via, name, user, admin, token } = caller
  return {
    via,
    name,
    user: user === null ? null : { email: user.email, name: user.name },
    admin,
    namespaces:
      token !== null ? [{ ...token, role: null, rights: [...token.rights] }] : await places(context, caller),
  }
}

async function places(context: ApiContext, { admin, user }: Caller): Promise<Me['namespaces']> {
  const { pool } = context.database
  if (admin) {
    const role = user === null ? null : ('owner' as const)
    return (await listNamespaces(pool)).map(({ name }) => ({ namespace: name, role, rights: rightNames }))
  }
  const found = await namespacesOf(pool, user!.id)
  return found.map(({ namespace, role }) => ({ namespace, role, rights: [...rightsOf(role)] }))
}

/** Counts a try; throws `access.too_many_tries`. Whether there is such an account makes no difference. */
async function mayTry(context: ApiContext, email: string, address: string): Promise<void> {
  const minutes = await countTry(context.database.pool, email, address, context.now())
  if (minutes > 0) throw failure('access.too_many_tries', { minutes })
}

export const signInRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context

  app.post(
    '/sign-in',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign in with e-mail and password; the answer sets a cookie',
        body: z.object({ email: emailSchema, password: passwordSchema }),
        response: { 200: meSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body
      const address = addressOf(request, access) ?? 'socket'
      await mayTry(context, email, address)
      const kept = await findPassword(database.pool, email)
      if (!(await isPassword(password, kept?.password))) throw failure('access.refused')
      await forgetTries(database.pool, email, address)
      await signIn(options, request, reply, await userOf(database.pool, email))
      return meOf(context, callerOf(request)!)
    },
  )

  app.post(
    '/sign-out',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign out',
        body: z.object({
          everywhere: z.boolean().default(false).meta({ description: 'In all browsers, not only this one.' }),
        }),
        response: { 200: z.object({ signedOut: z.literal(true) }), ...failures },
      },
    },
    async (request, reply) => {
      const { user, session } = person(request)
      if (request.body.everywhere) await endSessions(database.pool, user.id)
      else if (session !== null) await endSession(database.pool, session)
      setSession(request, reply, access, null)
      return { signedOut: true as const }
    },
  )
}

/** Who one is, and another password. */
export const meRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context

  app.get(
    '/me',
    {
      schema: {
        tags: ['people'],
        summary: 'Who asks, and what they may where',
        response: { 200: meSchema, ...failures },
      },
    },
    async (request) => meOf(context, callerOf(request)!),
  )

  app.post(
    '/me/password',
    {
      schema: {
        tags: ['people'],
        summary: 'Choose another password; every other session ends',
        body: z.object({ current: passwordSchema, password: passwordSchema }),
        response: { 200: meSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { user } = person(request)
      const address = addressOf(request, access) ?? 'socket'
      await mayTry(context, user.email, address)
      const kept = await findPassword(database.pool, user.email)
      if (!(await isPassword(request.body.current, kept?.password))) throw failure('access.refused')
      await forgetTries(database.pool, user.email, address)
      checkPassword(request.body.password, user.email)
      const password = await hashPassword(request.body.password)
      await database.transaction((client) => changePassword(client, user.id, password))
      await signIn(options, request, reply, { ...user, admin: callerOf(request)!.admin })
      return meOf(context, callerOf(request)!)
    },
  )
}

/** For who forgot the password. */
export const forgottenRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context, access }) => {
  const { database } = context

  app.post(
    '/password-reset',
    {
      schema: {
        tags: ['people'],
        summary:
          'Have a link for another password mailed; the same answer whether there is such a user or not',
        body: z.object({ email: emailSchema }),
        response: { 202: z.object({}), ...failures },
      },
    },
    async (request, reply) => {
      const { email } = request.body
      const address = addressOf(request, access) ?? 'socket'
      // Counted apart from signing in; who is over the limit is not told either.
      const wait = await countTry(database.pool, `reset ${email}`, address, context.now())
      if (wait === 0)
        await addChore(database.pool, {
          name: 'send_link',
          payload: { kind: 'reset', email },
          key: `reset ${email}`,
          tries: 5,
        })
      return reply.code(202).send({})
    },
  )
}

/** The person who asks; throws `access.people_only` for tokens and for this machine. */
function person(request: FastifyRequest): Caller & { user: NonNullable<Caller['user']> } {
  const caller = callerOf(request)
  if (caller === null || caller.user === null) throw failure('access.people_only')
  return { ...caller, user: caller.user }
}
