// Files whose content is fixed, whole or a part of them: Range, If-Range and If-None-Match (RFC 9110 sections 13 and 14).
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import type { BlobStore } from '../blobs/store.ts'
import { failure } from '../core/problems.ts'

/** A file whose bytes never change under its tag. */
export interface FixedFile {
  /** What tells it from every other content, without quotes. */
  readonly tag: string
  readonly bytes: number
  readonly type: string
  /** What a browser saves it as; without it, it is shown. */
  readonly fileName?: string
  /** The bytes from `start` to before `end`. */
  readonly read: (start: number, end: number) => AsyncIterable<Uint8Array>
}

/** First byte, and the one after the last. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Response schemas of a route that answers such a file. */
export const fileAnswers = {
  200: z.unknown().meta({ description: 'The whole file.' }),
  206: z.unknown().meta({ description: 'The part that the header Range asked for.' }),
  304: z.null().meta({ description: 'It is still what If-None-Match names.' }),
} as const

const blockBytes = 256 * 1024

/**
 * What a Range header asks for of so many bytes: a part; `whole`, where it asks for nothing we give (several ranges,
 * another unit, a header that is written wrong: RFC 9110 has them all ignored); `none`, where the file has no such part.
 */
export function rangeIn(header: string | undefined, bytes: number): ByteRange | 'whole' | 'none' {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return 'whole'
  if (first === '') {
    const length = Math.min(Number(last), bytes)
    return length === 0 ? 'none' : { start: bytes - length, end: bytes }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return 'whole'
  if (start >= bytes) return 'none'
  return { start, end: last === '' ? bytes : Math.min(Number(last) + 1, bytes) }
}

/** Whether a list of tags (If-None-Match) has this one; `*` has every one. Weak tags count (RFC 9110 section 13.1.2). */
export function namesTag(list: string | undefined, tag: string): boolean {
  if (list === undefined) return false
  const bare = (one: string): string => one.trim().replace(/^W\//, '')
  return list.split(',').some((one) => one.trim() === '*' || bare(one) === bare(tag))
}

/** Answers the file, or the part that was asked for. Throws `range.unsatisfiable`. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: FixedFile): FastifyReply {
  const etag = `"${file.tag}"`
  void reply.header('etag', etag).header('accept-ranges', 'bytes')
  if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send(null)
  const { 'if-range': onlyIf, range } = request.headers
  // A date is none of our tags: nobody could tell by it whether the file is the same.
  const asked = onlyIf === undefined || onlyIf === etag ? range : undefined
  const found = request.method === 'GET' ? rangeIn(asked, file.bytes) : 'whole'
  if (found === 'none') {
    void reply.header('content-range', `bytes */${file.bytes}`)
    throw failure('range.unsatisfiable', { range: range ?? '', bytes: file.bytes })
  }
  const { start, end } = found === 'whole' ? { start: 0, end: file.bytes } : found
  if (found !== 'whole')
    void reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${file.bytes}`)
  if (file.fileName !== undefined)
    void reply.header('content-disposition', `attachment; filename="${file.fileName}"`)
  void reply.type(file.type).header('content-length', end - start)
  return reply.send(Readable.from(file.read(start, end), { objectMode: false }))
}

/** A part of a blob, in blocks. */
export async function* blobPart(
  store: BlobStore,
  key: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end;) {
    const block = await store.read(key, at, Math.min(blockBytes, end - at))
    if (block.length === 0) return
    yield block
    at += block.length
  }
}

/** A part of the content of a landing; only the frames that hold it are read. */
export async function* landingPart(
  store: BlobStore,
  manifest: LandingManifest,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let left = end - start
  if (left <= 0) return
  for await (const block of readLanding(store, manifest, start)) {
    yield left < block.length ? block.subarray(0, left) : block
    left -= block.length
    if (left <= 0) return
  }
}
