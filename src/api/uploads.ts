// Uploads: a file comes in as a stream and is landed, byte for byte, before anything else happens to it.
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { digesting } from '../blobs/digest.ts'
import { writeLanding } from '../blobs/landing.ts'
import { failure } from '../core/problems.ts'
import { insertLanding } from '../db/imports.ts'
import { inflate } from '../formats/compression.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'

export const uploadViewSchema = z.object({
  id: z.uuid(),
  fileName: z.string(),
  compression: z.enum(['none', 'gzip', 'zstd']),
  contentBytes: z.int().meta({ description: 'Inflated.' }),
  originalBytes: z.int(),
  contentSha256: z
    .string()
    .meta({ description: 'Of the inflated content: x.csv and x.csv.gz have the same.' }),
})
export type UploadView = z.infer<typeof uploadViewSchema>

const query = z.object({
  file_name: z
    .string()
    .min(1)
    .max(255)
    .default('upload')
    .meta({ description: 'What the file is called; a name, never a path.' }),
})

/** Lands a stream; a stream that breaks off leaves nothing behind. */
export async function landUpload(
  context: ApiContext,
  namespaceName: string,
  fileName: string,
  source: AsyncIterable<Uint8Array>,
): Promise<UploadView> {
  const namespace = await namespaceOf(context, namespaceName)
  const startedAt = context.now()
  const id = randomUUID()
  const key = `landings/${namespace.name}/${id}`
  const original = digesting(unbroken(source))
  const { compression, content } = await inflate(original.content)
  const manifest = await writeLanding(context.blobs, key, content, () => original.digest())
  await insertLanding(context.database.pool, namespace.id, {
    id,
    fileName,
    blobKey: key,
    manifest,
    startedAt,
  }).catch(async (error: unknown) => {
    await context.blobs.remove(key)
    throw error
  })
  const { contentBytes, originalBytes, contentSha256 } = manifest
  return { id, fileName, compression, contentBytes, originalBytes, contentSha256 }
}

/** A caller who goes away in mid-upload is no fault of ours or of the database. */
async function* unbroken(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    throw failure('upload.broken', { detail: (error as Error).message }, { cause: error })
  }
}

export const uploadRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  // The body is never parsed, whatever the caller says it is.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.post(
    '/uploads',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Upload a file',
        description: 'The body is the file itself; plain, gzip or zstd.',
        params: namespaceParams,
        querystring: query,
        response: { 201: uploadViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const source = request.body as Readable
      const view = await landUpload(
        context,
        request.params.namespace,
        baseName(request.query.file_name),
        source,
      )
      return reply.code(201).send(view)
    },
  )
}

/** The last part of a path, from whatever system the caller is on. */
function baseName(name: string): string {
  return name.split(/[/\\]/).pop() || 'upload'
}
