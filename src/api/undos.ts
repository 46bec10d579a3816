// Undos: runs are taken back, newest first, each by an undo run of its own.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { runName } from '../core/names.ts'
import { startUndo } from '../db/undoRuns.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { runIdParam, runIdText } from './runId.ts'

/** Undone at once; each has a run of its own. */
const runsMax = 100

export const undoOrderSchema = z
  .object({
    runs: z.array(runIdParam).min(1).max(runsMax).meta({
      description: 'The runs to undo, for example r1042. They are undone newest first, one after the other.',
    }),
    preview: z.boolean().default(false).meta({
      description:
        'Plan everything, then hold the undo runs until they are released (newest first) or dropped. What is found stands in validation.undo.',
    }),
    dryRun: z.boolean().default(false).meta({ description: 'Plan everything, write nothing.' }),
  })
  .meta({ id: 'UndoOrder' })

export const undoAnswerSchema = z
  .object({
    undos: z
      .array(
        z.object({
          run: runIdText.meta({ description: 'The undo run.' }),
          reverts: runIdText.meta({ description: 'The run it undoes.' }),
          what: z.enum(['started', 'resumed']).meta({
            description: 'resumed: an undo of this run had stopped midway, and continues.',
          }),
        }),
      )
      .meta({ description: 'In the order in which they are done.' }),
  })
  .meta({ id: 'UndoAnswer' })
export type UndoAnswer = z.infer<typeof undoAnswerSchema>

export const undoRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/undos',
    {
      schema: {
        tags: ['undos'],
        summary: 'Undo runs',
        params: namespaceParams,
        body: undoOrderSchema,
        response: { 201: undoAnswerSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { preview, dryRun } = request.body
      const namespace = await namespaceOf(context, request.params.namespace)
      const runs = [...new Set(request.body.runs)].sort((a, b) => b - a)
      // All or none: a refusal of one leaves the others as they are.
      const undos = await context.database.transaction(async (client) => {
        const started: UndoAnswer['undos'] = []
        for (const [i, run] of runs.entries()) {
          const assume = runs.slice(0, i).map(runName)
          const how = {
            ...(preview && { preview }),
            ...(dryRun && { dryRun }),
            ...(assume.length > 0 && { assume }),
          }
          const { runId, what } = await startUndo(client, namespace, run, how)
          started.push({ run: runName(runId), reverts: runName(run), what })
        }
        return started
      })
      return reply.code(201).send({ undos })
    },
  )
}
