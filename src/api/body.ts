// Bodies that are files: never parsed, read as a stream, and honest about how they are packed.
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { failure } from '../core/problems.ts'
import { compressionOf } from '../formats/compression.ts'
import { peek } from '../formats/peek.ts'

/** From here on the bodies of a plugin's routes are streams, whatever the caller says they are. */
export function takeStreams(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
}

/**
 * A caller who goes away in mid-upload is no fault of ours or of the database. What nobody wants to read any more is
 * read to its end all the same: a connection that is cut could not be told why.
 */
async function* unbroken(source: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw failure('upload.broken', { detail: (error as Error).message }, { cause: error })
  } finally {
    source.resume()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

type Stream = AsyncIterable<Uint8Array>

const taps = new WeakMap<FastifyRequest, () => Stream>()

/** Has the route read the body through somebody who counts along. */
export function tapBody(request: FastifyRequest, content: () => Stream): void {
  taps.set(request, content)
}

/** Whether the body is a file, which only its route reads. */
export function isStream({ body }: FastifyRequest): boolean {
  return typeof body === 'object' && body !== null && 'pipe' in body
}

/** The body of a request as it comes in; empty where there is none. Throws `upload.broken` while it is read. */
export function bodyOf(request: FastifyRequest): Stream {
  const tapped = taps.get(request)
  if (tapped !== undefined) return tapped()
  const { body } = request
  return body === undefined || body === null ? nothing() : unbroken(body as Readable)
}

/**
 * A body that is one file. Throws `bulk.form`, `bulk.encoding_unknown`, `bulk.encoding_differs`, and `file.empty` before
 * anything of it is kept.
 */
export async function fileIn(request: FastifyRequest): Promise<Stream> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  if (/^multipart\//i.test(type)) throw failure('bulk.form')
  const said = encoding.trim().toLowerCase().replace(/^x-/, '')
  if (!['identity', 'gzip', 'zstd'].includes(said)) throw failure('bulk.encoding_unknown', { encoding })
  const { sample, content, close } = await peek(bodyOf(request), 4)
  try {
    if (sample.length === 0) throw failure('file.empty')
    const found = compressionOf(sample)
    if (said !== 'identity' && found !== said)
      throw failure('bulk.encoding_differs', { encoding, found: found === 'none' ? 'a plain file' : found })
  } catch (error) {
    await close()
    throw error
  }
  return content
}
