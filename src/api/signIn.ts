// Signing in, in one step or two, and out again.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { addChore } from '../db/chores.ts'
import { countTry, forgetTries } from '../db/signInTries.ts'
import { endHalfSession, findHalfSession, startHalfSession, twoFactorState } from '../db/twoFactor.ts'
import { endSession, endSessions, findPassword, startSession, userOf, type User } from '../db/users.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { setSession } from './cookies.ts'
import { meOf, meSchema, signInOptions, signInOptionsSchema } from './me.ts'
import { isPassword } from './passwords.ts'
import { emailSchema, passwordSchema, type PeopleOptions } from './peopleSchemas.ts'
import { addressOf, cameBySocket } from './place.ts'
import { codeSchema, isCode } from './twoFactorCode.ts'
import { callerOf, noteCaller, personOf, type Caller } from './who.ts'

const codeNeededSchema = z
  .object({
    codeNeeded: z.literal(true),
    key: z.string().meta({ description: 'Goes with the code to POST /v1/sign-in/code.' }),
    expiresAt: z.string(),
  })
  .meta({ id: 'CodeNeeded' })
export type CodeNeeded = z.infer<typeof codeNeededSchema>

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

/** Notes who it is without letting them in: the audit says whose door it was. */
export function noteStranger(request: FastifyRequest, email: string): void {
  noteCaller(request, { via: 'none', name: email, admin: false, user: null, session: null, token: null })
}

/** Counts a try; throws `access.too_many_tries`. Whether there is such an account makes no difference. */
async function mayTry(context: ApiContext, email: string, address: string): Promise<void> {
  const minutes = await countTry(context.database.pool, email, address, context.now())
  if (minutes > 0) throw failure('access.too_many_tries', { minutes })
}

/** Whose password it is. Throws `access.refused`, the same for accounts that do not exist, and `access.too_many_tries`. */
export async function checkOwnPassword(
  { context, access }: PeopleOptions,
  request: FastifyRequest,
  email: string,
  password: string,
): Promise<void> {
  const { pool } = context.database
  const address = addressOf(request, access) ?? 'socket'
  await mayTry(context, email, address)
  const kept = await findPassword(pool, email)
  if (!(await isPassword(password, kept?.password))) throw failure('access.refused')
  await forgetTries(pool, email, address)
}

/**
 * A code of the app, or a recovery code, is right and was not used before. Throws `two_factor.wrong` and
 * `access.too_many_tries`: from everywhere together, because who guesses codes knows the password already.
 */
export async function checkOwnCode(
  { context }: PeopleOptions,
  { userId, email }: { readonly userId: number; readonly email: string },
  code: string,
): Promise<void> {
  const place = `code of ${email}`
  await mayTry(context, place, place)
  if (!(await isCode(context, userId, code))) throw failure('two_factor.wrong')
  await forgetTries(context.database.pool, place, place)
}

export const signInRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context

  app.get(
    '/sign-in/options',
    {
      schema: {
        tags: ['people'],
        summary: 'In which ways one can sign in here',
        response: { 200: signInOptionsSchema, ...failures },
      },
    },
    () => signInOptions(context, access),
  )

  app.post(
    '/sign-in',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign in with e-mail and password; the answer sets a cookie, or asks for a code (202)',
        body: z.object({ email: emailSchema, password: passwordSchema }),
        response: { 200: meSchema, 202: codeNeededSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body
      await checkOwnPassword(options, request, email, password)
      const user = await userOf(database.pool, email)
      if ((await twoFactorState(database.pool, user.id)).on) {
        const half = await startHalfSession(database.pool, user.id, context.now())
        return reply.code(202).send({ codeNeeded: true, ...half })
      }
      await signIn(options, request, reply, user)
      return reply.send(await meOf(context, access, callerOf(request)!))
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
      const { user, session } = personOf(request)
      if (request.body.everywhere) await endSessions(database.pool, user.id)
      else if (session !== null) await endSession(database.pool, session)
      setSession(request, reply, access, null)
      return { signedOut: true as const }
    },
  )
}

/** The second step, and help for who forgot the first. */
export const signInStepRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context

  app.post(
    '/sign-in/code',
    {
      schema: {
        tags: ['people'],
        summary: 'The second step of signing in: the code of the app, or a recovery code',
        body: z.object({ key: z.string().min(1).max(200), code: codeSchema }),
        response: { 200: meSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { key, code } = request.body
      const half = await findHalfSession(database.pool, key, context.now())
      noteStranger(request, half.email)
      await checkOwnCode(options, half, code)
      if (!(await endHalfSession(database.pool, key))) throw failure('access.half_over')
      await signIn(options, request, reply, await userOf(database.pool, half.email))
      return meOf(context, access, callerOf(request)!)
    },
  )

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
