// Corrected error files: what is in one, and importing it as a child of the run whose records it corrects.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { dialectHintsSchema } from '../core/dialect.ts'
import { failure } from '../core/problems.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { correctionsSchema } from './correctionsView.ts'
import { importAnswer, importAnswerSchema } from './imports.ts'
import { namespaceParams } from './params.ts'
import { whoOf } from './who.ts'

const dialect = dialectHintsSchema
  .default({})
  .meta({ description: 'What is known about the file already; the rest is detected.' })

export const correctionsAnswerSchema = z
  .object({
    corrections: correctionsSchema.nullable().meta({ description: 'Null: the upload is no error file.' }),
  })
  .meta({ id: 'CorrectionsAnswer' })
export type CorrectionsAnswer = z.infer<typeof correctionsAnswerSchema>

export const correctionsOrderSchema = z
  .object({
    upload: z.uuid().meta({ description: 'The id of an upload.' }),
    dialect,
    again: z
      .boolean()
      .default(false)
      .meta({ description: 'Import even though the very same corrections were imported before.' }),
    dryRun: z.boolean().default(false).meta({ description: 'Decide everything, write nothing.' }),
  })
  .meta({ id: 'CorrectionsOrder' })

/** A partial dialect without what is not said. */
function said<T extends object>(hints: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined)) as never
}

export const correctionRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/uploads/:upload/corrections',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Whether the file is a corrected error file, and what it would correct',
        params: namespaceParams.extend({ upload: z.uuid() }),
        body: z.object({ dialect }),
        response: { 200: correctionsAnswerSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const found = await context.corrections.look(
        namespace,
        request.params.upload,
        said(request.body.dialect),
      )
      return { corrections: found }
    },
  )

  app.post(
    '/corrections',
    {
      schema: {
        tags: ['imports'],
        summary: 'Import a corrected error file',
        description: 'Makes a child run of the run whose records it corrects, with the mapping of that run.',
        params: namespaceParams,
        body: correctionsOrderSchema,
        response: { 201: importAnswerSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { upload, dialect: hints, again, dryRun } = request.body
      const namespace = await namespaceOf(context, request.params.namespace)
      const started = await context.corrections.start(namespace, upload, said(hints), {
        again,
        dryRun,
        by: whoOf(request),
      })
      if (started === null) throw failure('corrections.none')
      return reply.code(201).send(importAnswer(started))
    },
  )
}
