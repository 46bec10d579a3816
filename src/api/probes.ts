// Whether the server lives and can work, for load balancers and whatever starts it again: yes or no, and nothing else.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { systemClock } from '../core/clock.ts'
import { answers } from '../db/live.ts'
import type { ApiContext } from './context.ts'

/** Milliseconds: for which an answer of the database counts; after which it counts as none. */
const ages = { fresh: 1_000, late: 2_000 }

const said = (text: string, description: string) => ({
  description,
  content: { 'text/plain': { schema: z.literal(text) } },
})

export const probeRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  let closing = false
  let asked = { at: 0, answer: Promise.resolve(false) }
  app.addHook('preClose', async () => {
    closing = true
  })

  const ready = (): Promise<boolean> => {
    const now = systemClock.now()
    // Strangers may ask, so the database is asked once for all of them.
    if (now - asked.at >= ages.fresh) asked = { at: now, answer: isThere(context) }
    return closing ? Promise.resolve(false) : asked.answer
  }

  app.get(
    '/healthz',
    {
      config: { rateLimit: false },
      schema: {
        tags: ['server'],
        summary: 'Does the server live?',
        description: 'For whatever starts it again when it does not. Says nothing of the database.',
        security: [],
        response: { 200: said('ok', 'It does.') },
      },
    },
    async (_request, reply) => {
      void reply.type('text/plain').header('cache-control', 'no-store')
      return 'ok' as const
    },
  )

  app.get(
    '/readyz',
    {
      config: { rateLimit: false },
      schema: {
        tags: ['server'],
        summary: 'Can the server work?',
        description: 'For load balancers: 503 while the database does not answer, and while the server ends.',
        security: [],
        response: { 200: said('ok', 'It can.'), 503: said('not ready', 'Not now; send requests elsewhere.') },
      },
    },
    async (_request, reply) => {
      const yes = await ready()
      void reply.type('text/plain').header('cache-control', 'no-store')
      return yes ? reply.send('ok') : reply.code(503).send('not ready')
    },
  )
}

async function isThere({ database }: ApiContext): Promise<boolean> {
  const late = new AbortController()
  const answer = answers(database.pool).then(
    () => true,
    () => false,
  )
  const never = systemClock.pause(ages.late, late.signal).then(
    () => false,
    () => false,
  )
  const yes = await Promise.race([answer, never])
  late.abort()
  return yes
}
