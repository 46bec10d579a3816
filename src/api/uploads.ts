// Uploads: a file comes in as a stream and is landed, byte for byte, before anything else happens to it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failures } from './answers.ts'
import { bodyOf, takeStreams } from './body.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { landPart, landUpload } from './landUpload.ts'
import { namespaceParams } from './params.ts'
import { uploadViewSchema } from './uploadView.ts'

const query = z.object({
  file_name: z
    .string()
    .min(1)
    .max(255)
    .default('upload')
    .meta({ description: 'What the file is called; a name, never a path.' }),
})

const partParams = namespaceParams.extend({ upload: z.uuid() })

const partBody = z.object({
  name: z.string().min(1).max(1000).meta({ description: 'As the upload lists it among its parts.' }),
})

export const uploadRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/uploads/:upload/parts',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Unpack one part of an upload',
        description: 'A sheet, a table or a file of an archive becomes an upload of its own; once.',
        params: partParams,
        body: partBody,
        response: { 201: uploadViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const view = await landPart(context, namespace, request.params.upload, request.body.name)
      return reply.code(201).send(view)
    },
  )
  await app.register(rawUpload, { context })
}

const rawUpload: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  takeStreams(app)
  app.post(
    '/uploads',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Upload a file',
        description:
          'The body is the file itself; plain, gzip or zstd. Of a workbook, a Parquet file or a zip archive the answer lists the parts, and a part is what is imported.',
        params: namespaceParams,
        querystring: query,
        response: { 201: uploadViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const view = await landUpload(context, namespace, baseName(request.query.file_name), bodyOf(request))
      return reply.code(201).send(view)
    },
  )
}

/** The last part of a path, from whatever system the caller is on. */
export function baseName(name: string): string {
  return name.split(/[/\\]/).pop() || 'upload'
}
