// Files of a run, whole or in parts.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { runParams } from './params.ts'
import { blobPart, fileAnswers, sendFile } from './ranges.ts'

const params = runParams.extend({ name: z.string().meta({ description: 'errors: the error file.' }) })

export const artifactRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/artifacts/:name',
    {
      schema: {
        tags: ['runs'],
        summary: 'A file of a run',
        description: 'Answers the file itself, or with Range a part of it.',
        params,
        response: { ...fileAnswers, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await runOf(context, namespace, request.params.run)
      const { name } = request.params
      const artifact = Object.hasOwn(row.artifacts, name) ? row.artifacts[name] : undefined
      if (artifact === undefined) {
        const names = Object.keys(row.artifacts).join(', ') || 'none'
        throw failure('run.no_artifact', { run: runName(row.id), name, names })
      }
      const bytes = await context.blobs.size(artifact.key)
      if (bytes === undefined) throw failure('blob.missing', { key: artifact.key })
      // A run that goes on writes its files anew: then it ends at another time.
      const tag = `${runName(row.id)}-${name}-${bytes}-${Date.parse(row.ended_at ?? row.state_at)}`
      return sendFile(request, reply, {
        tag,
        bytes,
        type: 'text/csv; charset=utf-8',
        fileName: `${runName(row.id)}-${name}.csv`,
        read: (start, end) => blobPart(context.blobs, artifact.key, start, end),
      })
    },
  )
}
