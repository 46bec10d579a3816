// Resumable uploads: the tus 1.0 protocol on routes of ours; what is complete is an upload like any other.
import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { caps } from '../core/caps.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { findLanding } from '../db/read/sources.ts'
import { findResumable, makeResumable, resumableHours, type Resumable } from '../db/resumable.ts'
import { failures } from './answers.ts'
import { bodyOf, takeStreams } from './body.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { uploadView } from './landUpload.ts'
import { namespaceParams } from './params.ts'
import {
  bytesIn,
  checksumIn,
  contentLength,
  metadataIn,
  partType,
  requirePartType,
  requireVersion,
  tusAlgorithms,
  tusExtensions,
  tusVersion,
} from './tusHeaders.ts'
import { appendParts, dropResumable, finish, takeOver } from './tusParts.ts'
import { uploadViewSchema } from './uploadView.ts'
import { baseName } from './uploads.ts'
import { whoOf } from './who.ts'

const params = namespaceParams.extend({
  resumable: z.uuid().meta({ description: 'The last part of the address that the creation answered.' }),
})

export const resumableViewSchema = z
  .object({
    id: z.uuid(),
    fileName: z.string(),
    bytes: z.int().meta({ description: 'Of the whole file.' }),
    offset: z.int().meta({ description: 'Bytes that are here.' }),
    expiresAt: z.string().meta({ description: 'When it is removed if nothing more comes.' }),
    upload: uploadViewSchema
      .nullable()
      .meta({ description: 'What it became; its id is what an import names. Null: it is not complete.' }),
  })
  .meta({ id: 'ResumableUpload' })
export type ResumableUpload = z.infer<typeof resumableViewSchema>

const nothing = z.null().meta({ description: 'Done; the headers say the rest.' })
const describedBy = 'See docs/guides/send-records-by-http.md and https://tus.io/protocols/resumable-upload.'

type Routes = FastifyPluginAsyncZod<{ context: ApiContext }>

export const resumableRoutes: Routes = async (app, { context }) => {
  takeStreams(app)
  app.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('tus-resumable', tusVersion)
    if (reply.statusCode === 412) void reply.header('tus-version', tusVersion)
    return payload
  })
  await app.register(beginRoutes, { context })
  await app.register(lookRoute, { context })
  await app.register(partRoutes, { context })
}

const beginRoutes: Routes = async (app, { context }) => {
  app.options(
    '/uploads/resumable',
    {
      schema: {
        tags: ['uploads'],
        summary: 'What resumable uploads can do here',
        params: namespaceParams,
        response: { 204: nothing, ...failures },
      },
    },
    async (_request, reply) =>
      reply
        .code(204)
        .header('tus-version', tusVersion)
        .header('tus-extension', tusExtensions)
        .header('tus-max-size', caps.inflatedBytes)
        .header('tus-checksum-algorithm', tusAlgorithms.join(','))
        .send(null),
  )

  app.post(
    '/uploads/resumable',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Begin a resumable upload',
        description: `tus 1.0: Upload-Length says how long the file is, Upload-Metadata its filename. The answer's Location is where its bytes go. ${describedBy}`,
        params: namespaceParams,
        response: { 201: nothing, ...failures },
      },
    },
    async (request, reply) => {
      requireVersion(request)
      const namespace = await namespaceOf(context, request.params.namespace)
      const id = await begin(context, namespace, request)
      void reply.header('location', `/v1/namespaces/${namespace.name}/uploads/resumable/${id}`)
      const length = contentLength(request)
      // Creation with upload: the first bytes come at once.
      const brings = length === null ? request.body !== undefined && request.body !== null : length > 0
      if (brings) requirePartType(request)
      const upload = await resumableOf(context, namespace, id)
      const after = await take(context, namespace, upload, request, brings)
      return tell(reply.code(201), after).send()
    },
  )
}

