// A second factor of one's own: setting it up, new recovery codes, and switching it off; an admin can do that for somebody.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import {
  beginTwoFactor,
  confirmTwoFactor,
  readTwoFactor,
  removeTwoFactor,
  twoFactorState,
} from '../db/twoFactor.ts'
import { endOtherSessions } from '../db/sessions.ts'
import { hasPassword, userOf } from '../db/users.ts'
import { failures } from './answers.ts'
import { requireMatch } from './etags.ts'
import { emailSchema, passwordSchema, type PeopleOptions } from './peopleSchemas.ts'
import { checkOwnCode, checkOwnPassword } from './signIn.ts'
import { appUri, codeSchema, newRecoveryCodes, newSecret } from './twoFactorCode.ts'
import { tagOfUser } from './users.ts'
import { personOf } from './who.ts'

const setUpSchema = z
  .object({
    secret: z.string().meta({ description: 'To be typed into the app where no QR code can be read.' }),
    uri: z.string().meta({ description: 'otpauth://…, to be shown as a QR code.' }),
  })
  .meta({ id: 'TwoFactorSetUp' })
export type TwoFactorSetUp = z.infer<typeof setUpSchema>

const codesSchema = z
  .object({
    recoveryCodes: z
      .array(z.string())
      .meta({ description: 'Shown this once. Each works once in place of a code.' }),
  })
  .meta({ id: 'RecoveryCodes' })
export type RecoveryCodes = z.infer<typeof codesSchema>

const offSchema = z.object({ off: z.literal(true) })

export const twoFactorRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context } = options
  const { database, secrets } = context

  app.post(
    '/me/two-factor',
    {
      schema: {
        tags: ['people'],
        summary:
          'Begin to sign in with a second factor: a secret for an app; nothing changes until it is confirmed',
        body: z.object({ password: passwordSchema }),
        response: { 201: setUpSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { user } = personOf(request)
      if (!(await hasPassword(database.pool, user.id))) throw failure('access.no_password')
      await checkOwnPassword(options, request, user.email, request.body.password)
      const secret = newSecret()
      const order = { userId: user.id, secret, now: context.now() }
      await database.transaction((client) => beginTwoFactor(client, secrets.keys, order))
      return reply.code(201).send({ secret, uri: appUri(secret, user.email) })
    },
  )

  app.post(
    '/me/two-factor/confirm',
    {
      schema: {
        tags: ['people'],
        summary: 'Confirm the app with a code: from now on signing in asks for one; other sessions end',
        body: z.object({ code: codeSchema }),
        response: { 200: codesSchema, ...failures },
      },
    },
    async (request) => {
      const { user, session } = personOf(request)
      const kept = await readTwoFactor(database.pool, secrets.keys, user.id)
      if (kept === undefined) throw failure('two_factor.off')
      if (kept.confirmed) throw failure('two_factor.on')
      await checkOwnCode(options, { userId: user.id, email: user.email }, request.body.code)
      const recoveryCodes = newRecoveryCodes()
      await database.transaction(async (client) => {
        await confirmTwoFactor(client, user.id, recoveryCodes, context.now())
        // Who came in by the password alone does not stay.
        await endOtherSessions(client, user.id, session)
      })
      return { recoveryCodes }
    },
  )
}

/** What is done where a second factor is there. */
export const twoFactorChangeRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context } = options
  const { database } = context
  const proof = z.object({ password: passwordSchema, code: codeSchema })

  app.post(
    '/me/two-factor/recovery-codes',
    {
      schema: {
        tags: ['people'],
        summary: 'Ten other recovery codes; those before are void',
        body: proof,
        response: { 200: codesSchema, ...failures },
      },
    },
    async (request) => {
      const { user } = personOf(request)
      if (!(await twoFactorState(database.pool, user.id)).on) throw failure('two_factor.off')
      await checkOwnPassword(options, request, user.email, request.body.password)
      await checkOwnCode(options, { userId: user.id, email: user.email }, request.body.code)
      const recoveryCodes = newRecoveryCodes()
      await database.transaction((client) => confirmTwoFactor(client, user.id, recoveryCodes, context.now()))
      return { recoveryCodes }
    },
  )

  app.post(
    '/me/two-factor/off',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign in with the password alone again',
        body: proof,
        response: { 200: offSchema, ...failures },
      },
    },
    async (request) => {
      const { user } = personOf(request)
      if (!(await twoFactorState(database.pool, user.id)).on) throw failure('two_factor.off')
      await checkOwnPassword(options, request, user.email, request.body.password)
      await checkOwnCode(options, { userId: user.id, email: user.email }, request.body.code)
      await database.transaction((client) => removeTwoFactor(client, user.id))
      return { off: true as const }
    },
  )
}

/** For somebody who lost what they would need to switch it off themselves. */
export const twoFactorResetRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  const { database } = context

  app.delete(
    '/users/:user/two-factor',
    {
      schema: {
        tags: ['people'],
        summary: 'Switch off the second factor of somebody who lost their app and their recovery codes',
        params: z.object({ user: emailSchema }),
        response: { 200: offSchema, ...failures },
      },
    },
    async (request) => {
      const user = await userOf(database.pool, request.params.user)
      requireMatch(request, tagOfUser(user), 'user')
      const { id, email } = user
      const was = await database.transaction((client) => removeTwoFactor(client, id))
      if (!was) throw failure('not_found', { noun: 'second factor of', id: email })
      return { off: true as const }
    },
  )
}
