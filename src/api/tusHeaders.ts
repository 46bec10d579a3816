// The headers of tus 1.0: what a caller says of an upload, checked. See https://tus.io/protocols/resumable-upload
import { createHash, type Hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { failure } from '../core/problems.ts'

export const tusVersion = '1.0.0'
export const tusExtensions = 'creation,creation-with-upload,termination,expiration,checksum'
export const tusAlgorithms = ['sha1', 'sha256', 'md5'] as const
/** How the content of a part is called. */
export const partType = 'application/offset+octet-stream'

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Throws `resumable.version` where the caller speaks another version. */
export function requireVersion(request: FastifyRequest): void {
  const given = headerOf(request, 'tus-resumable')
  if (given !== tusVersion)
    throw failure('resumable.version', { version: tusVersion, given: given ?? 'nothing' })
}

/** A number of bytes. Throws `resumable.header` where there is none, or something else. */
export function bytesIn(request: FastifyRequest, header: 'Upload-Length' | 'Upload-Offset'): number {
  const text = headerOf(request, header.toLowerCase())
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  const detail = text === undefined ? 'it is missing' : 'it takes a number of bytes'
  throw failure('resumable.header', { header, detail })
}

/** Bytes that follow in this request, where it says so. */
export function contentLength(request: FastifyRequest): number | null {
  const text = headerOf(request, 'content-length')
  return text === undefined ? null : Number(text)
}

/** Throws `resumable.type` where a part comes as something else. */
export function requirePartType(request: FastifyRequest): void {
  const given = headerOf(request, 'content-type') ?? 'nothing'
  if (given.split(';')[0]!.trim().toLowerCase() !== partType) throw failure('resumable.type', { given })
}

/** `filename d29ybGQ=,private` → { filename: 'world', private: '' }. Throws `resumable.header`. */
export function metadataIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value = ''] =
        /^\s*([\x21-\x2b\x2d-\x7e]+)(?: +([A-Za-z0-9+/]*={0,2}))?\s*$/.exec(pair) ?? []
      if (name === undefined)
        throw failure('resumable.header', {
          header: 'Upload-Metadata',
          detail: 'it takes pairs of a name and a value in Base64, with commas between them',
        })
      return [name, Buffer.from(value, 'base64').toString('utf8')]
    }),
  )
}

export interface Checksum {
  readonly hash: Hash
  /** Base64. */
  readonly wanted: string
}

/** What the part must hash to; null: nothing is said. Throws `resumable.header`. */
export function checksumIn(request: FastifyRequest): Checksum | null {
  const text = headerOf(request, 'upload-checksum')
  if (text === undefined) return null
  const [name = '', wanted = ''] = text.trim().split(/ +/)
  const algorithm = tusAlgorithms.find((one) => one === name.toLowerCase())
  if (algorithm === undefined || wanted === '')
    throw failure('resumable.header', {
      header: 'Upload-Checksum',
      detail: `it takes one of ${tusAlgorithms.join(', ')}, a blank, and the checksum in Base64`,
    })
  return { hash: createHash(algorithm), wanted }
}
