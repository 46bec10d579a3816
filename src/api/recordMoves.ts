// Retrying and skipping records: by name, or by what became of them.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { mappingSchema } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import { parseRecordName } from '../core/origin.ts'
import { skipRecords } from '../db/skipRecords.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { retryAnswerSchema, skipAnswerSchema } from './recordMoveViews.ts'
import { filterOf, recordFilterSchema } from './records.ts'

const choiceSchema = z.object({
  ids: z
    .array(z.string().regex(/^r\d{1,15}\/\d{1,15}$/, 'a record id looks like r1042/17'))
    .max(10_000)
    .optional()
    .meta({ description: 'Records by name, r1042/17.' }),
  filter: recordFilterSchema.optional().meta({
    description: 'Or by what became of them: the newest row of each record that fits.',
  }),
  dryRun: z.boolean().default(false).meta({ description: 'Only count what would be done.' }),
})

const retrySchema = choiceSchema.extend({
  mapping: mappingSchema
    .optional()
    .meta({ description: 'Instead of the mapping of the job; becomes a version of it.' }),
  version: z
    .enum(['latest', 'own'])
    .default('own')
    .meta({ description: 'own: the version of the job the records were read with; latest: its newest one.' }),
})
export type RetryOrderBody = z.input<typeof retrySchema>

export const recordMoveRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const choiceOf = async (namespaceName: string, { ids, filter }: z.infer<typeof choiceSchema>) => {
    const namespace = await namespaceOf(context, namespaceName)
    if ((ids === undefined) === (filter === undefined)) throw failure('retry.nothing')
    if (ids !== undefined) return { namespace, choice: { ids: ids.map((id) => parseRecordName(id)!) } }
    if (filter!.run !== undefined) await runOf(context, namespace, filter!.run)
    return { namespace, choice: { filter: { ...filterOf(filter!), newest: true } } }
  }

  app.post(
    '/records/retry',
    {
      schema: {
        tags: ['records'],
        summary: 'Retry records',
        description: 'Finished, failed and skipped records, again, in a child run per run they are of.',
        params: namespaceParams,
        body: retrySchema,
        response: { 200: retryAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace, choice } = await choiceOf(request.params.namespace, request.body)
      const { mapping = null, version, dryRun } = request.body
      return context.retry(namespace, { choice, mapping, version, dryRun })
    },
  )

  app.post(
    '/records/skip',
    {
      schema: {
        tags: ['records'],
        summary: 'Leave out records that are still to be processed',
        params: namespaceParams,
        body: choiceSchema,
        response: { 200: skipAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace, choice } = await choiceOf(request.params.namespace, request.body)
      const answer = await skipRecords(context.database, namespace, choice, request.body.dryRun)
      return { ...answer, left: [...answer.left] }
    },
  )
}
