// Checking a run's numbers again, from three sides.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { runParams } from './params.ts'

export const verifySchema = z
  .object({
    run: z.string(),
    state: z.string(),
    sound: z
      .boolean()
      .meta({ description: 'True: the numbers add up and every record is where it should be.' }),
    faults: z.array(
      z.object({
        kind: z
          .string()
          .meta({ description: 'lost_row, doubled_row, missing_profile…; law: two counts differ.' }),
        count: z.int(),
        ordinal: z.int().nullable().meta({ description: 'The first record it concerns.' }),
        sentence: z.string(),
      }),
    ),
  })
  .meta({ id: 'VerifyView' })
export type VerifyView = z.infer<typeof verifySchema>

export const verifyRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/runs/:run/verify',
    {
      schema: {
        tags: ['runs'],
        summary: 'Check that the numbers add up',
        params: runParams,
        response: { 200: verifySchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await runOf(context, namespace, request.params.run)
      const report = await context.verify(namespace, row.id)
      return { ...report, faults: [...report.faults] }
    },
  )
}
