// Imports: an upload and a definition become a run.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type pg from 'pg'
import { z } from 'zod'
import { headerKey } from '../core/headers.ts'
import { compileMapping } from '../core/compileMapping.ts'
import { importDefinitionSchema } from '../core/job.ts'
import { startImport, type Namespace, type NewImport, type StartedImport } from '../db/imports.ts'
import { rememberMapping } from '../db/mappingMemory.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { runName } from '../core/names.ts'
import { runIdParam, runIdText } from './runId.ts'
import { whoOf } from './who.ts'

export const importOrderSchema = z
  .object({
    upload: z.uuid().meta({ description: 'The id of an upload.' }),
    job: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'The name of the job; by custom the name of the file.' }),
    definition: importDefinitionSchema,
    again: z
      .boolean()
      .default(false)
      .meta({ description: 'Import even though the very same import was done before.' }),
    dryRun: z.boolean().default(false).meta({ description: 'Decide everything, write nothing.' }),
    skipSeen: z.boolean().default(false).meta({
      description:
        'Leave out lines that the run before in this job delivered with the same mapping and write mode (already_processed).',
    }),
    unfinished: z.enum(['resume', 'anew']).optional().meta({
      description:
        'What becomes of an earlier import of the same content with other settings that is unfinished; without it such an order answers import.unfinished.',
    }),
    sampled: z.boolean().default(false).meta({
      description:
        'The mapping was proposed from the beginning of the file: hold the run where the whole file contradicts it.',
    }),
    mappingFrom: runIdParam
      .optional()
      .meta({ description: 'The run whose mapping this one is, where it was remembered or asked for.' }),
  })
  .meta({ id: 'ImportOrder' })

export const importAnswerSchema = z
  .object({
    run: runIdText,
    what: z.enum(['started', 'resumed', 'attached', 'skipped']).meta({
      description:
        'started: new; resumed: continues; attached: under way already; skipped: done before, see by.',
    }),
    by: runIdText.nullable().meta({ description: 'The run that did the same import before.' }),
    sameContent: z
      .object({ run: runIdText, differs: z.array(z.string()) })
      .nullable()
      .meta({
        description: 'The newest run that imported the same content with other settings, and what differs.',
      }),
  })
  .meta({ id: 'ImportAnswer' })
export type ImportAnswer = z.infer<typeof importAnswerSchema>

export const importRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/imports',
    {
      schema: {
        tags: ['imports'],
        summary: 'Import an upload',
        params: namespaceParams,
        body: importOrderSchema,
        response: { 201: importAnswerSchema, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const started = await orderImport(context, namespace, request.body, whoOf(request))
      return reply.code(201).send(importAnswer(started))
    },
  )
}

/** Starts an import, or recognises it, and remembers its mapping. Throws problems of mappings and of `startImport`. */
export async function orderImport(
  context: ApiContext,
  namespace: Namespace,
  given: z.output<typeof importOrderSchema>,
  by?: string,
): Promise<StartedImport> {
  const { upload, job, definition, again, dryRun, sampled, skipSeen, mappingFrom, unfinished } = given
  // What is wrong with a mapping is said to who orders, not found by a worker.
  compileMapping(definition.mapping, definition.columns)
  const settings = {
    ...(dryRun && { dryRun }),
    ...(sampled && { sampled }),
    ...(skipSeen && { skipSeen }),
    ...(mappingFrom !== undefined && { mappingFrom }),
  }
  const how = { again: again || dryRun, unfinished, settings }
  const order = { jobName: job, landingId: upload, definition, by, ...how }
  return context.database.transaction(async (client) => {
    const answer = await startImport(client, namespace, order)
    // Whoever starts an import has seen its mapping and agrees; a dry run is only a look.
    if (!dryRun) await remember(client, namespace, order, answer)
    return answer
  })
}

/** What was started, as the API answers it. */
export function importAnswer({ runId, what, by, sameContent }: StartedImport): ImportAnswer {
  return {
    run: runName(runId),
    what,
    by: by === undefined ? null : runName(by),
    sameContent:
      sameContent === undefined ? null : { run: runName(sameContent.run), differs: [...sameContent.differs] },
  }
}

async function remember(
  client: pg.ClientBase,
  namespace: Namespace,
  { jobName, definition }: NewImport,
  { runId, by }: StartedImport,
): Promise<void> {
  const key = headerKey(definition.columns, definition.dialect, jobName)
  if (key !== null) await rememberMapping(client, namespace.id, key, by ?? runId)
}
