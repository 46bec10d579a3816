// Mapping memory over HTTP: what was done with such a header before, the list of what is remembered, and forgetting.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { dialectSchema } from '../core/dialect.ts'
import { headerKey } from '../core/headers.ts'
import { importDefinitionSchema } from '../core/job.ts'
import { runName } from '../core/names.ts'
import { findRemembered, forgetMapping, listRemembered } from '../db/mappingMemory.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, runParams } from './params.ts'
import { runIdText } from './runId.ts'

/** Which import is remembered. */
export const rememberedAbout = {
  run: runIdText,
  job: z.string(),
  file: z.string().nullable(),
  at: z.string().meta({ description: 'When an import was last started with it.' }),
}

export const recallQuestionSchema = z
  .object({
    columns: z.array(z.string()).max(4096).meta({ description: 'The columns of the file.' }),
    dialect: dialectSchema.pick({ format: true, headerLines: true }),
    job: z
      .string()
      .max(200)
      .meta({ description: 'The name of the job; counts where the file has no header.' }),
  })
  .meta({ id: 'RecallQuestion' })

export const recallAnswerSchema = z
  .object({
    remembered: z
      .object({
        ...rememberedAbout,
        exact: z.boolean().meta({ description: 'False: the header is a similar one.' }),
        definition: importDefinitionSchema,
      })
      .nullable()
      .meta({ description: 'Null: no header like this was imported yet.' }),
  })
  .meta({ id: 'RecallAnswer' })
export type RecallAnswer = z.infer<typeof recallAnswerSchema>

const listSchema = z
  .object({ remembered: z.array(z.object({ ...rememberedAbout, columns: z.array(z.string()) })) })
  .meta({ id: 'RememberedList' })
export type RememberedList = z.infer<typeof listSchema>

const forgottenSchema = z.object({ forgotten: z.int() }).meta({ id: 'Forgotten' })

export const mappingRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/mappings/recall',
    {
      schema: {
        tags: ['mappings'],
        summary: 'The mapping that was last used with such a header',
        params: namespaceParams,
        body: recallQuestionSchema,
        response: { 200: recallAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const { columns, dialect, job } = request.body
      const namespace = await namespaceOf(context, request.params.namespace)
      const key = headerKey(columns, dialect, job)
      const found = key === null ? undefined : await findRemembered(context.database.pool, namespace.id, key)
      return { remembered: found === undefined ? null : { ...found, run: runName(found.run) } }
    },
  )

  app.get(
    '/mappings',
    {
      schema: {
        tags: ['mappings'],
        summary: 'The headers whose mapping is remembered, the most recently used first',
        params: namespaceParams,
        querystring: z.object({ limit: pageLimit }),
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const rows = await listRemembered(context.database.pool, namespace.id, request.query.limit)
      return { remembered: rows.map((row) => ({ ...row, run: runName(row.run), columns: [...row.columns] })) }
    },
  )

  app.post(
    '/runs/:run/forget-mapping',
    {
      schema: {
        tags: ['mappings'],
        summary: 'Forget the mapping of a run: the next such file is proposed afresh',
        params: runParams,
        response: { 200: forgottenSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return { forgotten: await forgetMapping(context.database.pool, namespace.id, request.params.run) }
    },
  )
}
