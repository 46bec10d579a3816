// Is the server there, and who is it? Also how it is told to stop.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { activeRuns } from '../db/read/runs.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { runName } from '../core/names.ts'

const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  pid: z.int(),
  home: z.string(),
  port: z.int().nullable(),
  active: z
    .array(z.object({ namespace: z.string(), run: z.string(), state: z.string() }))
    .meta({ description: 'Runs that are under way.' }),
})

export const healthRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/health',
    { schema: { tags: ['server'], summary: 'Who runs here', response: { 200: healthSchema, ...failures } } },
    async () => {
      const runs = await activeRuns(context.database.pool)
      const { version, pid, home, port } = context.about
      const active = runs.map(({ namespace, id, state }) => ({ namespace, run: runName(id), state }))
      return { status: 'ok' as const, version, pid, home, port: port(), active }
    },
  )

  app.post(
    '/stop',
    {
      schema: {
        tags: ['server'],
        summary: 'Stop the server process cleanly',
        response: { 202: z.object({}), ...failures },
      },
    },
    async (_request, reply) => {
      // After the answer is out, or the caller would see a cut connection.
      reply.raw.once('finish', context.stop)
      return reply.code(202).send({})
    },
  )
}
