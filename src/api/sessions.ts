// One's own sessions: where one is signed in, and ending that.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { browserName } from '../core/browserName.ts'
import { failure } from '../core/problems.ts'
import { endOtherSessions, endOwnSession, listSessions } from '../db/sessions.ts'
import { failures } from './answers.ts'
import { setSession } from './cookies.ts'
import type { PeopleOptions } from './peopleSchemas.ts'
import { personOf } from './who.ts'

const sessionSchema = z
  .object({
    id: z.int(),
    device: z.string().nullable().meta({ description: 'Such as Firefox on Linux, as the browser said it.' }),
    address: z.string().nullable(),
    since: z.string(),
    lastUsed: z.string().meta({ description: 'To the minute.' }),
    endsAt: z.string().meta({ description: 'When it ends by itself if it is not used any more.' }),
    thisOne: z.boolean(),
  })
  .meta({ id: 'SessionView' })

const listSchema = z.object({ sessions: z.array(sessionSchema) }).meta({ id: 'SessionList' })
export type SessionList = z.infer<typeof listSchema>

export const sessionRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  const { database } = context

  app.get(
    '/me/sessions',
    {
      schema: {
        tags: ['people'],
        summary: 'Where one is signed in, the one used last first',
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const { user, session } = personOf(request)
      const rows = await listSessions(database.pool, user.id, context.now())
      return {
        sessions: rows.map(({ id, browser, address, createdAt, seenAt, endsAt }) => ({
          id,
          device: browserName(browser),
          address,
          since: createdAt,
          lastUsed: seenAt,
          endsAt,
          thisOne: id === session,
        })),
      }
    },
  )

  app.delete(
    '/me/sessions',
    {
      schema: {
        tags: ['people'],
        summary: 'End every session of one’s own but this one',
        response: { 200: z.object({ ended: z.int() }), ...failures },
      },
    },
    async (request) => {
      const { user, session } = personOf(request)
      return { ended: await endOtherSessions(database.pool, user.id, session) }
    },
  )
}

/** Ending a single one. */
export const sessionRoute: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context, access }) => {
  const { database } = context

  app.delete(
    '/me/sessions/:session',
    {
      schema: {
        tags: ['people'],
        summary: 'End one session of one’s own',
        params: z.object({ session: z.coerce.number().int() }),
        response: { 200: z.object({ ended: z.literal(1) }), ...failures },
      },
    },
    async (request, reply) => {
      const { user, session: own } = personOf(request)
      const { session } = request.params
      if (!(await endOwnSession(database.pool, user.id, session)))
        throw failure('not_found', { noun: 'session', id: String(session) })
      if (session === own) setSession(request, reply, access, null)
      return { ended: 1 as const }
    },
  )
}
