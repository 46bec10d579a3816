// Uploads: a file comes in as a stream and is landed, byte for byte, before anything else happens to it.
import type { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { failures } from './answers.ts'
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

/** A caller who goes away in mid-upload is no fault of ours or of the database. */
async function* unbroken(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    throw failure('upload.broken', { detail: (error as Error).message }, { cause: error })
  }
}

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
  // The body is never parsed, whatever the caller says it is.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
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
      const source = unbroken(request.body as Readable)
      const view = await landUpload(context, namespace, baseName(request.query.file_name), source)
      return reply.code(201).send(view)
    },
  )
}

/** The last part of a path, from whatever system the caller is on. */
function baseName(name: string): string {
  return name.split(/[/\\]/).pop() || 'upload'
}
