// What people do with records: retry and skip them, by name or all that fit.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { mappingSchema } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import { parseRecordName } from '../core/origin.ts'
import type { Namespace } from '../db/imports.ts'
import { writeLog } from '../db/log.ts'
import { selectionTime, type Choice } from '../db/selectRecords.ts'
import { skipRecords } from '../db/skipRecords.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { filterOf, recordFilterSchema, recordIdText } from './recordFilters.ts'
import { retryAnswerSchema, skipAnswerSchema } from './recordMoveViews.ts'
import { requireRight, whoOf } from './who.ts'

const idsSchema = z.array(recordIdText).max(10_000).meta({ description: 'Records by name, r1042/17.' })

/** Which records, and whether they are only counted. */
export const choiceSchema = z.object({
  ids: idsSchema.optional(),
  filter: recordFilterSchema.optional().meta({
    description: 'Or by what became of them: the newest row of each record that fits.',
  }),
  asOf: z.iso.datetime({ offset: true }).optional().meta({
    description:
      'The instant of the selection, as a count answered it: what landed later is no part of it, what changed later is left and told. Without it: now.',
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

export const recordMoveRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
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
      const namespace = await namespaceOf(context, request.params.namespace)
      const { choice, asOf } = await choiceOf(context, namespace, request.body)
      const { mapping = null, version, dryRun } = request.body
      const by = whoOf(request)
      // It becomes a version of the job: more than running it as it is.
      if (mapping !== null) requireRight(request, 'edit_jobs')
      const answer = await context.retry(namespace, { choice, mapping, version, dryRun, by })
      if (!dryRun) await told(context, namespace, 'records_retried', answer, by)
      return { asOf, ...answer }
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
      const namespace = await namespaceOf(context, request.params.namespace)
      const { choice, asOf } = await choiceOf(context, namespace, request.body)
      const { dryRun } = request.body
      const answer = await skipRecords(context.database, namespace, choice, dryRun)
      if (!dryRun) await told(context, namespace, 'records_skipped', answer, whoOf(request))
      return { asOf, ...answer, left: [...answer.left] }
    },
  )
}

/** The records that are meant, as of one instant. Throws `retry.nothing` unless ids or a filter, and not both, say which. */
export async function choiceOf(
  context: ApiContext,
  namespace: Namespace,
  body: z.infer<typeof choiceSchema>,
): Promise<{ readonly choice: Choice; readonly asOf: string }> {
  const { ids, filter } = body
  if ((ids === undefined) === (filter === undefined)) throw failure('retry.nothing')
  const asOf = body.asOf ?? (await selectionTime(context.database.pool))
  const choice: Choice =
    ids === undefined
      ? { filter: { ...(await filterOf(context, namespace, filter!)), newest: true, asOf } }
      : { ids: ids.map((id) => parseRecordName(id)!) }
  return { choice, asOf }
}

/** A line in the log, where anything was done. */
export async function told(
  { database }: ApiContext,
  namespace: Namespace,
  kind: 'records_retried' | 'records_skipped' | 'records_settled',
  { changed, left }: { readonly changed: number; readonly left: readonly { readonly count: number }[] },
  by: string,
): Promise<void> {
  if (changed === 0) return
  const others = left.reduce((sum, { count }) => sum + count, 0)
  await writeLog(database.pool, { namespaceId: namespace.id, kind, by, details: { changed, left: others } })
}
