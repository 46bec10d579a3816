// What people do with records: retry, skip, settle what waits for an answer from outside, and process what waits.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { mappingSchema } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import { runName } from '../core/names.ts'
import { parseRecordName } from '../core/origin.ts'
import type { Namespace } from '../db/imports.ts'
import { writeLog } from '../db/log.ts'
import { selectionTime, type Choice } from '../db/selectRecords.ts'
import { skipRecords } from '../db/skipRecords.ts'
import { openProcessing, waitingJob } from '../db/waiting.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { filterOf, recordFilterSchema, recordIdText } from './recordFilters.ts'
import {
  processAnswerSchema,
  retryAnswerSchema,
  settleAnswerSchema,
  skipAnswerSchema,
  type ProcessAnswerView,
} from './recordMoveViews.ts'
import { whoOf } from './who.ts'

const idsSchema = z.array(recordIdText).max(10_000).meta({ description: 'Records by name, r1042/17.' })

const choiceSchema = z.object({
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
export type RetryOrderBody = z.input<typeof retrySchema>

const settleSchema = z.object({
  ids: idsSchema,
  state: z.enum(['finished', 'failed']),
  outcome: z
    .enum(['delivered', 'removed'])
    .default('delivered')
    .meta({ description: 'Of records that are finished: what the destination did.' }),
  detail: z.string().min(1).max(2_000).optional().meta({
    description: 'Of records that failed: what the destination said.',
  }),
})
export type SettleOrderBody = z.input<typeof settleSchema>

const processSchema = z.object({
  job: z.string().meta({ description: 'The job whose records wait.' }),
  limit: z.int().min(1).optional().meta({ description: 'At most so many instead of the number of the job.' }),
})

export const recordMoveRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const choiceOf = async (namespace: Namespace, body: z.infer<typeof choiceSchema>) => {
    const { ids, filter } = body
    if ((ids === undefined) === (filter === undefined)) throw failure('retry.nothing')
    const asOf = body.asOf ?? (await selectionTime(context.database.pool))
    const choice: Choice =
      ids === undefined
        ? { filter: { ...(await filterOf(context, namespace, filter!)), newest: true, asOf } }
        : { ids: ids.map((id) => parseRecordName(id)!) }
    return { choice, asOf }
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
      const namespace = await namespaceOf(context, request.params.namespace)
      const { choice, asOf } = await choiceOf(namespace, request.body)
      const { mapping = null, version, dryRun } = request.body
      const answer = await context.retry(namespace, { choice, mapping, version, dryRun })
      if (!dryRun) await told(context, namespace, 'records_retried', answer, whoOf(request))
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
      const { choice, asOf } = await choiceOf(namespace, request.body)
      const { dryRun } = request.body
      const answer = await skipRecords(context.database, namespace, choice, dryRun)
      if (!dryRun) await told(context, namespace, 'records_skipped', answer, whoOf(request))
      return { asOf, ...answer, left: [...answer.left] }
    },
  )

  app.post(
    '/records/settle',
    {
      schema: {
        tags: ['records'],
        summary: 'Say what became of records that wait for an answer from outside',
        params: namespaceParams,
        body: settleSchema,
        response: { 200: settleAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { ids, state, outcome, detail = 'no reason was given' } = request.body
      const keys = ids.map((id) => parseRecordName(id)!)
      const said = state === 'finished' ? ({ state, outcome } as const) : ({ state, detail } as const)
      const answer = await context.settle(namespace, keys, said)
      await told(context, namespace, 'records_settled', answer, whoOf(request))
      return { ...answer, left: [...answer.left] }
    },
  )

  app.post(
    '/records/process',
    {
      schema: {
        tags: ['records'],
        summary: 'Process waiting records of a job now',
        description:
          'New records of a staged job, and those that are to be tried again; oldest first, at most as many as the job says.',
        params: namespaceParams,
        body: processSchema,
        response: { 200: processAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return processNow(context, namespace, request.body, whoOf(request))
    },
  )
}

/** Throws `record.job_off` for a job that is not switched on. */
async function processNow(
  context: ApiContext,
  namespace: Namespace,
  { job: name, limit }: z.infer<typeof processSchema>,
  by: string,
): Promise<ProcessAnswerView> {
  const { pool } = context.database
  const job = await waitingJob(pool, namespace.id, name)
  if (job === undefined) throw failure('not_found', { noun: 'job', id: name })
  if (job.state !== 'active' && job.state !== 'completed')
    throw failure('record.job_off', { job: name, state: job.state })
  const open = await openProcessing(pool, job.id)
  if (open !== null) throw failure('record.processing_under_way', { job: name, run: runName(open) })
  const made = await context.process(job, { limit, by })
  return made === null ? { run: null, records: 0 } : { run: runName(made.run), records: made.records }
}

/** A line in the log, where anything was done. */
async function told(
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
