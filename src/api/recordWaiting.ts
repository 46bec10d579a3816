// Records that wait: processed now, or settled as somebody outside says.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { openProcessing, waitingJob } from '../db/waiting.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { choiceOf, choiceSchema, told } from './recordMoves.ts'
import { processAnswerSchema, settleAnswerSchema, type ProcessAnswerView } from './recordMoveViews.ts'
import { whoOf } from './who.ts'

const settleSchema = choiceSchema.extend({
  state: z.enum(['finished', 'failed']),
  outcome: z
    .enum(['delivered', 'removed'])
    .default('delivered')
    .meta({ description: 'Of records that are finished: what the destination did.' }),
  detail: z.string().min(1).max(2_000).optional().meta({
    description: 'Of records that failed: what the destination said.',
  }),
})

const processSchema = z.object({
  job: z.string().meta({ description: 'The job whose records wait.' }),
  limit: z.int().min(1).optional().meta({ description: 'At most so many instead of the number of the job.' }),
})

export const waitingRecordRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (
  app,
  { context },
) => {
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
      const { choice, asOf } = await choiceOf(context, namespace, request.body)
      const { state, outcome, detail = 'no reason was given', dryRun } = request.body
      const said = state === 'finished' ? ({ state, outcome } as const) : ({ state, detail } as const)
      const answer = await context.settle(namespace, choice, said, dryRun)
      if (!dryRun) await told(context, namespace, 'records_settled', answer, whoOf(request))
      return { asOf, ...answer, left: [...answer.left] }
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
