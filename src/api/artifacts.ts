// Files of a run, as streams.
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { runParams } from './params.ts'

const params = runParams.extend({ name: z.string().meta({ description: 'errors: the error file.' }) })

export const artifactRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/artifacts/:name',
    {
      schema: {
        tags: ['runs'],
        summary: 'A file of a run',
        description: 'Answers the file itself.',
        params,
        response: { 200: z.unknown(), ...failures },
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
      const fileName = `${runName(row.id)}-${name}.csv`
      reply
        .header('content-length', bytes)
        .header('content-disposition', `attachment; filename="${fileName}"`)
      return reply
        .type('text/csv; charset=utf-8')
        .send(Readable.from(context.blobs.stream(artifact.key), { objectMode: false }))
    },
  )
}
