// Oneself: who one is, another name, another address, another password.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { addChore } from '../db/chores.ts'
import { changeEmail, changePassword, findUser, hasPassword, nameUser } from '../db/users.ts'
import { failures } from './answers.ts'
import { meOf, meSchema } from './me.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { emailSchema, passwordSchema, personNameSchema, type PeopleOptions } from './peopleSchemas.ts'
import { checkOwnPassword, signIn } from './signIn.ts'
import { callerOf, noteCaller, personOf } from './who.ts'

export const meRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context

  app.get(
    '/me',
    {
      schema: {
        tags: ['people'],
        summary: 'Who asks, what they may where, and all a page needs to begin with',
        response: { 200: meSchema, ...failures },
      },
    },
    async (request) => meOf(context, access, callerOf(request)!),
  )

  app.patch(
    '/me',
    {
      schema: {
        tags: ['people'],
        summary: 'Take another name',
        body: z.object({ name: personNameSchema }),
        response: { 200: meSchema, ...failures },
      },
    },
    async (request) => {
      const caller = personOf(request)
      const { name } = request.body
      await nameUser(database.pool, caller.user.id, name)
      return meOf(context, access, { ...caller, user: { ...caller.user, name } })
    },
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
      const { user, admin } = personOf(request)
      if (!(await hasPassword(database.pool, user.id))) throw failure('access.no_password')
      await checkOwnPassword(options, request, user.email, request.body.current)
      checkPassword(request.body.password, user.email)
      const password = await hashPassword(request.body.password)
      await database.transaction((client) => changePassword(client, user.id, password))
      await signIn(options, request, reply, { ...user, admin })
      return meOf(context, access, callerOf(request)!)
    },
  )
}

const emailAnswerSchema = z
  .object({
    email: z.string().meta({ description: 'The address that holds now.' }),
    mailed: z
      .boolean()
      .meta({ description: 'A link was mailed to the other address; opening it makes the change.' }),
  })
  .meta({ id: 'EmailChange' })

export const ownEmailRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context, access } = options
  const { database } = context

  app.post(
    '/me/email',
    {
      schema: {
        tags: ['people'],
        summary:
          'Take another e-mail address; it must be shown to be one’s own by a link that is mailed to it',
        body: z.object({ email: emailSchema, password: passwordSchema }),
        response: { 200: emailAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const caller = personOf(request)
      const { user, admin } = caller
      const { email } = request.body
      if (!(await hasPassword(database.pool, user.id))) throw failure('access.no_password')
      await checkOwnPassword(options, request, user.email, request.body.password)
      if (email === user.email) return { email, mailed: false }
      // Who looks after the installation could give anybody any address.
      if (admin) {
        await database.transaction((client) => changeEmail(client, user.id, email, context.now()))
        noteCaller(request, { ...caller, name: email, user: { ...user, email } })
        return { email, mailed: false }
      }
      if (access.mail !== true) throw failure('user.email_by_admin', { email: user.email, to: email })
      if ((access.baseUrl ?? null) === null) throw failure('link.no_address')
      // Whether somebody has that address already is told to nobody but them.
      if ((await findUser(database.pool, email)) === undefined)
        await addChore(database.pool, {
          name: 'send_link',
          payload: { kind: 'email', email, userId: user.id },
          key: `email ${user.id}`,
          tries: 5,
        })
      return { email: user.email, mailed: true }
    },
  )
}