const lookRoute: Routes = async (app, { context }) => {
  app.get(
    '/uploads/resumable/:resumable',
    {
      schema: {
        tags: ['uploads'],
        summary: 'How far a resumable upload is, and what it became',
        description: `HEAD answers the headers alone, as tus 1.0 has it. ${describedBy}`,
        params,
        response: { 200: resumableViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { resumable } = request.params
      if (request.method === 'HEAD') {
        requireVersion(request)
        await takeOver(resumable)
      }
      const namespace = await namespaceOf(context, request.params.namespace)
      const found = await resumableOf(context, namespace, resumable)
      const upload = await completed(context, namespace, found)
      if (upload.metadata !== '') void reply.header('upload-metadata', upload.metadata)
      void reply.header('cache-control', 'no-store').header('upload-length', upload.bytes)
      return tell(reply, upload).send(await viewOf(context, namespace, upload))
    },
  )
}

const partRoutes: Routes = async (app, { context }) => {
  app.patch(
    '/uploads/resumable/:resumable',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Append to a resumable upload',
        description: `tus 1.0: the body is a part of the file as ${partType}, Upload-Offset where it begins. When the file is complete, Sluice-Upload names the upload it became. ${describedBy}`,
        params,
        response: { 204: nothing, ...failures },
      },
    },
    async (request, reply) => {
      requireVersion(request)
      requirePartType(request)
      const given = bytesIn(request, 'Upload-Offset')
      const namespace = await namespaceOf(context, request.params.namespace)
      await takeOver(request.params.resumable)
      const upload = await resumableOf(context, namespace, request.params.resumable)
      if (given !== upload.offset) throw failure('resumable.offset', { given, offset: upload.offset })
      const after = await take(context, namespace, upload, request, true)
      return tell(reply.code(204), after).send()
    },
  )

  app.delete(
    '/uploads/resumable/:resumable',
    {
      schema: {
        tags: ['uploads'],
        summary: 'Give a resumable upload up',
        description: 'What it became, where it was complete, stays.',
        params,
        response: { 204: nothing, ...failures },
      },
    },
    async (request, reply) => {
      requireVersion(request)
      const namespace = await namespaceOf(context, request.params.namespace)
      await takeOver(request.params.resumable)
      const { id } = await resumableOf(context, namespace, request.params.resumable)
      await dropResumable(context, namespace.name, id)
      return reply.code(204).send(null)
    },
  )
}

/** Throws `resumable.header` and `resumable.too_large` for what cannot be an upload. */
async function begin(context: ApiContext, namespace: Namespace, request: FastifyRequest): Promise<string> {
  if (request.headers['upload-defer-length'] !== undefined)
    throw failure('resumable.header', {
      header: 'Upload-Defer-Length',
      detail: 'the length of the file must be known at the beginning, in Upload-Length',
    })
  const bytes = bytesIn(request, 'Upload-Length')
  if (bytes > caps.inflatedBytes) throw failure('resumable.too_large', { bytes, limit: caps.inflatedBytes })
  const metadata = String(request.headers['upload-metadata'] ?? '')
  const { filename, name } = metadataIn(metadata)
  const fileName = baseName((filename ?? name ?? 'upload').slice(0, 255))
  const id = randomUUID()
  const order = { id, by: whoOf(request), fileName, metadata, bytes }
  await makeResumable(context.database.pool, namespace.id, order)
  return id
}

/** Throws `not_found`, and `resumable.gone` where its time is over and it is about to be removed. */
async function resumableOf(context: ApiContext, namespace: Namespace, id: string): Promise<Resumable> {
  const found = await findResumable(context.database.pool, namespace.id, id)
  if (found === undefined) throw failure('not_found', { noun: 'resumable upload', id })
  if (found.expired) throw failure('resumable.gone', { id, hours: resumableHours })
  return found
}

/** Takes the body, where there is one, and finishes a file that is complete by it. */
async function take(
  context: ApiContext,
  namespace: Namespace,
  upload: Resumable,
  request: FastifyRequest,
  brings: boolean,
): Promise<Resumable> {
  const left = upload.bytes - upload.offset
  if ((contentLength(request) ?? 0) > left)
    throw failure('resumable.header', {
      header: 'Content-Length',
      detail: `only ${left} bytes are left of the ${upload.bytes} that Upload-Length named`,
    })
  const checksum = checksumIn(request)
  if (brings) await appendParts(context, namespace, upload, bodyOf(request), checksum)
  return completed(context, namespace, await resumableOf(context, namespace, upload.id))
}

async function completed(context: ApiContext, namespace: Namespace, upload: Resumable): Promise<Resumable> {
  if (upload.offset < upload.bytes) return upload
  return { ...upload, landing: await finish(context, namespace, upload) }
}

/** What every answer says of an upload. */
function tell(reply: FastifyReply, { offset, expiresAt, landing }: Resumable): FastifyReply {
  void reply.header('upload-offset', offset)
  void reply.header('upload-expires', new Date(expiresAt).toUTCString())
  if (landing !== null) void reply.header('sluice-upload', landing)
  return reply
}

async function viewOf(
  context: ApiContext,
  namespace: Namespace,
  upload: Resumable,
): Promise<ResumableUpload> {
  const { id, fileName, bytes, offset, expiresAt, landing } = upload
  const found = landing === null ? undefined : await findLanding(context.database.pool, namespace, landing)
  const view = found === undefined || landing === null ? null : uploadView(landing, found)
  return { id, fileName, bytes, offset, expiresAt, upload: view }
}
